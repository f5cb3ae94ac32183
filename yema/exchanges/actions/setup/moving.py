"""Moving what is planned: to other days, or into another zone. People are told of it with the next release, as of any change of the plan.

All of it is one transaction of a few statements, however many slots there are.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yema.changes import SpaceKey, Transaction
from yema.database import Statement, as_id, execute
from yema.database.many import Rows
from yema.exchanges.actions.plan.history import record_all
from yema.exchanges.actions.plan.travel import Departure, tell_departure
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import legs_of
from yema.exchanges.queries.plan.slots import planned
from yema.exchanges.rules import SLOT_MAX, at_wall, check_instant, moved_end, on_wall
from yema.exchanges.whole import Leg

Plan = Mapping[UUID, SlotBody]
Moved = Callable[[SlotBody], SlotBody]

# Whoever changes a slot or a leg meanwhile waits and sees the new days, or we wait and see what they did. In the order of ids, as they
# are taken by everybody; the rows of the spaces come last. Others may go on referring to them.
_PLAN = "SELECT id, version FROM slot WHERE exchange = {} ORDER BY id"
_HOLD_SLOTS = Statement(_PLAN, postgres=f"{_PLAN} FOR NO KEY UPDATE")
_HOLD_LEGS = Statement("SELECT id FROM travel_leg WHERE exchange = {} ORDER BY id", locks=True)
_SLOTS = Rows("slot", id="uuid", starts_at="timestamptz", ends_at="timestamptz", zone="text", version="integer")
_LEGS = Rows("travel_leg", id="uuid", departs_at="timestamptz", arrives_at="timestamptz", version="integer")


async def plan_before(exchange: UUID) -> Plan:
    """The plan, read before the transaction in which `move_slots` moves it: most of the time goes into reading."""
    return {slot.body.id: slot.body for slot in await planned(exchange)}


async def move_slots(tx: Transaction, by: Membership, plan: Plan, moved: Moved) -> None:
    """Give every slot its new times, where `moved` says that they are different, with a row of history for each.

    What was cancelled stays where it would have been: nothing happens there any more, and people know it under its old day.
    """
    pairs = []
    for slot in await _held(by.exchange, plan):
        after = slot if slot.state == "cancelled" else moved(slot)
        if after != slot:
            check_instant(after.starts_at, "starts_on")
            check_instant(after.ends_at, "starts_on")
            pairs.append((slot, msgspec.structs.replace(after, version=slot.version + 1)))
    await _SLOTS.update((slot.id, slot.starts_at, slot.ends_at, slot.zone, slot.version) for _, slot in pairs)
    await record_all(tx, by, pairs)
    for _, slot in pairs:
        tx.touched(SpaceKey("exchange_leaders", by.exchange), "slot", slot.id)


async def _held(exchange: UUID, plan: Plan) -> list[SlotBody]:
    """The plan as it is now, held until the transaction ends: what has another version than it had before is read again."""
    versions = {as_id(slot): version for slot, version in await execute(_HOLD_SLOTS, exchange)}
    others = [slot for slot, version in versions.items() if slot not in plan or plan[slot].version != version]
    again = {slot.body.id: slot.body for slot in await planned(exchange, others)} if others else {}
    return [again.get(slot) or plan[slot] for slot in versions]


async def move_legs(tx: Transaction, by: Membership, days: int) -> None:
    """Every group travels so many days later, by the clocks of both ends."""
    await execute(_HOLD_LEGS, by.exchange)
    legs = await legs_of(by.exchange)
    times = {leg.id: leg_later(leg, days) for leg in legs}
    for departs, arrives in times.values():
        check_instant(departs, "starts_on")
        check_instant(arrives, "starts_on")
    await _LEGS.update((leg.id, *times[leg.id], leg.version + 1) for leg in legs)
    for leg in legs:
        for space in (SpaceKey("exchange_leaders", by.exchange), SpaceKey("group", leg.group)):
            tx.touched(space, "travel_leg", leg.id)
        departure = Departure(leg.id, leg.group, leg.version + 1, leg.departs_at, leg.departs_zone)
        tell_departure(tx, by, departure, times[leg.id][0])


def slot_later(slot: SlotBody, days: int, zone: str | None = None) -> SlotBody:
    """The slot so many days later, at the same times on the wall: of its own zone, or from now on of this one.

    A time that is skipped there is shown as far after the jump as `rules.at_wall` says; an end that has no place after the start any
    more keeps its distance from it. Nothing gets longer than a slot may be.
    """
    before, after = slot.zone, zone or slot.zone
    if not days and before == after:
        return slot
    starts_at = _later(slot.starts_at, days, before, after)
    ends_at = _later(slot.ends_at, days, before, after)
    if ends_at <= starts_at:
        ends_at = moved_end(slot.starts_at, slot.ends_at, starts_at, after)
    ends_at = min(ends_at, starts_at + SLOT_MAX)
    return msgspec.structs.replace(slot, starts_at=starts_at, ends_at=ends_at, zone=after)


def leg_later(leg: Leg, days: int) -> tuple[datetime, datetime]:
    """When the leg departs and arrives so many days later, each by the clock of its own place."""
    departs = _later(leg.departs_at, days, leg.departs_zone, leg.departs_zone)
    arrives = _later(leg.arrives_at, days, leg.arrives_zone, leg.arrives_zone)
    return departs, arrives if arrives > departs else departs + (leg.arrives_at - leg.departs_at)


def _later(instant: datetime, days: int, before: str, after: str) -> datetime:
    wall = on_wall(instant, before)
    return at_wall(wall.date() + timedelta(days), wall.time().replace(fold=0), after)
