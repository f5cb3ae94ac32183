"""What is wrong in the files of a pack is refused in one sentence, with the line; so is a file that does not fit the others."""

from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from tests.activities import packs, zips
from tests.activities.packfile.test_hostile import Files, fault
from tests.measuring import cpu_seconds
from yema.activities.pack.source import BlockDraft, PackTexts, Translation
from yema.activities.packfile import PackFault, read_pack
from yema.activities.packfile.writing import files_of, zipped
from yema.activities.translating.po import REASONS, TOO_MANY

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 20


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return zips.files_in(packs.folder(tmp_path, packs.activity("a")))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("media/x.jpg", JPEG, "media/x.jpg: no block shows this"),
        ("activities/b.yaml", b"", "activities/b.yaml: pack.yaml does not list this activity"),
        ("activities/a.md", b"", "activities/a.yaml: activities/a.md is the same activity"),
        ("po/pl.po", 'msgid ""\n'.encode("utf-16"), "po/pl.po: this is written in UTF-16; please save it as UTF-8"),
        ("po/pl.po", b'msgid "\xff"\nmsgstr ""', "po/pl.po: line 1: this is not written in UTF-8"),
        ("po/pl.po", b"\n" * 1_600_000, f"po/pl.po: line 1: {TOO_MANY}"),
        ("po/pl.po", b'msgid "x"\nmsgstr "y"', "po/pl.po: line 1: It has no msgctxt, so nobody knows which text it is."),
        ("po/pl.po", b'msgid ""\nmsgstr "charset=latin-1"', "po/pl.po: line 1: This file says that it is not UTF-8."),
        ("po/pl.po", b'msgid ""\nmsgstr "Language: de\\n"', "po/pl.po: line 1: This file says that it is in de."),
        ("po/../x", b"", "po/../x: this name leads out of the pack"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_the_others_is_refused(files: Files, name: str, content: bytes, why: str) -> None:
    assert fault(zips.zipped({**files, name: content})) == why


def test_a_text_stands_once_in_a_po_file(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "A"))
    path = place / "po" / "pl.po"
    header, entry = path.read_text("utf-8").split("msgctxt")
    path.write_text(f"{header}msgctxt{entry}\nmsgctxt{entry}", "utf-8")

    assert fault(zips.zipped(zips.files_in(place))).endswith(": line 10: This context stands in line 6 already.")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "A"\nmsgstr[1] "B"\n', REASONS["plural"]),
        ('msgid "a"\nmsgstr "A\\000"\n', REASONS["nul"]),
    ],
)
def test_an_entry_that_no_pack_can_have_is_refused(tmp_path: Path, entry: str, why: str) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "A"))
    path = place / "po" / "pl.po"
    path.write_text(path.read_text("utf-8").partition('msgid "a"')[0] + entry, "utf-8")

    assert fault(zips.zipped(zips.files_in(place))) == f"po/pl.po: line 6: {why}"


@pytest.mark.parametrize("mark", ["#, fuzzy\n", "#~ "])
def test_what_is_not_done_is_left_out_in_silence(tmp_path: Path, mark: str) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "A"))
    path = place / "po" / "pl.po"
    header, entry = path.read_text("utf-8").split("msgctxt")
    lines = f"msgctxt{entry}".strip().split("\n")
    marked = [mark + lines[0], *lines[1:]] if mark.endswith("\n") else [mark + line for line in lines]
    path.write_text(header + "\n".join(marked) + "\n", "utf-8")

    assert read_pack(place).translations == {}


def test_a_stale_text_stays_stale_in_a_pack_file(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("old", "A"))

    [kept] = zips.read(zipped(files_of(read_pack(place)))).source.translations["pl"].values()

    assert kept == Translation(text="A", source="old")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: *x", "line 1: a pack has no anchors and aliases (& and *)"),
        ("a: *x", "line 1: a pack has no anchors and aliases (& and *)"),
        ("a: !!python/object/apply:os.system [x]", "line 1: a pack has no tags (!)"),
        ("a: !x y", "line 1: a pack has no tags (!)"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "line 1: a pack needs no directives of YAML"),
        ("a: 1\na: 2", "line 2: a stands twice"),
        ("a: 1\n--- \nb: 1", "line 2: there is a second document in this file"),
        ("[" * 100_000, "line 1: this is nested too deeply"),
        ("- " * 100_000 + "x", "line 1: this is nested too deeply"),
        ("? {a: 1}\n: b", "line 1: this is no name of a field"),
        ("x" * 200 + ": 1", "line 1: this is no name of a field"),
        ("a: [" + "1," * 30_000 + "]", "line 1: there is too much in this file"),
        ("a: [", "this is not YAML"),
    ],
)
def test_yaml_is_read_in_its_plainest_form(files: Files, text: str, why: str) -> None:
    archive = zips.zipped({**files, "activities/a.yaml": text.encode()})
    told: list[str] = []

    seconds = cpu_seconds(lambda: told.append(fault(archive)))

    assert why in told[0]
    assert told[0].startswith("activities/a.yaml: ")
    assert seconds < 2


def test_a_file_from_windows_is_the_same(files: Files) -> None:
    windows = {name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for name, content in files.items()}

    assert zips.read(zips.zipped(windows)).source == zips.read(zips.zipped(files)).source


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    (place / "po" / "pl.po").symlink_to("/etc/passwd")

    with pytest.raises(PackFault) as caught:
        read_pack(place)

    assert str(caught.value) == "po/pl.po: this is a link or something else that is no file"


def test_what_is_hidden_in_a_folder_is_no_part_of_the_pack(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    (place / ".git").mkdir()
    (place / "activities" / ".a.yaml.swp").write_bytes(b"x")

    assert read_pack(place).head.slug == "small"


def _showing(tmp_path: Path, kind: str, name: str) -> Files:
    block = {"key": "x", "kind": kind, "text": "x", "media": name}
    blocks = [*packs.activity("a")["blocks"], block]
    return zips.files_in(packs.folder(tmp_path, packs.activity("a", blocks=blocks)))


@pytest.mark.parametrize(
    ("kind", "name", "content", "why"),
    [
        ("picture", "x.jpg", None, "activities/a: block x: media/x.jpg is missing"),
        ("sound", "x.jpg", JPEG, "activities/a: block x: a sound does not show media/x.jpg"),
        (
            "picture",
            "x.jpg",
            b"%PDF-1.7 and more",
            "media/x.jpg: the name says that this is a picture, and it is a paper",
        ),
        ("picture", "x.jpg", b"<svg onload=x>", "media/x.jpg: this is no picture, PDF or sound that we know"),
        ("picture", "x.jpg", b"", "media/x.jpg: this is no picture, PDF or sound that we know"),
    ],
)
def test_media_and_blocks_fit_each_other(tmp_path: Path, kind: str, name: str, content: bytes | None, why: str) -> None:
    files = _showing(tmp_path, kind, name)
    if content is not None:
        files[f"media/{name}"] = content

    assert fault(zips.zipped(files)) == why


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (BlockDraft, {"key": "a", "kind": "step", "text": "\n a\r\n\rb \x85"}),
        (Translation, {"text": "\n a\r\n\rb \x85", "source": " \r"}),
        (PackTexts, {"title": "\n a\r\n\rb \x85", "summary": "x"}),
    ],
)
def test_texts_never_have_what_po_would_lose(kind: type[Struct], fields: dict[str, str]) -> None:
    given = [
        getattr(one, next(name for name in ("text", "title") if name in fields))
        for one in (kind(**fields), msgspec.convert(fields, kind), msgspec.structs.replace(kind(**fields), **fields))
    ]

    assert given == ["a\n\nb"] * 3
