"""Something begins soon: planned with each release, and looked at anew when the time has come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from tests import make
from tests.exchanges.programme import HOURS, TOMORROW, Programme, for_groups, for_people, programme
from tests.notifications.people import device
from tests.told import KINDS, bodies, concerns, messages, outbox
from yema.changes.notified import Message, Occurrence, Settled, Telling
from yema.changes.tables import Outbox
from yema.exchanges.notified import kinds
from yema.i18n.clock import on_day
from yema.notifications.spreading import spread
from yema.notifications.tables import Notification
from yema.settings import Settings

EVENT = "slot_begins"


def about(plan: Programme, slot: UUID, minutes: int = TOMORROW) -> dict[str, Any]:
    return {"exchange": str(plan.world.exchange), "slot": str(slot), "starts_at": plan.at(minutes).isoformat()}


async def rows_of(slot: UUID) -> list[tuple[datetime, datetime]]:
    """From when on somebody looks at it, and until when."""
    return [(row["not_before"], row["expires_at"]) for row in await outbox(EVENT) if str(slot) in row["about"]]


async def reminded(plan: Programme, slot: UUID, minutes: int = TOMORROW) -> list[Telling]:
    occurrence = Occurrence(EVENT, about(plan, slot, minutes), plan.start, plan.at(minutes - 60))
    found = await KINDS[EVENT].events[EVENT](occurrence)
    return [one for one in found if isinstance(one, Telling)]


async def test_a_release_has_each_slot_told_before_it_begins_and_once(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told()
    await plan.change(slot, title="Another")
    await plan.release()

    assert await rows_of(slot) == [(plan.at(TOMORROW - 120), plan.at(TOMORROW))]


async def test_everybody_for_whom_it_is_hears_of_it_once(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(audience=for_groups(w.group), responsible=[w.facilitator])

    [found] = await reminded(plan, slot)

    begins_at = plan.at(TOMORROW)
    assert {*found.people} == {w.participant, w.groupmate, w.leader, w.facilitator}
    assert (found.topic, found.about) == (f"slot_begins:{slot}:{begins_at.timestamp():.0f}", about(plan, slot))
    assert (found.once, found.begins_at, found.expires_at, found.zone) == (True, begins_at, begins_at, make.ZONE)


async def test_what_was_moved_or_cancelled_begins_for_nobody_at_its_old_time(house: Settings) -> None:
    plan = await programme()
    moved, cancelled, taken_back = [await plan.slot() for _ in range(3)]
    await plan.release()
    await plan.move(moved, TOMORROW + 60)
    await plan.cancel(cancelled)
    await plan.cancel(taken_back)
    unreleased = [await reminded(plan, slot) for slot in (moved, cancelled)]
    await plan.release()

    assert [len(found) for found in unreleased] == [1, 1]
    assert [await reminded(plan, slot) for slot in (moved, cancelled)] == [[], []]
    assert await bodies(EVENT, about(plan, moved), plan.world.participant) == [None]
    assert len(await reminded(plan, moved, TOMORROW + 60)) == 1


async def test_a_slot_that_comes_back_to_its_time_in_the_last_hours_is_looked_at_again(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(60)
    await plan.move(slot, 90)
    await plan.release()
    await plan.move(slot, 60)
    await plan.release()

    assert await rows_of(slot) == [(plan.at(minutes - 120), plan.at(minutes)) for minutes in (60, 90, 60)]


@pytest.mark.parametrize(
    ("kind", "hours", "lasts", "is_told"),
    [
        ("free", "14:00", 60, False),
        ("meal", "08:00", 45, True),
        ("other", "00:00", 24 * HOURS, False),
        ("other", "00:00", 23 * HOURS, False),
        ("travel", "00:00", 2 * HOURS, True),
        ("activity", "09:00", 48 * HOURS, True),
        ("other", "22:30", 9 * HOURS, True),
    ],
)
async def test_of_free_time_and_whole_days_nobody_is_reminded(
    house: Settings, kind: str, hours: str, lasts: int, is_told: bool
) -> None:
    plan = await programme()
    starts_at = make.instants(f"{hours}-23:59")[0]
    minutes = int((starts_at - plan.start).total_seconds() // 60)
    with_start = plan._replace(start=starts_at - timedelta(minutes=minutes))
    slot = await with_start.told(minutes, kind, lasts=lasts)

    found = (bool(await rows_of(slot)), bool(await reminded(with_start, slot, minutes)))
    assert found == (is_told, is_told)


async def test_what_has_begun_when_it_is_released_is_not_told(house: Settings) -> None:
    plan = await programme()

    assert await rows_of(await plan.told(-10)) == []


async def test_the_minutes_are_counted_when_it_is_sent(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(TOMORROW, "meal")
    said = []
    for minutes in (15, 1, 0, -1):
        with time_machine.travel(plan.at(TOMORROW - minutes), tick=False):
            when = on_day(("en",), plan.at(TOMORROW), make.ZONE)
            said += await messages(EVENT, about(plan, slot), plan.world.participant)

    assert said == [Message(title, f"Meal, {when}.") for title in ("In 15 minutes", "In 1 minute", "Now", "Now")]


async def test_it_is_said_to_nobody_for_whom_it_is_not_any_more(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(audience=for_people(w.participant, w.groupmate))
    await make.suspend(w.groupmate)

    found = await messages(EVENT, about(plan, slot), w.participant, w.groupmate, w.participant2, w.left, w.stranger)

    assert [message is None for message in found] == [False, True, True, True, True]


async def test_a_release_ends_the_reminders_of_what_it_moved_or_cancelled(house: Settings) -> None:
    plan = await programme()
    moved, cancelled, changed = [await plan.slot(60) for _ in range(3)]
    await plan.release()
    await plan.move(moved, 90)
    await plan.cancel(cancelled)
    await plan.change(changed, title="Another")
    await plan.release()

    [found] = await concerns(EVENT, "itinerary_released")

    assert isinstance(found, Settled)
    assert {*found.topics} == {f"slot_begins:{slot}:{plan.at(60).timestamp():.0f}" for slot in (moved, cancelled)}


async def test_from_a_release_to_the_inbox(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    await device(w.participant)
    slot = await plan.told(10)
    await plan.move(slot, 12)
    await plan.release()

    while await spread(kinds):
        pass

    rows = await Notification.select(Notification.topic).where(Notification.person == w.participant)
    assert {row["topic"] for row in rows} == {
        f"itinerary:{w.exchange}",
        f"short_notice:{slot}",
        f"slot_begins:{slot}:{plan.at(12).timestamp():.0f}",
    }


async def test_a_release_leaves_rows_in_the_outbox_and_looks_at_nobody(house: Settings) -> None:
    plan = await programme()
    slots = [await plan.slot(TOMORROW + n) for n in range(20)]
    await plan.release()

    assert sorted(row["expires_at"] for row in await outbox(EVENT))[:-1] == [plan.at(TOMORROW + n) for n in range(20)]
    assert (len(slots), await Notification.count(), await Outbox.count()) == (20, 0, 23)
