"""Moving an exchange moves all that is planned: the clock on the wall stays, in whatever zone, over whatever change of clocks."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import door
from yema.changes import SpaceKey, transaction
from yema.exchanges.actions.plan.slots import change_slot
from yema.exchanges.actions.setup.moving import leg_later, move_slots, slot_later
from yema.exchanges.actions.setup.setting_up import change_exchange
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.plan.itinerary import plan_of, released_to
from yema.exchanges.rules import SLOT_MAX, at_wall, on_wall
from yema.exchanges.schemas.plan.plan import SlotChange
from yema.exchanges.schemas.setup.setup import ExchangeChange
from yema.exchanges.tables.plan import PlanChange, TravelLeg
from yema.exchanges.whole import Leg
from yema.ids import uuid7
from yema.settings import Settings

ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if zone not in ("localtime", "Factory")))
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0))
MINUTES = st.integers(1, 2 * 24 * 60)
LATER = st.integers(-800, 800)


def a_slot(zone: str, starts_at: datetime, ends_at: datetime) -> SlotBody:
    return SlotBody(
        uuid7(), "activity", {}, starts_at, ends_at, zone, audience="all", state="planned", version=1
    )  # fmt: skip


def wall(instant: datetime, zone: str) -> datetime:
    return on_wall(instant, zone).replace(tzinfo=None)


def exists(moment: datetime, zone: str) -> bool:
    """Whether the clocks of that zone ever show it."""
    return wall(at_wall(moment.date(), moment.time(), zone), zone) == moment


@given(ZONES, DAYS, CLOCKS, MINUTES, LATER)
@example("Europe/Warsaw", date(2027, 3, 21), time(2, 30), 60, 7)
@example("Europe/Warsaw", date(2027, 10, 24), time(1, 30), 60, 7)
@example("Australia/Lord_Howe", date(2027, 9, 26), time(1, 45), 30, 7)
@example("Pacific/Apia", date(2011, 12, 29), time(10), 60, 1)
def test_a_slot_keeps_its_clock_on_the_wall(zone: str, day: date, clock: time, minutes: int, days: int) -> None:
    starts = at_wall(day, clock, zone)
    slot = a_slot(zone, starts, starts + timedelta(minutes=minutes))
    meant = [wall(instant, zone) + timedelta(days) for instant in (slot.starts_at, slot.ends_at)]

    moved = slot_later(slot, days)

    if days and all(exists(moment, zone) for moment in meant) and meant[0] < meant[1]:
        assert [wall(instant, zone) for instant in (moved.starts_at, moved.ends_at)] == meant


@given(ZONES, ZONES, DAYS, CLOCKS, MINUTES, LATER)
def test_a_slot_ends_after_it_starts_wherever_it_goes(
    zone: str, other: str, day: date, clock: time, minutes: int, days: int
) -> None:
    starts = at_wall(day, clock, zone)

    moved = slot_later(a_slot(zone, starts, starts + timedelta(minutes=minutes)), days, other)

    assert timedelta() < moved.ends_at - moved.starts_at <= SLOT_MAX


@given(ZONES, ZONES, DAYS, CLOCKS, MINUTES)
def test_a_slot_keeps_its_clock_when_its_zone_is_corrected(
    zone: str, other: str, day: date, clock: time, minutes: int
) -> None:
    starts = at_wall(day, clock, zone)
    slot = a_slot(zone, starts, starts + timedelta(minutes=minutes))
    meant = [wall(instant, zone) for instant in (slot.starts_at, slot.ends_at)]

    moved = slot_later(slot, 0, other)

    if exists(meant[0], other):
        assert (moved.zone, wall(moved.starts_at, other)) == (other, meant[0])


@given(ZONES, ZONES, DAYS, CLOCKS, MINUTES, LATER)
def test_a_leg_keeps_the_clocks_of_both_ends(
    zone: str, other: str, day: date, clock: time, minutes: int, days: int
) -> None:
    departs = at_wall(day, clock, zone)
    arrives = departs + timedelta(minutes=minutes)
    leg = Leg(uuid7(), uuid7(), "outward", "train", "A", "B", departs, zone, arrives, other, None, None, True, 1)
    meant = [wall(departs, zone) + timedelta(days), wall(arrives, other) + timedelta(days)]

    moved = leg_later(leg, days)

    assert moved[0] < moved[1]
    if (
        exists(meant[0], zone)
        and exists(meant[1], other)
        and at_wall(meant[1].date(), meant[1].time(), other) > moved[0]
    ):
        assert [wall(moved[0], zone), wall(moved[1], other)] == meant


async def move(app: TestApp, w: World, **change: Any) -> Any:
    answer = await (await app.as_(w.coordinator)).patch(f"/exchanges/{w.exchange}", json=change)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def a_leg(w: World) -> UUID:
    departs, arrives = datetime(2027, 7, 13, 6, tzinfo=UTC), datetime(2027, 7, 13, 15, tzinfo=UTC)
    leg = TravelLeg(
        id=uuid7(), exchange=w.exchange, group=w.group, direction="outward", mode="train", from_place="A", to_place="B",
        departs_at=departs, departs_zone="Europe/London", arrives_at=arrives, arrives_zone=make.ZONE,
    )  # fmt: skip
    async with transaction() as tx:
        await TravelLeg.insert(leg)
        tx.touched(SpaceKey("group", w.group), "travel_leg", leg.id)
    return leg.id


async def test_the_last_day_moves_along_unless_it_is_given(app: TestApp) -> None:
    w = await world()

    first = await move(app, w, starts_on="2027-11-03")
    second = await move(app, w, starts_on="2027-11-05", ends_on="2027-11-06")

    assert [(view["starts_on"], view["ends_on"]) for view in (first, second)] == [
        ("2027-11-03", "2027-11-10"),
        ("2027-11-05", "2027-11-06"),
    ]


async def test_everything_planned_moves_over_the_change_of_clocks(app: TestApp) -> None:
    w = await world()
    night = await make.slot(w.exchange, "22:00-23:30")
    abroad = await make.slot(w.exchange, "09:00-10:00", zone="America/New_York")
    leg, leader = await a_leg(w), await app.as_(w.leader)

    await move(app, w, starts_on="2027-11-03")

    slots = [(await leader.get(f"/slots/{slot}")).json() for slot in (night, abroad)]
    seen = (await leader.get(f"/travel-legs/{leg}")).json()
    assert [(s["starts_at"], s["ends_at"], s["version"]) for s in slots] == [
        ("2027-11-03T22:00:00+01:00", "2027-11-03T23:30:00+01:00", 2),
        ("2027-11-03T09:00:00-04:00", "2027-11-03T10:00:00-04:00", 2),
    ]
    assert [seen[k] for k in ("departs_at", "arrives_at", "version")] == [
        "2027-11-02T07:00:00Z",
        "2027-11-02T17:00:00+01:00",
        2,
    ]


async def test_what_was_told_stays_until_the_next_release(app: TestApp) -> None:
    w = await world()
    slot, leader = await make.slot(w.exchange), await app.as_(w.leader)
    await leader.post(f"/exchanges/{w.exchange}/releases")
    member = await make.membership(w.participant, w.exchange)
    before = await released_to(member)

    await move(app, w, starts_on="2027-07-21")

    after = await released_to(member)
    release = (await leader.post(f"/exchanges/{w.exchange}/releases")).json()
    assert (after, release["difference"]["moved"]) == (before, [str(slot)])


async def test_what_was_cancelled_stays_where_it_was(app: TestApp) -> None:
    w = await world()
    slot, leader = await make.slot(w.exchange), await app.as_(w.leader)
    await leader.delete(f"/slots/{slot}", headers={"If-Match": "*"})

    await move(app, w, starts_on="2027-07-21")

    assert (await leader.get(f"/slots/{slot}")).json()["starts_at"] == "2027-07-14T10:00:00+02:00"


async def test_the_history_says_who_moved_each_slot(app: TestApp) -> None:
    w = await world()
    slot = await make.slot(w.exchange)

    await move(app, w, starts_on="2027-07-21")

    [row] = await PlanChange.select().where(PlanChange.slot == slot)
    before, after = (msgspec.json.decode(row[which], type=SlotBody) for which in ("before", "after"))
    assert (row["by"], after.starts_at - before.starts_at, (before.version, after.version)) == (
        w.coordinator,
        timedelta(7),
        (1, 2),
    )


async def test_phones_hear_of_all_that_moved(app: TestApp) -> None:
    w = await world()
    slot, leg = await make.slot(w.exchange), await a_leg(w)
    leader, participant = await door(app, w.leader), await door(app, w.participant)
    for phone in (leader, participant):
        await phone.pull()

    await move(app, w, starts_on="2027-07-21")

    kinds = ("exchange", "slot", "released_slot")
    led, seen = await leader.pull(), await participant.pull()
    assert (sorted(led.ops(*kinds)), sorted(seen.ops(*kinds))) == (
        [("exchange", "put", str(w.exchange)), ("slot", "put", str(slot))],
        [("exchange", "put", str(w.exchange))],
    )
    assert await TravelLeg.select(TravelLeg.version).where(TravelLeg.id == leg) == [{"version": 2}]


async def test_a_corrected_zone_keeps_the_clock_of_slots_that_had_it(app: TestApp) -> None:
    w = await world()
    own = await make.venue(w.exchange, "Abroad", zone=make.ZONE)
    slots = [
        await make.slot(w.exchange),
        await make.slot(w.exchange, zone="Europe/London"),
        await make.slot(w.exchange, venue=own),
        await make.slot(w.exchange, venue=await make.venue(w.exchange)),
    ]
    leader = await app.as_(w.leader)

    await move(app, w, zone="Europe/Kyiv")

    seen = [(await leader.get(f"/slots/{slot}")).json() for slot in slots]
    assert [(slot["starts_at"], slot["zone"]) for slot in seen] == [
        ("2027-07-14T10:00:00+03:00", "Europe/Kyiv"),
        ("2027-07-14T10:00:00+01:00", "Europe/London"),
        ("2027-07-14T10:00:00+02:00", "Europe/Warsaw"),
        ("2027-07-14T10:00:00+03:00", "Europe/Kyiv"),
    ]


async def test_phones_hear_of_places_that_have_another_zone_now(app: TestApp) -> None:
    w = await world()
    follows, _ = await make.venue(w.exchange), await make.venue(w.exchange, zone="Europe/London")
    phone = await door(app, w.participant)
    await phone.pull()

    await move(app, w, zone="Europe/Kyiv")

    assert [(v["id"], v["zone"]) for v in (await phone.pull()).data("venue")] == [(str(follows), "Europe/Kyiv")]


async def test_nothing_moves_beyond_what_clocks_can_show(app: TestApp) -> None:
    w = await world()
    slot = await make.slot(w.exchange, day=date(2100, 1, 1))
    client = await app.as_(w.coordinator)

    answer = await client.patch(f"/exchanges/{w.exchange}", json={"starts_on": "2199-06-01"})

    assert (answer.status_code, (await client.get(f"/slots/{slot}")).json()["version"]) == (400, 1)


async def test_a_slot_that_changed_since_the_plan_was_read_moves_from_where_it_is(app: TestApp) -> None:
    w = await world()
    slot, leader = await make.slot(w.exchange), await app.as_(w.leader)
    read_before = {body.id: body for body in await plan_of(w.exchange)}
    await leader.patch(f"/slots/{slot}", json={"starts_at": "2027-07-15T08:00:00+02:00"}, headers={"If-Match": "*"})
    later = await make.slot(w.exchange)

    by = await make.membership(w.coordinator, w.exchange)
    async with transaction() as tx:
        await move_slots(tx, by, read_before, lambda body: slot_later(body, 7))

    seen = [(await leader.get(f"/slots/{one}")).json() for one in (slot, later)]
    assert [(one["starts_at"], one["version"]) for one in seen] == [
        ("2027-07-22T08:00:00+02:00", 3),
        ("2027-07-21T10:00:00+02:00", 2),
    ]


async def test_slots_may_change_while_the_exchange_moves(house: Settings) -> None:
    w = await world()
    slots = [await make.slot(w.exchange) for _ in range(12)]
    leader, coordinator = [await make.membership(who, w.exchange) for who in (w.leader, w.coordinator)]

    await asyncio.gather(
        *(change_slot(leader, slot, SlotChange(title="New"), make.signed_in(w.leader), None) for slot in slots),
        change_exchange(coordinator, ExchangeChange(starts_on=make.DAY + timedelta(7))),
        change_exchange(coordinator, ExchangeChange(zone="Europe/Kyiv")),
    )

    found = {(body.titles["en"], wall(body.starts_at, body.zone), body.version) for body in await plan_of(w.exchange)}
    assert found == {("New", datetime(2027, 7, 21, 10), 4)}  # noqa: DTZ001 - on the wall
