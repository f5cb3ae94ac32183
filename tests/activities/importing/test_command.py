"""`yema pack`: what changes is said first, and every failure is one sentence."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.activities import packs, zips
from yema.activities.packfile import read_pack
from yema.cli import yema
from yema.cli.shared import Trouble


def run(data: Path, *arguments: object) -> Result:
    return CliRunner().invoke(
        yema, ["pack", *map(str, arguments), *(["--data", str(data)] if arguments[0] != "validate" else [])]
    )


def trouble(result: Result) -> str:
    assert isinstance(result.exception, Trouble)
    return str(result.exception)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = packs.folder(tmp_path, packs.activity("a"), packs.activity("b"))
    packs.po(place, "pl", a__title=("a", "Ą"))
    return place


def test_a_pack_goes_in_and_comes_out_the_same(tmp_path: Path, place: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out.zip"

    brought, taken = run(data, "import", place), run(data, "export", "small", out)

    assert brought.output.splitlines() == [
        "small is new; languages: en, pl.", "  new: a",
         "  new: b", "  texts in en: 6", "  texts in pl: 1", "2 of 2 activities", "small: version 1 is published.",
    ]  # fmt: skip
    assert taken.output == f"{out}: version 1 of small.\n"
    assert read_pack(out) == read_pack(place)
    assert run(data, "validate", out).output == "small: 2 activities in en, pl.\n"


def test_a_dry_run_says_what_would_change(tmp_path: Path, place: Path) -> None:
    data = tmp_path / "data"
    run(data, "import", place)
    packs.edit(place / "activities" / "a.yaml", energy="calm")

    dry = run(data, "import", "--dry-run", place)
    again = run(data, "import", "--no-publish", place)

    said = ["small is there already; languages: en, pl.", "  changed: a"]
    assert dry.output.splitlines() == [*said, "small: nothing was changed."]
    assert again.output.splitlines() == [*said, "2 of 2 activities", "small: it is in the workshop."]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["import", "--private", "PLACE"], "Nobody could read this pack. Name the organisation for which it is with --organisation."),
        (["import", "--organisation", "Nobody", "PLACE"], "There is no organisation of that name. Use the id."),
        (["export", "nothing", "OUT"], "There is no pack nothing."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(tmp_path: Path, place: Path, arguments: list[str], why: str) -> None:
    named = {"PLACE": str(place), "OUT": str(tmp_path / "out.zip")}

    assert trouble(run(tmp_path / "data", *(named.get(one, one) for one in arguments))) == why


def test_a_version_that_is_not_there_is_said_and_leaves_no_file(tmp_path: Path, place: Path) -> None:
    run(tmp_path / "data", "import", place)

    told = trouble(run(tmp_path / "data", "export", "small", tmp_path / "out.zip", "--version", "7"))

    assert told == "There is nothing here."
    assert list(tmp_path.glob("out*")) == []


def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, place: Path) -> None:
    file = tmp_path / "bad.zip"
    file.write_bytes(zips.zipped(zips.files_in(place))[:-5])

    said = [trouble(run(tmp_path / "data", command, file)) for command in ("validate", "import")]

    assert said == ["pack file: the ZIP file is cut off, or something stands behind its end"] * 2
    assert not (tmp_path / "data").exists()
