"""A demo of another day comes to today: by whole days on the wall, as planned and as released, and phones hear of it."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest
import time_machine

from tests.client import TestApp
from yema.demo.fill import MARKER, fill
from yema.demo.fixtures import person_id, read_demo
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.rules import on_wall
from yema.exchanges.tables.exchange import Exchange
from yema.exchanges.tables.told import ReleasedSlot
from yema.settings import Settings

Walls = dict[UUID, tuple[int, time, time]]
"""For each slot the day, counted from today, and from when to when."""


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def intended() -> Walls:
    """As the fixtures say."""
    return {
        exchange.id_of("slot", slot.key): (day.day, *slot.clock)
        for exchange in read_demo().exchanges
        for day in exchange.days
        for slot in day.slots
    }


def walls(bodies: list[SlotBody], today: date) -> Walls:
    found = {}
    for body in bodies:
        start, end = (on_wall(instant, body.zone) for instant in (body.starts_at, body.ends_at))
        found[body.id] = ((start.date() - today).days, start.time(), end.time())
    return found


async def planned(today: date) -> Walls:
    return walls([slot for exchange in read_demo().exchanges for slot in await plan_of(exchange.id)], today)


async def released(today: date) -> Walls:
    rows = await ReleasedSlot.select(ReleasedSlot.body)
    return walls([msgspec.json.decode(row["body"], type=SlotBody) for row in rows], today)


async def first_days() -> list[date]:
    rows = await Exchange.select(Exchange.starts_on).order_by(Exchange.id)
    return [row["starts_on"] for row in rows]


def intended_first_days(today: date) -> list[date]:
    return [today + timedelta(e.starts) for e in sorted(read_demo().exchanges, key=lambda e: str(e.id))]


@pytest.mark.parametrize(
    ("filled", "late"),
    [
        (date(2026, 10, 20), -1),
        (date(2026, 10, 20), 7),  # the clocks go back on the 25th
        (date(2027, 3, 23), 7),  # and forward on the 28th
    ],
)
async def test_every_slot_keeps_its_time_on_the_wall(house: Settings, filled: date, late: int) -> None:
    today = filled + timedelta(late)

    for day in (filled, today):
        with time_machine.travel(noon(day)):
            await fill(house)

    assert (await planned(today), await released(today)) == (intended(), intended())
    assert await first_days() == intended_first_days(today)


async def test_today_is_the_day_at_the_exchange(house: Settings) -> None:
    with time_machine.travel(datetime(2027, 7, 14, 22, 30, tzinfo=UTC)):  # half past midnight in Warsaw
        await fill(house)

    assert await planned(date(2027, 7, 15)) == intended()


@pytest.mark.parametrize("left", ["2027-07-07", ""])
async def test_an_end_before_the_marker_was_written_moves_nothing_twice(house: Settings, left: str) -> None:
    today = date(2027, 7, 14)
    with time_machine.travel(noon(today)):
        await fill(house)
        (house.data / MARKER).write_text(left)

        await fill(house)

    assert await planned(today) == intended()


async def test_a_demo_folder_whose_database_was_deleted_is_filled_again(house: Settings) -> None:
    today = date(2027, 7, 14)
    (house.data / MARKER).write_text("2027-07-13")

    with time_machine.travel(noon(today)):
        await fill(house)

    assert await planned(today) == intended()


async def test_a_phone_hears_of_the_move(app: TestApp, house: Settings) -> None:
    exchange = read_demo().exchanges[0].id
    seen: dict[date, httpx.Response] = {}
    for day in (date(2027, 7, 14), date(2027, 7, 15)):
        with time_machine.travel(noon(day)):
            await fill(house)
            phone = await app.as_(person_id("participant"))
            seen[day] = await phone.get(
                f"/exchanges/{exchange}/itinerary",
                headers={"if-none-match": seen[date(2027, 7, 14)].headers["etag"]} if seen else {},
            )

    assert [(day, view.status_code, view.json()["days"][3]["date"]) for day, view in seen.items()] == [
        (date(2027, 7, 14), 200, "2027-07-14"),
        (date(2027, 7, 15), 200, "2027-07-15"),
    ]


async def test_a_leader_who_saw_the_slot_on_another_day_is_told_so(app: TestApp, house: Settings) -> None:
    with time_machine.travel(noon(date(2027, 7, 14))):
        await fill(house)
    slot = read_demo().exchanges[0].id_of("slot", "glass-of-water")
    with time_machine.travel(noon(date(2027, 7, 15))):
        await fill(house)
        leader = await app.as_(person_id("leader"))

        answer = await leader.patch(f"/slots/{slot}", json={"title": "Water"}, headers={"if-match": '"1"'})

    assert answer.status_code == 412
