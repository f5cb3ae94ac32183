"""A pack is read whole, or its author hears which file is wrong, and where."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.activities import packs
from yema.activities.packfile import PackFault, read_pack
from yema.cli import yema
from yema.cli.shared import Trouble


def _fault(place: Path) -> str:
    with pytest.raises(PackFault) as caught:
        read_pack(place)
    return str(caught.value)


def test_the_starter_pack_is_read_whole() -> None:
    source = read_pack(packs.STARTER)

    assert source.head.activities == [activity.slug for activity in source.activities]
    assert sorted(source.translations) == ["ar", "de", "es", "fr", "it", "pl", "uk"]


def test_white_space_around_a_text_does_not_count(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a", blocks=[]))
    path = place / "activities" / "a.yaml"
    fields = path.read_text("utf-8").replace("blocks: []\n", "")
    title = '- {key: title, kind: title, text: " Tag "}'
    summary = "- key: summary\n  kind: summary\n  text: |\n\n    x\n\n    y\n\n"
    path.write_text(f"{fields}\nblocks:\n{title}\n{summary}", "utf-8")

    [found] = read_pack(place).activities

    assert [block.text for block in found.blocks] == ["Tag", "x\n\ny"]


def _block(key: str, kind: str = "step", **fields: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "text": "x", **fields}


TITLE, SUMMARY = _block("title", "title"), _block("summary", "summary")


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([TITLE, SUMMARY, _block("a"), _block("a")], "block keys stand twice: a"),
        ([SUMMARY, _block("a")], "there must be exactly one block of kind title"),
        ([TITLE, _block("title-2", "title"), SUMMARY], "there must be exactly one block of kind title"),
        ([TITLE, _block("a")], "there must be exactly one block of kind summary"),
        ([TITLE, SUMMARY, _block("a", "tip", minutes=5)], "block a: only a step has minutes"),
        ([TITLE, SUMMARY, _block("a", "material")], "block a: a material, and nothing else, has quantity and per"),
        ([TITLE, SUMMARY, _block("a", per="group")], "block a: a material, and nothing else, has quantity and per"),
        (
            [TITLE, SUMMARY, _block("a", text=" \n")],
            r"Expected `str` matching regex '^\\s*[^\\s\\x00][^\\x00]*$' - at `$.blocks[2].text`",
        ),
        ([TITLE, SUMMARY, _block("a", text="")], "Expected `str` of length >= 1 - at `$.blocks[2].text`"),
        ([TITLE, SUMMARY, _block("a", mood=1)], "Object contains unknown field `mood` - at `$.blocks[2]`"),
        ([TITLE, SUMMARY, _block("a", "party")], "Invalid enum value 'party' - at `$.blocks[2].kind`"),
        ([TITLE], "Expected `array` of length >= 2 - at `$.blocks`"),
    ],
)
def test_a_fault_of_a_block_is_named_with_its_file(tmp_path: Path, blocks: list[dict[str, Any]], fault: str) -> None:
    place = packs.folder(tmp_path, packs.activity("a", blocks=blocks))

    assert _fault(place) == f"activities/a.yaml: {fault}"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"group_size": {"min": 9, "max": 8}}, "group_size: min is more than max"),
        ({"minutes": {"min": 9, "max": 8}}, "minutes: min is more than max"),
        ({"complexity": 5}, "Expected `int` <= 4 - at `$.complexity`"),
        ({"age_from": "12"}, "Expected `int`, got `str` - at `$.age_from`"),
        ({"settings": []}, "Expected `array` of length >= 1 - at `$.settings`"),
        ({"colour": "blue"}, "Object contains unknown field `colour`"),
        ({"id": "x"}, "Invalid UUID - at `$.id`"),
        ({"method": None}, "Expected `str`, got `null` - at `$.method`"),
    ],
)
def test_a_fault_of_a_field_is_named_with_its_file(tmp_path: Path, fields: dict[str, Any], fault: str) -> None:
    place = packs.folder(tmp_path, packs.activity("a", **fields))

    assert _fault(place) == f"activities/a.yaml: {fault}"


def test_a_file_must_have_the_name_of_its_activity(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.edit(place / "activities" / "a.yaml", slug="b")

    assert _fault(place) == "activities/a.yaml: slug is b, the file says a"


def test_an_activity_that_is_listed_must_be_there(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"), activities=["a", "b"])

    assert _fault(place) == "activities/b.yaml: this file is missing, and pack.yaml lists it"


def test_a_pack_without_a_head_is_no_pack(tmp_path: Path) -> None:
    assert _fault(tmp_path) == "pack.yaml: this file is missing; it stands at the top of the pack, in no folder"


def test_an_activity_is_listed_once(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"), activities=["a", "a"])

    assert _fault(place) == "pack.yaml: activities stand twice: a"


def test_two_activities_have_two_ids(tmp_path: Path) -> None:
    first = packs.activity("a")

    place = packs.folder(tmp_path, first, packs.activity("b", id=first["id"]))

    assert _fault(place) == "activities/b.yaml: its id is that of activities/a.yaml"


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "\t- x",
        "a: !!python/object:os.system x",
        "when: 2027-02-31",
        "a: &a [*a]",
        "[" * 5000,
        "{1: 2}",
        "- a",
        "",
        "a: \x00",
    ],
)
def test_bad_yaml_is_a_sentence_with_the_file(tmp_path: Path, text: str) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    (place / "activities" / "a.yaml").write_text(text, "utf-8")

    assert _fault(place).startswith("activities/a.yaml")


def test_bytes_that_are_no_utf_8_are_a_sentence_with_the_file(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    (place / "pack.yaml").write_bytes(b"slug: \xff\xfe")

    assert _fault(place) == "pack.yaml: line 1: this is not written in UTF-8"


def test_a_translation_of_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "A"), a__gone=("x", "y"))

    assert _fault(place) == "po/pl.po: line 10: This pack has no such text any more."


@pytest.mark.parametrize("name", ["xx", "PL", "pl_PL", "polish", "zz-ZZ"])
def test_a_language_that_nobody_knows_is_refused(tmp_path: Path, name: str) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, name, a__title=("a", "A"))

    assert _fault(place) == f"po/{name}.po: {name} is not a language that we know"


def test_the_language_of_the_pack_needs_no_translation(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "en", a__title=("a", "A"))

    assert _fault(place) == "po/en.po: en is the language that the pack is written in"


def test_a_po_file_that_cannot_be_read_is_a_sentence_with_the_file(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    (place / "po" / "pl.po").write_text('msgid "x\nnonsense', "utf-8")

    assert _fault(place).startswith("po/pl.po: ")


@pytest.mark.parametrize(("context", "length"), [("a__title", 10_001), ("pack__title", 201)])
def test_a_translation_has_the_bounds_of_its_text(tmp_path: Path, context: str, length: int) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", **{context: ("x", "x" * length)})

    assert _fault(place) == "po/pl.po: line 6: It is too long."


def test_a_translation_that_is_not_done_is_left_out(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "A"), a__summary=("Short.", ""))
    path = place / "po" / "pl.po"
    path.write_text(path.read_text("utf-8").replace("\nmsgctxt", "\n#, fuzzy\nmsgctxt", 1), "utf-8")

    assert read_pack(place).translations == {}


def test_validate_says_what_is_in_the_pack() -> None:
    result = CliRunner().invoke(yema, ["pack", "validate", str(packs.STARTER)])

    assert (result.exit_code, result.output) == (0, "first-days: 10 activities in en, ar, de, es, fr, it, pl, uk.\n")


def test_validate_says_what_is_wrong(tmp_path: Path) -> None:
    place = packs.copy(tmp_path)
    packs.edit(place / "activities" / "aqueduct.yaml", colour="blue")

    result = CliRunner().invoke(yema, ["pack", "validate", str(place)])

    assert isinstance(result.exception, Trouble)
    assert str(result.exception) == "activities/aqueduct.yaml: Object contains unknown field `colour`"
