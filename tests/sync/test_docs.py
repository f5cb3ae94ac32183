"""docs/sync.md is for people who cannot ask us: what it names is there, and what it shows is what the server says."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from tests.sync import recorded_world as world
from tests.sync.recorder import JSON
from tests.sync.recording import PAIRS, recorded, tell
from yema import errors
from yema.activities.schemas.library import SyncedPackView
from yema.app import BODY_BYTES_MAX, KINDS, create_app
from yema.changes import SpaceKind
from yema.changes.once import MUTATIONS_KEPT
from yema.changes.sweeping import TOMBSTONES_KEPT
from yema.exchanges.errors import WaitsForApproval
from yema.exchanges.schemas.care.attendance import AttendanceState
from yema.exchanges.schemas.plan.packs import PlannedPackView
from yema.exchanges.schemas.plan.plan import Scope
from yema.http import invalid
from yema.http.openapi import document
from yema.journals.schemas import TEXT_BYTES_MAX, SharedWith
from yema.settings import Settings
from yema.sync import pull, schemas

PAGE = (PAIRS.parent / "sync.md").read_text("utf-8")
AGAIN = "What the server says has changed; look at it, then: python -m tests.sync.recording"
FENCES = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
NAMED = set(re.findall(r"`([a-z_]+)`", PAGE))


def codes_below(heading: str) -> set[str]:
    """The codes in the table of one section."""
    section = re.split(r"\n#+ ", PAGE.partition(f"\n{heading}\n")[2])[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")]
    column = [cell.strip() for cell in rows[0]].index("code")
    cells = [row[column] for row in rows]
    return {code for cell in cells for code in re.findall(r"`([a-z_]+)`", cell)}


def kinds_of_error(kind: type[errors.YemaError] = errors.YemaError) -> Iterator[type[errors.YemaError]]:
    yield kind
    for lower in kind.__subclasses__():
        yield from kinds_of_error(lower)


def problems_in(said: Any) -> Iterator[JSON]:
    if isinstance(said, list):
        for one in said:
            yield from problems_in(one)
    elif isinstance(said, dict):
        if str(said.get("type", "")).startswith("urn:yema:problem:"):
            yield said
        for one in said.values():
            yield from problems_in(one)


@cache
def types() -> JSON:
    """The types of the OpenAPI document, by their names."""
    found: JSON = document(create_app(Settings()))["components"]["schemas"]
    return found


def words(view: type, field: str) -> set[str]:
    """What may stand in a field."""
    return set(get_args(get_type_hints(view)[field]))


ALSO = [{"properties": view.__struct_fields__} for view in (schemas.MutationDraft, SyncedPackView, PlannedPackView)]
SPOKEN = (
    (schemas.ResultView, "status"),
    (schemas.MutationDraft, "op"),
    (schemas.ChangeView, "op"),
    (schemas.SpaceView, "state"),
)
OURS = {"as", "fetch", "store", "transaction"}
"""What the page calls by a name of its own: a field of the pairs, words of the sketches."""

TEMPORARY = {kind.code for kind in kinds_of_error() if kind.temporary}
CODES = {kind.code for kind in kinds_of_error()}


async def test_the_recorded_pairs_are_what_the_server_says(house: Settings, tmp_path: Path) -> None:
    app = world.app_of_the_story(house)

    told = await tell(app, tmp_path)

    await app.close()
    before = recorded()
    assert [name for name in told if told[name] != before.get(name)] == [], AGAIN
    assert list(told) == list(before), AGAIN


def test_every_pair_is_shown_on_the_page_and_nothing_else() -> None:
    assert sorted(set(re.findall(r"\(sync/([\w-]+)\.json\)", PAGE))) == sorted(recorded())


def test_the_pairs_show_every_status_state_and_op() -> None:
    said = [pair["answer"]["body"] for pair in recorded().values()]
    shown = {result["status"] for answer in said for result in answer.get("results", [])}
    shown |= {space["state"] for answer in said for space in answer.get("spaces", [])}
    shown |= {change["op"] for answer in said for change in answer.get("changes", [])}

    assert shown == words(schemas.ResultView, "status") | words(schemas.SpaceView, "state") | words(
        schemas.ChangeView, "op"
    )


def test_every_code_that_is_refused_for_good_exists_and_is_not_temporary() -> None:
    assert codes_below("### Codes of `rejected`") <= CODES - TEMPORARY


def test_every_code_that_has_to_wait_exists_and_is_temporary() -> None:
    """A fault of ours is `later` too, though it is no temporary kind of error."""
    assert codes_below("### Codes of `later`") - {errors.YemaError.code} <= TEMPORARY


def test_every_code_of_a_status_exists() -> None:
    assert codes_below("## HTTP statuses") <= CODES


def test_the_codes_of_fields_are_those_that_the_server_gives() -> None:
    section = PAGE.partition("\n### Codes of a field\n")[2].partition("\n## ")[0]
    table = "".join(line for line in section.splitlines() if line.startswith("|"))
    assert set(re.findall(r"`([a-z_]+)`", table)) == {rule.code for rule in invalid._RULES} | {invalid._OTHERWISE.code}


def test_every_code_that_was_recorded_is_explained() -> None:
    problems = list(problems_in(list(recorded().values())))
    fields = {error["code"] for problem in problems for error in problem.get("errors", [])}

    assert {problem["code"] for problem in problems} | fields <= NAMED


def test_codes_of_journals_and_of_waiting_are_explained() -> None:
    ours = {kind.code for kind in kinds_of_error() if kind.__module__ in ("yema.journals.errors", "yema.sync.errors")}

    assert ours | {WaitsForApproval.code} <= NAMED


@pytest.mark.parametrize(("view", "field"), SPOKEN)
def test_every_word_of_the_schemas_is_named(view: type, field: str) -> None:
    assert words(view, field) <= NAMED


VIEWS = (
    schemas.PullDraft,
    schemas.PullView,
    schemas.ChangeView,
    schemas.SpaceView,
    schemas.MutationDraft,
    schemas.ResultView,
)


@pytest.mark.parametrize("view", VIEWS)
def test_every_field_of_a_request_and_an_answer_is_named(view: Any) -> None:
    assert set(view.__struct_fields__) <= set(re.findall(r"\w+", PAGE))


def test_every_type_that_is_named_is_in_the_document() -> None:
    assert set(re.findall(r"`(\w+(?:View|Draft|Change))`", PAGE)) <= types().keys()


def test_no_name_on_the_page_is_made_up() -> None:
    codes = CODES | {rule.code for rule in invalid._RULES}
    fields = {field for view in (*types().values(), *ALSO) for field in view["properties"]}
    spoken = {word for view, field in SPOKEN for word in words(view, field)} | set(get_args(SharedWith))
    spoken |= {*get_args(Scope), *get_args(AttendanceState)}
    kinds = {*KINDS.pulled, *(kind for kind, _ in KINDS.pushed), *get_args(SpaceKind)}

    assert NAMED - codes - fields - spoken - kinds == OURS


def test_every_kind_that_phones_pull_or_push_is_named() -> None:
    assert KINDS.pulled.keys() | {kind for kind, _ in KINDS.pushed} <= NAMED


def test_every_kind_of_space_is_named() -> None:
    assert set(get_args(SpaceKind)) <= NAMED


@pytest.mark.parametrize("snippet", [text for language, text in FENCES if language == "json"])
def test_every_snippet_of_json_can_be_read(snippet: str) -> None:
    assert isinstance(json.loads(snippet), dict)


def test_every_sketch_is_shorter_than_forty_lines() -> None:
    lengths = {language: text.count("\n") for language, text in FENCES if language in ("kotlin", "swift", "typescript")}

    assert {language: length < 40 for language, length in lengths.items()} == {
        "kotlin": True,
        "swift": True,
        "typescript": True,
    }


@pytest.mark.parametrize(
    "said",
    [
        f"{schemas.CHANGES_DEFAULT} unless you say otherwise, {schemas.CHANGES_MAX} at most",
        f"ends after {pull.PAGE_BYTES // 1024} KiB of things",
        f"{schemas.MUTATIONS_MAX} at most",
        f"{BODY_BYTES_MAX // 1024 // 1024} MiB at most",
        f"{TEXT_BYTES_MAX // 1024} KiB of UTF-8",
        f"mutation ids are remembered | {MUTATIONS_KEPT.days} days",
        f"tombstones are kept | {TOMBSTONES_KEPT.days} days",
    ],
)
def test_the_limits_are_those_of_the_code(said: str) -> None:
    assert said in PAGE.partition("\n## Limits\n")[2].partition("\n## ")[0]
