"""An activity may be written as Markdown, and is then the same activity."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec import UNSET

from tests.activities import packs, zips
from tests.activities.packfile.generated import any_source
from yema.activities.pack.source import BlockDraft, PackSource
from yema.activities.packfile import PackFault, read_pack
from yema.activities.packfile.markdown_form import load_markdown
from yema.activities.packfile.writing import files_of, zipped


def _markdown(yaml: bytes, blocks: list[BlockDraft]) -> bytes:
    """The same activity as Markdown."""
    return b"---\n" + yaml.partition(b"blocks:\n")[0] + b"---\n" + "\n".join(_lines(blocks)).encode()


def _lines(blocks: list[BlockDraft]) -> Iterator[str]:
    for block in blocks:
        more = [f"{block.minutes} min"] if block.minutes is not UNSET else []
        if block.per is not UNSET:
            assert block.quantity is not UNSET
            more.append(f"{block.quantity:.17f} {'in total' if block.per == 'total' else f'per {block.per}'}")
        yield f"## {block.kind}: {block.key}" + (f" ({', '.join(more)})" if more else "")
        yield ""
        yield "\n".join(f"\\{line}" if line.lstrip("\\").startswith("##") else line for line in block.text.split("\n"))
        yield ""


@given(any_source())
@settings(max_examples=60, deadline=None)
def test_the_texts_come_back(source: PackSource) -> None:
    files = files_of(source)
    for activity in source.activities:
        yaml = files[f"activities/{activity.slug}.yaml"]

        found = load_markdown("a.md", _markdown(yaml, activity.blocks))["blocks"]

        assert [(b["kind"], b["key"], b["text"]) for b in found] == [(b.kind, b.key, b.text) for b in activity.blocks]


def test_a_pack_in_markdown_is_the_same_pack() -> None:
    source = read_pack(packs.STARTER)
    files = files_of(source)
    for activity in source.activities:
        yaml = files.pop(f"activities/{activity.slug}.yaml")
        files[f"activities/{activity.slug}.md"] = _markdown(yaml, activity.blocks)

    assert zips.read(zipped(files)).source == source


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id: x", "line 1: an activity in Markdown begins with --- and its fields"),
        ("---\nid: x", "the --- behind the fields is missing"),
        ("---\nblocks: []\n---", "between the --- stand the fields of the activity, and no blocks"),
        ("---\n- x\n---", "between the --- stand the fields of the activity, and no blocks"),
        ("---\nid: [\n---", "line 3: this is not YAML"),
        ("---\nid: x\n---\ntext", "line 4: this text stands under no heading"),
        ("---\nid: x\n---\n## Step: x", "line 4: a heading is like"),
        ("---\nid: x\n---\n### step", "line 4: a heading is like"),
        ("---\nid: x\n---\n## step: a (5 min, 6 min)", "line 4: minutes stands twice"),
        ("---\nid: x\nid: y\n---\n", "line 3: id stands twice"),
    ],
)
def test_a_fault_in_markdown_is_named_with_its_line(text: str, why: str) -> None:
    with pytest.raises(PackFault) as caught:
        load_markdown("activities/a.md", text.encode())

    assert str(caught.value).startswith(f"activities/a.md: {why}")


def test_a_heading_says_minutes_amounts_and_media(tmp_path: Path) -> None:
    headings = "## title\n\nA\n\n## step: s (5 min)\nx\n## material: m (0.5 in total)\nx\n## picture: p (x.jpg)\nx\n"

    found = load_markdown("a.md", f"---\nid: x\n---\n{headings}".encode())["blocks"]

    assert found == [
        {"kind": "title", "key": "title", "text": "A"},
        {"kind": "step", "key": "s", "minutes": 5, "text": "x"},
        {"kind": "material", "key": "m", "quantity": 0.5, "per": "total", "text": "x"},
        {"kind": "picture", "key": "p", "media": "x.jpg", "text": "x"},
    ]
