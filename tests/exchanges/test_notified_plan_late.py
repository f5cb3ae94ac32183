"""What is cancelled or moved at short notice: of the plan, and of the ways of the groups."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.exchanges.programme import HOURS, Programme, for_groups, programme
from tests.notifications.people import device
from tests.notifications.post import NOON, standing
from tests.notifications.trial_channel import TrialChannel
from tests.told import bodies, concerns, outbox, telling, told
from yema.app import NOTIFICATIONS
from yema.changes.notified import Telling
from yema.exchanges.actions.plan.travel import change_leg, drop_leg, plan_leg
from yema.exchanges.actions.setup.setting_up import change_exchange
from yema.exchanges.schemas.plan.travel import TravelLegChange, TravelLegDraft
from yema.exchanges.schemas.setup.setup import ExchangeChange
from yema.i18n.clock import on_day
from yema.notifications.delivering import Postman
from yema.notifications.spreading import spread
from yema.settings import Settings

RELEASED, JOURNEY = "itinerary_released", "journey_changed"


def when(plan: Programme, minutes: int) -> str:
    return on_day(("en",), plan.at(minutes), make.ZONE)


async def late(event: str = RELEASED) -> list[Telling]:
    return [one for one in await concerns("short_notice", event) if isinstance(one, Telling)]


async def read(found: Telling, *people: UUID) -> list[str | None]:
    return await bodies("short_notice", found.about, *people)


async def test_what_is_cancelled_within_three_hours_is_told_at_once_and_only_so(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(2 * HOURS, audience=for_groups(w.group2))
    await plan.cancel(slot)
    await plan.release()

    found = await telling("short_notice", RELEASED)

    assert (found.topic, {*found.people}) == (f"short_notice:{slot}", {w.participant2, w.leader2})
    assert (found.urgent, found.hold, found.expires_at) == (True, timedelta(0), plan.at(2 * HOURS))
    assert await read(found, w.participant2, w.participant) == [
        f"Activity: cancelled. It was planned for {when(plan, 2 * HOURS)}.",
        None,
    ]
    assert await concerns("itinerary", RELEASED) == []


async def test_who_is_concerned_by_something_else_too_hears_of_the_release(house: Settings) -> None:
    plan = await programme()
    w = plan.world
    slot = await plan.told(2 * HOURS)
    await plan.cancel(slot)
    await plan.told(40 * HOURS, audience=for_groups(w.group2))

    assert await told("itinerary", RELEASED) == {w.participant2, w.leader2}
    assert len(await told("short_notice", RELEASED)) == 6


@pytest.mark.parametrize(
    ("kind", "before", "after", "is_late"),
    [
        ("activity", 2, 30, True),
        ("activity", 30, 2, True),
        ("activity", 4, 30, False),
        ("travel", 20, 48, True),
        ("travel", 25, 48, False),
        ("travel", -1, 25, False),
    ],
)
async def test_three_hours_and_for_journeys_a_day_are_short_notice(
    house: Settings, kind: str, before: int, after: int, is_late: bool
) -> None:
    with standing(NOON):
        plan = await programme()
        slot = await plan.told(before * HOURS, kind)
        await plan.move(slot, after * HOURS)
        await plan.release()

        found = await late()

        assert [one.expires_at for one in found] == [plan.at(max(before, after) * HOURS)] * is_late
        assert bool(await told("itinerary", RELEASED)) is not is_late


@pytest.mark.parametrize("moved_to", [None, 9])
async def test_whoever_would_stand_there_at_six_hears_of_it_in_the_evening(
    house: Settings, moved_to: int | None
) -> None:
    """Cancelled, or moved to nine, at eleven in the evening: a quiet phone would not say so before seven."""
    with standing(NOON) as clock:
        plan = await programme()
        await device(plan.world.participant, zone=make.ZONE)
        slot = await plan.told(18 * HOURS, lasts=45)
        await _heard()
        clock.move_to(plan.at(10))
        await _heard()
        clock.move_to(plan.at(11 * HOURS))
        await (plan.move(slot, (12 + moved_to) * HOURS) if moved_to else plan.cancel(slot))
        await plan.release()

        said = "moved to" if moved_to else "cancelled. It was planned for"
        assert await _heard() == [f"Activity: {said} {when(plan, (12 + (moved_to or 6)) * HOURS)}."]


async def _heard() -> list[str]:
    """What comes to phones at this moment."""
    channel = TrialChannel()
    postman = Postman(NOTIFICATIONS, {"fcm": channel})
    while await spread(NOTIFICATIONS) or await postman.deliver("fcm"):
        pass
    return channel.bodies


async def test_what_is_new_or_has_another_title_is_not_urgent(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(2 * HOURS)
    new = await late()
    await plan.change(slot, title="Another")
    await plan.release()

    assert (new, await late()) == ([], [])


async def test_what_was_moved_back_is_told_so_and_the_first_telling_holds_no_more(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(2 * HOURS, "travel")
    await plan.move(slot, 3 * HOURS)
    await plan.release()
    [there] = await late()
    moved = await read(there, plan.world.participant)
    await plan.change(slot, starts_at=plan.at(2 * HOURS), title="Another")
    await plan.release()
    [back] = await late()

    assert moved == [f"Journey: moved to {when(plan, 3 * HOURS)}."]
    assert await read(there, plan.world.participant) == [None]
    assert await read(back, plan.world.participant) == [f"Journey: moved to {when(plan, 2 * HOURS)}."]


async def test_what_was_cancelled_and_takes_place_after_all_is_urgent_again(house: Settings) -> None:
    plan = await programme()
    slot = await plan.told(2 * HOURS)
    await plan.cancel(slot)
    number = await plan.release()
    await plan.undo(number)

    [found] = await late()

    assert await read(found, plan.world.participant, plan.world.left) == [
        f"Activity: takes place after all, {when(plan, 2 * HOURS)}.",
        None,
    ]
    assert found.topic == f"short_notice:{slot}"


async def leg(plan: Programme, minutes: int, **fields: Any) -> UUID:
    draft = TravelLegDraft(
        group=plan.world.group,
        direction="homeward",
        mode="bus",
        from_place="A place that could leak",
        to_place="Home",
        departs_at=plan.at(minutes),
        departs_zone=make.ZONE,
        arrives_at=plan.at(minutes + 300),
        arrives_zone="Europe/Madrid",
        green=True,
        **fields,
    )
    return await plan_leg(plan.by, draft)


async def test_a_groups_journey_that_is_cancelled_is_told_to_that_group(house: Settings) -> None:
    plan = await programme()
    w, bus = plan.world, await leg(plan, 20 * HOURS)
    await drop_leg(plan.by, bus, None)

    found = await telling("short_notice", JOURNEY)

    assert (found.topic, {*found.people}) == (f"short_notice:{bus}", {w.participant, w.groupmate})
    assert (found.urgent, found.expires_at, found.zone) == (True, plan.at(20 * HOURS), make.ZONE)
    assert await read(found, w.participant, w.participant2, w.left) == [
        f"Journey: cancelled. It was planned for {when(plan, 20 * HOURS)}.",
        None,
        None,
    ]


async def test_a_journey_that_is_moved_is_told_as_it_is_now(house: Settings) -> None:
    plan = await programme()
    bus = await leg(plan, 20 * HOURS)
    await change_leg(plan.by, bus, TravelLegChange(departs_at=plan.at(21 * HOURS)), None)
    found = await telling("short_notice", JOURNEY)
    await change_leg(plan.by, bus, TravelLegChange(departs_at=plan.at(22 * HOURS)), None)
    later = await read(found, plan.world.participant)
    await change_leg(plan.by, bus, TravelLegChange(departs_at=plan.at(20 * HOURS)), None)

    assert later == [f"Journey: moved to {when(plan, 22 * HOURS)}."]
    assert await read(found, plan.world.participant) == [None]


async def test_a_journey_that_departs_elsewhere_is_told_without_the_place(house: Settings) -> None:
    plan = await programme()
    bus = await leg(plan, 20 * HOURS)
    await change_leg(plan.by, bus, TravelLegChange(from_place="Another that could leak"), None)

    found = await telling("short_notice", JOURNEY)

    [body] = await read(found, plan.world.participant)
    assert body == f"Journey: something has changed. It begins at this time: {when(plan, 20 * HOURS)}."
    assert "leak" not in f"{found} {await outbox(JOURNEY)}"


async def test_a_journey_of_next_week_or_another_name_of_the_bus_is_nobodys_alarm(house: Settings) -> None:
    plan = await programme()
    far, near = await leg(plan, 200 * HOURS), await leg(plan, 2 * HOURS)
    await drop_leg(plan.by, far, None)
    await change_leg(plan.by, near, TravelLegChange(carrier="Another"), None)

    assert await outbox(JOURNEY) == []


async def test_when_the_whole_exchange_is_put_off_the_journeys_of_tomorrow_are_told(house: Settings) -> None:
    plan = await programme()
    await leg(plan, 10 * HOURS)
    by = await make.membership(plan.world.coordinator, plan.world.exchange)
    await change_exchange(by, ExchangeChange(starts_on=make.DAY + timedelta(2)))

    assert await told("short_notice", JOURNEY) == {plan.world.participant, plan.world.groupmate, plan.world.leader}
