"""Something is wrong with one occurrence, or one kind: the others are told, and this one comes back."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests import make
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from yema.changes import transaction
from yema.changes.notified import Concerns, NotificationKind, Occurrence, Settled, Telling
from yema.changes.tables import Outbox
from yema.notifications.spreading import asking, spread, writing
from yema.notifications.tables import Delivery, Notification
from yema.settings import Settings

NOON = datetime(2027, 7, 14, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


class _Sick:
    """A kind's answer that fails until it is well again."""

    def __init__(self, concerns: Concerns) -> None:
        self.concerns, self.well, self.asked = concerns, False, 0

    async def __call__(self, occurrence: Occurrence) -> Sequence[Telling | Settled]:
        self.asked += 1
        if not self.well:
            raise ValueError("A secret that a log must not have")
        return await self.concerns(occurrence)


def sick(name: str, event: str = "") -> tuple[NotificationKind, _Sick]:
    healthy = kind(name)
    concerns = _Sick(healthy.events[name])
    return healthy._replace(events={event or name: concerns}), concerns


async def open_rows() -> list[tuple[str, float]]:
    """(event, seconds from noon until it is due) of what is not done."""
    rows = await Outbox.select().where(Outbox.done_at.is_null()).order_by(Outbox.event)
    return [(row["event"], (row["not_before"] - NOON).total_seconds()) for row in rows]


async def told() -> list[str]:
    return sorted(row["kind"] for row in await Notification.select())


async def test_a_kind_that_fails_does_not_stop_another_occurrence(house: Settings) -> None:
    person = await make.person()
    broken, _ = sick("broken")
    with time_machine.travel(NOON, tick=False):
        await happen("broken", "one", [person], expires_at=NOON + HOUR)
        await happen("trial", "two", [person], expires_at=NOON + HOUR)
        await spread([broken, kind()])

    [(event, seconds)] = await open_rows()
    assert (await told(), event, 1 < seconds <= 2) == (["trial"], "broken", True)


async def test_what_failed_is_logged_by_its_place_and_without_its_words(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", logged.append)
    monkeypatch.setattr(logging.getLogger("yema"), "handlers", [handler])
    broken, _ = sick("broken")
    with time_machine.travel(NOON, tick=False):
        await happen("broken", "one", [await make.person()], expires_at=NOON + HOUR)
        await spread([broken])

    records = [vars(record) for record in logged]
    assert [(record["kind"], "test_spreading_faults.py" in record["place"]) for record in records] == [
        ("ValueError", True)
    ]
    assert "secret" not in str(records)


async def test_what_fails_again_waits_longer_and_is_told_when_it_is_well(house: Settings) -> None:
    person = await make.person()
    broken, answer = sick("broken")
    with time_machine.travel(NOON, tick=False):
        await happen("broken", "one", [person], expires_at=NOON + HOUR)
    waits: list[float] = []
    due = 0.0
    for _ in range(6):
        with time_machine.travel(NOON + timedelta(seconds=due), tick=False):
            await spread([broken])
        [(_, again)] = await open_rows()
        waits.append(again - due)
        due = again

    answer.well = True
    with time_machine.travel(NOON + timedelta(seconds=due), tick=False):
        await spread([broken])

    assert [2 ** (n + 1) * 0.8 <= wait <= 2 ** (n + 1) for n, wait in enumerate(waits)] == [True] * 6
    assert (await told(), await open_rows(), answer.asked) == (["broken"], [], 7)


async def test_of_two_kinds_with_one_event_the_one_that_works_tells_at_once_and_once(house: Settings) -> None:
    person = await make.person()
    broken, answer = sick("broken", event="trial")
    kinds = [broken, kind()]
    with time_machine.travel(NOON, tick=False):
        await happen("trial", "one", [person], expires_at=NOON + HOUR)
        await spread(kinds)
    assert (await told(), [event for event, _ in await open_rows()]) == (["trial"], ["trial@broken"])

    answer.well = True
    with time_machine.travel(NOON + timedelta(seconds=2), tick=False):
        await spread(kinds)

    [line] = await Notification.select()
    # Both tell of the same topic here: the later one took the place of the first, which was not told again.
    assert (line["kind"], line["round"], await open_rows()) == ("broken", 2, [])


async def test_a_kind_that_never_answers_is_given_up(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ASK_SECONDS", 0.02)

    async def silent(_: Occurrence) -> Sequence[Telling | Settled]:
        await asyncio.sleep(60)
        return []

    mute = kind("mute")._replace(events={"mute": silent})
    await happen("mute", "one", [], expires_at=datetime.now(UTC) + HOUR)
    await happen("trial", "two", [await make.person()], expires_at=datetime.now(UTC) + HOUR)
    await spread([mute, kind()])

    assert await told() == ["trial"]


async def test_what_nobody_knows_and_what_came_too_late_is_over(house: Settings) -> None:
    person = await make.person()
    with time_machine.travel(NOON, tick=False):
        await happen("unheard", "one", [person], expires_at=NOON + HOUR)
        await happen("trial", "two", [person], expires_at=NOON)

        assert await spread([kind()]) == 2

    assert (await open_rows(), await told()) == ([], [])


async def test_breaking_off_in_the_middle_tells_nothing_twice(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies before the COMMIT; half a minute later another one takes it up."""
    person = await make.person()
    await device(person)

    async def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with time_machine.travel(NOON, tick=False):
        await happen("trial", "one", [person], expires_at=NOON + HOUR)
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(writing, "end_one", die)
            await spread([kind()])
    assert (await told(), await open_rows()) == ([], [("trial", 30.0)])

    with time_machine.travel(NOON + timedelta(seconds=30), tick=False):
        await spread([kind()])

    assert [(row["round"], row["state"]) for row in await Delivery.select()] == [(1, "waiting")]
    assert [row["round"] for row in await Notification.select()] == [1]


async def test_what_is_not_due_is_left_alone(house: Settings) -> None:
    with time_machine.travel(NOON, tick=False):
        async with transaction() as tx:
            tx.tell("trial", once_per="later", not_before=NOON + HOUR)

        assert await spread([kind()]) == 0

    assert await open_rows() == [("trial", 3600.0)]
