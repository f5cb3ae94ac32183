"""A demo of another day comes to today: by whole days on the wall, as planned and as released. It wakes nobody."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yema.changes import SpaceKey, Transaction, transaction
from yema.changes.notified import Settled
from yema.changes.tables import Outbox
from yema.demo.fixtures import DemoFixture
from yema.exchanges.actions.setup.moving import leg_later
from yema.exchanges.actions.told.release import remind
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.overview.whole import legs_of
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.rules import at_wall, on_wall
from yema.exchanges.schemas.plan.plan import Difference
from yema.exchanges.tables.exchange import Exchange
from yema.exchanges.tables.plan import Slot, TravelLeg
from yema.exchanges.tables.told import Release, ReleasedSlot
from yema.ids import uuid7
from yema.notifications.spreading.settling import settle
from yema.notifications.tables import Notification

_OF_DAYS = ("itinerary", "short_notice", "slot_begins")
"""Kinds of notifications that say when something is: on the days on which it was then."""
_NO_RELEASE = 0
"""Which told it: the days have moved by themselves."""


async def is_late(demo: DemoFixture, today: date) -> bool:
    """Whether this is another day's demo."""
    for exchange in demo.exchanges:
        [row] = await Exchange.select(Exchange.starts_on).where(Exchange.id == exchange.id)
        if row["starts_on"] != today + timedelta(exchange.starts):
            return True
    return False


async def move(demo: DemoFixture, today: date) -> None:
    """Move all of its exchanges to today, where they are not there yet."""
    for exchange in demo.exchanges:
        async with transaction() as tx:
            [row] = await Exchange.select().where(Exchange.id == exchange.id)
            late = today + timedelta(exchange.starts) - row["starts_on"]
            if late:
                await _move(tx, exchange.id, row, late)


async def _move(tx: Transaction, exchange: UUID, row: dict[str, Any], late: timedelta) -> None:
    moved: dict[Any, Any] = {Exchange.starts_on: row["starts_on"] + late, Exchange.ends_on: row["ends_on"] + late}
    await Exchange.update(moved).where(Exchange.id == exchange)
    tx.touched(SpaceKey("exchange", exchange), "exchange", exchange)
    slots = await plan_of(exchange)
    number = await _release_again(tx, exchange, [slot.id for slot in slots])
    for slot in slots:
        await _move_slot(tx, exchange, slot, late, number)
    await _move_legs(tx, exchange, late.days)
    await _let_rest(tx, exchange)


async def _release_again(tx: Transaction, exchange: UUID, moved: list[UUID]) -> int:
    """What was released is different now, and its number says so. Phones that ask hear of it; nobody is told."""
    [last] = (
        await Release.select().where(Release.exchange == exchange).order_by(Release.number, ascending=False).limit(1)
    )
    difference = Difference(new=[], moved=moved, changed=[], cancelled=[])
    row = Release(
        id=uuid7(),
        exchange=exchange,
        number=last["number"] + 1,
        by=last["by"],
        made_at=tx.at,
        difference=_json(difference),
    )
    await Release.insert(row)
    return row.number


async def _move_slot(tx: Transaction, exchange: UUID, slot: SlotBody, late: timedelta, number: int) -> None:
    leaders, planned = SpaceKey("exchange_leaders", exchange), _later(slot, late)
    values: dict[Any, Any] = {
        Slot.starts_at: planned.starts_at,
        Slot.ends_at: planned.ends_at,
        Slot.version: planned.version,
    }
    await Slot.update(values).where(Slot.id == slot.id)
    tx.touched(leaders, "slot", slot.id)
    for row in await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.id == slot.id):
        before = msgspec.json.decode(row["body"], type=SlotBody)
        told = _later(before, late).told(number, tx.at, before)
        await ReleasedSlot.update({ReleasedSlot.body: _json(told)}).where(ReleasedSlot.id == slot.id)
        for space in (*told.spaces(exchange), leaders):
            tx.touched(space, "released_slot", slot.id)
        remind(tx, exchange, told, _NO_RELEASE)


def _later(slot: SlotBody, late: timedelta) -> SlotBody:
    """The slot so much later, at the same times on the wall."""

    def later(instant: datetime) -> datetime:
        wall = on_wall(instant, slot.zone)
        return at_wall(wall.date() + late, wall.time(), slot.zone)

    return msgspec.structs.replace(
        slot, starts_at=later(slot.starts_at), ends_at=later(slot.ends_at), version=slot.version + 1
    )


async def _move_legs(tx: Transaction, exchange: UUID, days: int) -> None:
    """Every group travels so many days later. Not by `move_legs`: that tells a group whose bus was to leave within a day, also at night."""
    for leg in await legs_of(exchange):
        departs_at, arrives_at = leg_later(leg, days)
        values: dict[Any, Any] = {
            TravelLeg.departs_at: departs_at,
            TravelLeg.arrives_at: arrives_at,
            TravelLeg.version: leg.version + 1,
        }
        await TravelLeg.update(values).where(TravelLeg.id == leg.id)
        for space in (SpaceKey("exchange_leaders", exchange), SpaceKey("group", leg.group)):
            tx.touched(space, "travel_leg", leg.id)


async def _let_rest(tx: Transaction, exchange: UUID) -> None:
    """What was changed on the other day is told nobody any more: worded now, everything would have been moved."""
    unseen = await Notification.select(Notification.person, Notification.topic, Notification.about).where(
        Notification.exchange == exchange, Notification.kind.is_in(list(_OF_DAYS)), Notification.seen_at.is_null()
    )
    over: dict[str, list[UUID]] = {}
    for row in unseen:
        if not _says_that_there_is_one(row["about"]):
            over.setdefault(row["topic"], []).append(row["person"])
    for topic, people in over.items():
        await settle(Settled([topic], people), tx.at)
    waiting = await Outbox.select(Outbox.id, Outbox.about).where(
        Outbox.event.is_in(["itinerary_released", "journey_changed"]), Outbox.done_at.is_null()
    )
    for row in waiting:
        about = msgspec.json.decode(row["about"])
        if about["exchange"] == str(exchange) and about.get("release") != 1:
            await Outbox.update({Outbox.done_at: tx.at}).where(Outbox.id == row["id"])


def _says_that_there_is_one(about: str) -> bool:
    """Whether this was told of the first release."""
    return bool(msgspec.json.decode(about).get("since") == 1)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
