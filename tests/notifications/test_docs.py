"""docs/notifications.md is for people who cannot ask us: what it names is there, and what it shows is what the server says."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

import yema.cli.doctor
from tests.client import TestApp
from tests.notifications.recorder import API, JSON
from tests.notifications.recording import PAIRS, recorded, tell
from yema.accounts.actions.devices import DEVICES_MAX
from yema.accounts.schemas import DeviceDraft
from yema.app import NOTIFICATIONS, create_app
from yema.changes.notified import Cadence, NotificationKind
from yema.errors import YemaError
from yema.exchanges.actions.care.help import AGAIN_AFTER, REQUESTS_MAX
from yema.exchanges.queries.care.help import ALL_LEADERS_AFTER, KEPT_FOR
from yema.http.openapi import document
from yema.notifications import schemas
from yema.notifications.actions.sweeping import DELIVERIES_KEPT, DEVICES_KEPT, INBOX_KEPT
from yema.notifications.delivering.brake import FEW, SHARE
from yema.notifications.delivering.circuit import wait_after
from yema.notifications.delivering.waiting import LONGEST, backoff_max
from yema.notifications.delivering.wording import NEWS, VALUE_LENGTH_MAX
from yema.notifications.rules import MINUTES_BEFORE, Habit
from yema.settings import Settings

PAGE = (PAIRS.parent / "notifications.md").read_text("utf-8")
PLAIN = " ".join(PAGE.split())
AGAIN = "What the server says has changed; look at it, then: PYTHONPATH=. python -m tests.notifications.recording"
SNIPPETS = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
NAMED = set(re.findall(r"`([a-z_]+)`", PAGE))

MEMBERS = frozenset({"participant", "leader", "facilitator", "coordinator"})
FOR_WHOM = {
    MEMBERS: "all members",
    MEMBERS - {"participant"}: "who leads",
    frozenset({"leader", "coordinator"}): "leaders, coordinators",
    frozenset({"coordinator"}): "coordinators",
    frozenset({"leader"}): "leaders",
    frozenset({"trainer", "admin"}): "trainers, administrators",
}


def rows_below(heading: str) -> list[list[str]]:
    """The rows of the first table of a section, without its head."""
    section = PAGE.partition(f"\n{heading}\n")[2]
    lines = re.findall(r"^\|(.*)\|$", re.split(r"\n#+ ", section)[0], re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def row_of(kind: NotificationKind) -> list[str]:
    """What the table has to say of a kind."""
    always = "yes" if kind.certain else ""
    return [f"`{kind.name}`", FOR_WHOM[kind.roles], f"`{kind.push}`", f"`{kind.email}`", always]


def is_shortened(short: Any, whole: Any) -> bool:
    """Whether it is the same, but for what was left out."""
    if isinstance(short, dict):
        return isinstance(whole, dict) and all(
            name in whole and is_shortened(value, whole[name]) for name, value in short.items()
        )
    if isinstance(short, list):
        rest = iter(whole) if isinstance(whole, list) else iter(())
        return all(any(is_shortened(one, other) for other in rest) for one in short)
    return bool(short == whole)


def said(pair: JSON) -> Any:
    """What came of it: an answer, or a message."""
    return pair["message"] if "message" in pair else pair["answer"].get("body")


def errors_of(kind: type[YemaError] = YemaError) -> Iterator[str]:
    yield kind.code
    for lower in kind.__subclasses__():
        yield from errors_of(lower)


@cache
def served() -> JSON:
    return document(create_app(Settings()))


async def test_the_recorded_pairs_are_what_the_server_says(app: TestApp) -> None:
    before, found = recorded(), await tell(app)

    assert [name for name in found if found[name] != before.get(name)] == [], AGAIN
    assert list(found) == list(before), AGAIN


def test_every_pair_is_shown_on_the_page_and_nothing_else() -> None:
    assert sorted(set(re.findall(r"\(notifications/([\w-]+)\.json\)", PAGE))) == sorted(recorded())


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_every_snippet_is_a_recorded_one_shortened(snippet: str) -> None:
    asked = re.match(r"(PUT|POST) (\S+)\n", snippet)
    shown = json.loads(snippet[asked.end() :] if asked else snippet)
    if asked is None:
        whole = [said(pair) for pair in recorded().values()]
    else:
        requests = [pair["request"] for pair in recorded().values() if "request" in pair]
        whole = [one["body"] for one in requests if (one["method"], one["path"]) == (asked[1], API + asked[2])]

    assert [is_shortened(shown, one) for one in whole].count(True) >= 1


def test_a_snippet_that_says_more_is_found_out() -> None:
    whole = {"a": 1, "b": [{"c": 2}, {"d": 3}]}

    assert [
        is_shortened(one, whole) for one in ({"b": [{"d": 3}]}, {"a": 2}, {"e": 1}, {"b": [{"d": 3}, {"c": 2}]})
    ] == [
        True,
        False,
        False,
        False,
    ]


def test_the_table_of_kinds_is_that_of_the_code() -> None:
    """For whom, the defaults, and whether it always comes: whoever changes one says so on the page."""
    told = [[name, whom, push, email, always] for name, whom, _, push, email, always, _ in rows_below("## Kinds")]

    assert told == [row_of(kind) for kind in NOTIFICATIONS]


def test_the_ids_of_the_table_are_those_that_arrive() -> None:
    ids = {row[0].strip("`"): set(re.findall(r"`(\w+)`", row[6])) for row in rows_below("## Kinds")}
    data = [pair["message"]["data"] for pair in recorded().values() if "data" in pair.get("message", {})]

    assert data
    open_ones = [one for one in data if one["kind"] != NEWS]
    assert [ids[one["kind"]] for one in open_ones] == [one.keys() - {"kind", "notification"} for one in open_ones]


def test_what_calls_for_help_carry_is_the_line_only() -> None:
    discreet = {f"`{kind.name}`" for kind in NOTIFICATIONS if kind.discreet}
    pushed = recorded()["16-help-pushed"]["message"]["data"]

    assert (discreet, pushed.keys()) == ({"`help`", "`help_taken`"}, {"kind", "notification"})
    assert f'`{{"notification": …, "kind": "{NEWS}"}}`' in PLAIN


def test_what_always_comes_is_four_kinds() -> None:
    assert ("the four kinds that always come" in PLAIN, sum(kind.certain for kind in NOTIFICATIONS)) == (True, 4)


@pytest.mark.parametrize(
    "view",
    [
        DeviceDraft,
        schemas.NotificationView,
        schemas.SeenDraft,
        schemas.ShownDraft,
        schemas.PreferencesDraft,
        schemas.PreferenceDraft,
        schemas.AcknowledgementView,
    ],
)
def test_every_field_is_named(view: Any) -> None:
    assert set(view.__struct_fields__) <= set(re.findall(r"\w+", PAGE))


def test_every_path_that_is_named_is_there() -> None:
    paths = {re.sub(r"\{.*?\}", "{}", path).removeprefix(API) for path in served()["paths"]}
    named = re.findall(r"(?:GET|PUT|POST|DELETE)\s(/[^\s`?]+)", PAGE)

    assert named
    assert {re.sub(r"\{.*?\}", "{}", path) for path in named} <= paths


def test_every_code_exists_and_none_of_notifications_is_missing() -> None:
    codes = {code for row in rows_below("## Codes") for code in re.findall(r"`([a-z_]+)`", row[0])}

    assert codes <= set(errors_of())
    assert {code for code in errors_of() if code.startswith(("help_", "always_"))} <= codes


def test_every_sentence_of_the_doctor_is_one_of_theirs() -> None:
    folder = Path(yema.cli.doctor.__file__).parent
    source = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))
    quoted = [words for row in rows_below("### Does it work?") for words in re.findall(r'"([^"]+)"', row[0])]

    assert quoted
    assert [words for words in quoted if words not in source] == []


def test_every_setting_that_is_named_is_one() -> None:
    settings = {"fcm_credentials", "vapid_subject", "push_to_private", "public_url", "smtp_url", "mail_from"}

    assert settings <= set(Settings.__struct_fields__)
    assert settings <= set(re.findall(r"[a-z_]+", PAGE))


def test_every_cadence_is_named() -> None:
    assert set(get_args(Cadence)) <= NAMED


def minutes(of: Any) -> int:
    return int(of.total_seconds() // 60)


@pytest.mark.parametrize(
    "words",
    [
        f"devices of one person | {DEVICES_MAX};",
        f"lines of the inbox are kept | {INBOX_KEPT.days} days",
        f"what became of deliveries is kept | {DELIVERIES_KEPT.days} days",
        f"its push service does not know is kept | {DEVICES_KEPT.days} days",
        "another try after | at most "
        + ", ".join(str(backoff_max(tries).seconds) for tries in (1, 2, 3))
        + f" … seconds, {minutes(LONGEST)} minutes at most",
        f"A value longer than {VALUE_LENGTH_MAX} characters stays away",
        f"{Habit().quiet_from} to {Habit().quiet_until} unless they chose",
        f"({Habit().minutes_before}; 0 is never; "
        + ", ".join(str(one) for one in MINUTES_BEFORE if one != Habit().minutes_before)
        + ")",
        f"again after {minutes(AGAIN_AFTER)} minutes in which nobody came; after {minutes(ALL_LEADERS_AFTER)} minutes",
        f"A person opens {REQUESTS_MAX} requests a day at most",
        f"A request goes {KEPT_FOR.days} days after it is closed",
        f"it may take away {FEW} devices, or one in ten where there are more than {FEW * SHARE}",
    ],
)
def test_the_numbers_are_those_of_the_code(words: str) -> None:
    assert words in PLAIN


def test_a_channel_that_refuses_us_is_tried_when_the_page_says() -> None:
    waits, broken_for = [], wait_after(INBOX_KEPT) * 0
    for _ in range(5):
        waits.append(wait_after(broken_for))
        broken_for += waits[-1]

    assert [wait.seconds for wait in waits] == [15, 30, 60, 100, 100]
    assert "after 15, 30, 60 and then each 100 seconds" in PLAIN
