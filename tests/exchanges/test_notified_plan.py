"""The programme has changed: whom a release concerns, and what several of them come to for each person."""

from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import time_machine

from tests import make
from tests.exchanges.programme import HOURS, TOMORROW, Programme, for_groups, for_people, programme
from tests.told import KINDS, bodies, concerns, messages, telling, told
from yema.changes.notified import Message
from yema.i18n.clock import on_day
from yema.settings import Settings

RELEASED = "itinerary_released"


def about(plan: Programme, since: int, until: int) -> dict[str, Any]:
    return {"exchange": str(plan.world.exchange), "since": since, "until": until}


async def read(plan: Programme, since: int, until: int, person: UUID | None = None) -> str | None:
    [body] = await bodies("itinerary", about(plan, since, until), person or plan.world.participant)
    return body


def when(plan: Programme, minutes: int) -> str:
    return on_day(("en",), plan.at(minutes), make.ZONE)


async def test_a_release_is_told_to_all_members_but_who_made_it(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(TOMORROW, lasts=90)

    found = await telling("itinerary", RELEASED)

    assert {*found.people} == {w.participant, w.groupmate, w.participant2, w.leader2, w.facilitator, w.coordinator}
    assert (found.topic, found.about) == (f"itinerary:{w.exchange}", about(plan, 2, 2))
    assert (found.hold, found.expires_at) == (timedelta(seconds=60), plan.at(TOMORROW + 90))
    assert (found.zone, found.urgent, found.once, slot) == (make.ZONE, False, False, slot)


async def test_only_those_are_told_for_whom_a_slot_is_or_was_or_who_answer_for_it(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(audience=for_groups(w.group), responsible=[w.facilitator])

    first = await told("itinerary", RELEASED)
    await plan.change(slot, audience=for_people(w.participant2))
    await plan.release()

    assert first == {w.participant, w.groupmate, w.facilitator}
    assert await told("itinerary", RELEASED) == {w.participant, w.groupmate, w.participant2}
    assert await bodies("itinerary", about(plan, 3, 3), w.participant, w.participant2, w.leader2) == [
        f"Activity: no longer in your programme, {when(plan, TOMORROW)}.",
        f"Activity: new in the programme, {when(plan, TOMORROW)}.",
        None,
    ]


async def test_for_whom_else_a_slot_is_tells_nobody_anything(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(audience=for_people(w.participant))
    await plan.change(slot, audience=for_people(w.participant, w.participant2))
    await plan.release()

    assert await told("itinerary", RELEASED) == {w.participant2}


async def test_it_expires_after_two_days_and_what_is_over_is_not_told(house: Settings) -> None:
    plan = await programme()
    await plan.told(9 * 24 * HOURS)
    far = await telling("itinerary", RELEASED)
    await plan.told(-3 * HOURS)

    assert timedelta(hours=47) < far.expires_at - plan.start <= timedelta(hours=48, seconds=30)
    assert (await concerns("itinerary", RELEASED), await read(plan, 3, 3)) == ([], None)


async def test_twenty_moves_are_one_moved(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told()
    tellings = []
    for step in range(1, 21):
        await plan.move(slot, TOMORROW + step)
        await plan.release()
        tellings.append(await telling("itinerary", RELEASED))

    merged = reduce(KINDS["itinerary"].merge, [one.about for one in tellings])

    assert ({one.topic for one in tellings}, merged) == ({f"itinerary:{plan.world.exchange}"}, about(plan, 3, 22))
    assert await messages("itinerary", merged, plan.world.participant) == [
        Message("The programme has changed", f"Activity: moved to {when(plan, TOMORROW + 20)}.")
    ]


async def test_what_was_moved_there_and_back_is_nothing(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told()
    for minutes in (TOMORROW + 60, TOMORROW):
        await plan.move(slot, minutes)
        await plan.release()

    assert await read(plan, 3, 4) is None


async def test_what_is_undone_is_nothing(house: Settings) -> None:
    plan = await programme()
    await plan.told()
    await plan.undo(2)

    assert await read(plan, 2, 3) is None


async def test_who_heard_of_it_an_hour_before_hears_that_it_is_as_it_was(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(audience=for_groups(plan.world.group))
    await plan.move(slot, TOMORROW + 60)
    await plan.release()
    with time_machine.travel(plan.at(60)):
        await plan.move(slot, TOMORROW)
        await plan.release()

        assert await read(plan, 3, 4) == "What was changed is again as it was."


async def test_moved_and_then_cancelled_is_cancelled_and_a_new_one_that_was_moved_is_new(house: Settings) -> None:
    plan = await programme()
    old, new = await plan.told(), await plan.told(TOMORROW, "travel")
    for slot in (old, new):
        await plan.move(slot, TOMORROW + 60)
    await plan.release()
    await plan.cancel(old)
    await plan.release()

    assert await read(plan, 4, 5) == "1 moved and 1 cancelled"
    assert await read(plan, 3, 4) == "1 new and 1 cancelled"
    assert await read(plan, 5, 5) == f"Activity: cancelled. It was planned for {when(plan, TOMORROW + 60)}."


async def test_a_new_place_is_no_new_time(house: Settings) -> None:
    plan = await programme()
    venue, slot = await make.venue(plan.world.exchange), await plan.told()
    await plan.change(slot, venue=venue)
    await plan.release()
    await plan.change(slot, ends_at=plan.at(TOMORROW + 75))
    await plan.release()

    assert await read(plan, 3, 3) == f"Activity: now at another place, {when(plan, TOMORROW)}."
    assert await read(plan, 4, 4) == f"Activity: something has changed. It begins at this time: {when(plan, TOMORROW)}."


async def test_what_was_cancelled_and_takes_place_is_said_so(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(TOMORROW, "meal")
    await plan.cancel(slot)
    await plan.release()
    await plan.undo(3)

    assert await read(plan, 4, 4) == f"Meal: takes place after all, {when(plan, TOMORROW)}."


async def test_of_the_first_release_one_hears_that_the_programme_is_there(house: Settings) -> None:
    plan = await programme()
    said = Message("The programme is there", "You can see now what is planned for you.")

    assert await messages("itinerary", about(plan, 1, 1), plan.world.participant) == [said]


async def test_who_is_no_member_any_more_reads_nothing(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    await plan.told()
    await make.suspend(w.groupmate)

    found = await messages("itinerary", about(plan, 2, 2), w.pending, w.left, w.stranger, w.groupmate)

    assert (found, w.groupmate in await told("itinerary", RELEASED)) == ([None] * 4, False)


async def test_no_title_and_no_name_stands_on_a_lock_screen(house: Settings) -> None:
    plan = await programme()
    slots = [await plan.told(TOMORROW + n) for n in range(3)]
    await plan.move(slots[1], TOMORROW)
    await plan.cancel(slots[2])
    await plan.release()

    found = [await messages("itinerary", about(plan, since, 5), plan.world.participant) for since in range(1, 6)]

    assert [message is None for [message] in found] == [False] * 5
    assert ("leak" in f"{found}", "Person" in f"{found}") == (False, False)
