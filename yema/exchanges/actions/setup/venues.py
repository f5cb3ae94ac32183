"""Venues and their rooms, kept by those who lead."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute
from yema.errors import N_, FieldError, NotFound
from yema.exchanges.actions.setup.moving import Plan, move_slots, plan_before, slot_later
from yema.exchanges.actions.setup.setting_up import hold_exchange
from yema.exchanges.errors import NotOfThisExchange, PlaceInUse
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.rules import known_zone
from yema.exchanges.schemas.setup.setup import RoomDraft, VenueChange, VenueDraft
from yema.exchanges.tables.exchange import Room, Venue
from yema.exchanges.tables.told import ReleasedSlot
from yema.ids import uuid7
from yema.shapes import given

_MAIN_NO_MORE = Statement("UPDATE venue SET main = {} WHERE exchange = {} AND main = {} AND id <> {} RETURNING id")
_VENUE = "SELECT zone FROM venue WHERE id = {} AND exchange = {}"
# Whoever plans something here meanwhile waits, and finds that it is gone.
_HOLD = Statement(_VENUE, locks=True)
# What only changes may be referred to meanwhile: who holds a slot and puts it here would wait for us while we wait for the slot.
_HOLD_TO_CHANGE = Statement(_VENUE, postgres=f"{_VENUE} FOR NO KEY UPDATE")
_HOLD_ROOMS = Statement("SELECT id FROM room WHERE venue = {} ORDER BY id", locks=True)
_NOWHERE = Statement("UPDATE slot SET venue = NULL, room = NULL, version = version + 1 WHERE id = {}")
_NO_ROOM = Statement("UPDATE slot SET room = NULL, version = version + 1 WHERE id = {}")


async def make_venue(by: Membership, draft: VenueDraft, once: Once | None = None) -> UUID:
    """A new place with its rooms. Where it is `main`, no other one is any more. Raises `UnknownZone`, `NotOfThisExchange`."""
    if draft.zone is not UNSET:
        known_zone(draft.zone)
    row = Venue(id=uuid7(), exchange=by.exchange, **_without_rooms(given(draft)))
    async with transaction(once) as tx:
        await hold_exchange(by.exchange)
        await Venue.insert(row)
        await _set_rooms(tx, by, row.id, draft.rooms)
        await _touch(tx, by, row.id, main=draft.main)
        await tx.made(row.id)
    return row.id


async def change_venue(by: Membership, venue: UUID, change: VenueChange) -> None:
    """Change a place. Raises `NotFound`, `UnknownZone`, `NotOfThisExchange`, and `PlaceInUse` for a room that slots need.

    Another `zone` is taken for the correction of a wrong one, as with an exchange: slots here that had the old one keep their clock on
    the wall.
    """
    if change.zone:
        known_zone(change.zone)
    row = _without_rooms(given(change))
    plan = await plan_before(by.exchange) if change.zone is not UNSET else {}
    async with transaction() as tx:
        held = await hold_exchange(by.exchange)
        found = await execute(_HOLD_TO_CHANGE, venue, by.exchange)
        if not found:
            raise NotFound
        before = found[0][0] or held.zone
        if row:
            await Venue.update(row).where(Venue.id == venue)
        if change.rooms is not UNSET:
            await _set_rooms(tx, by, venue, change.rooms)
        await _touch(tx, by, venue, main=change.main is True)
        if change.zone is not UNSET and (after := change.zone or held.zone) != before:
            await _correct_zone(tx, by, plan, venue, before, after)


async def remove_venue(by: Membership, venue: UUID) -> None:
    """Remove a place where nothing happens. Raises `NotFound`, `PlaceInUse`. Slots that were cancelled are nowhere then."""
    async with transaction() as tx:
        await hold_exchange(by.exchange)
        if not await execute(_HOLD, venue, by.exchange):
            raise NotFound
        await _let_go(tx, by, _NOWHERE, await _cancelled_at(by, lambda slot: slot.venue == venue))
        await Room.delete().where(Room.venue == venue)
        await Venue.delete().where(Venue.id == venue)
        tx.gone(SpaceKey("exchange", by.exchange), "venue", venue)


async def _set_rooms(tx: Transaction, by: Membership, venue: UUID, rooms: Collection[RoomDraft]) -> None:
    """These are its rooms from now on; those with an id are the ones that were there."""
    there = {as_id(row[0]) for row in await execute(_HOLD_ROOMS, venue)}
    named = [room.id for room in rooms if room.id is not UNSET]
    if not there.issuperset(named) or len(set(named)) != len(named):
        raise NotOfThisExchange
    if gone := there.difference(named):
        await _let_go(tx, by, _NO_ROOM, await _cancelled_at(by, lambda slot: slot.room in gone))
        await Room.delete().where(Room.id.is_in(list(gone)))
    for draft in rooms:
        values: dict[Any, Any] = {Room.name: draft.name, Room.capacity: draft.capacity or None}
        if draft.id is not UNSET:
            await Room.update(values).where(Room.id == draft.id)
    new = [draft for draft in rooms if draft.id is UNSET]
    if new:
        await Room.insert(
            *(Room(id=uuid7(), venue=venue, name=draft.name, capacity=draft.capacity or None) for draft in new)
        )


async def _cancelled_at(by: Membership, takes_place: Callable[[SlotBody], bool]) -> list[SlotBody]:
    """The slots that were to take place there. Raises `PlaceInUse` for those that still are, on the plan or as people were told last."""
    rows = await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.exchange == by.exchange)
    told = [msgspec.json.decode(row["body"], type=SlotBody) for row in rows]
    plan = [slot for slot in await plan_of(by.exchange) if takes_place(slot)]
    still = {slot.id: slot for slot in [*filter(takes_place, told), *plan] if slot.state != "cancelled"}
    words = N_("%(title)s takes place there.")
    if faults := [
        FieldError(f"/slots/{slot.id}", "in_use", words, title=next(iter(slot.titles.values()), "—"))
        for slot in still.values()
    ]:
        raise PlaceInUse(*faults)
    return plan


async def _let_go(tx: Transaction, by: Membership, statement: Statement, slots: Iterable[SlotBody]) -> None:
    """What was cancelled there is nowhere now."""
    for slot in slots:
        await execute(statement, slot.id)
        tx.touched(SpaceKey("exchange_leaders", by.exchange), "slot", slot.id)


async def _correct_zone(tx: Transaction, by: Membership, plan: Plan, venue: UUID, before: str, after: str) -> None:
    def moved(slot: SlotBody) -> SlotBody:
        return slot_later(slot, 0, after) if slot.venue == venue and slot.zone == before else slot

    await move_slots(tx, by, plan, moved)


async def _touch(tx: Transaction, by: Membership, venue: UUID, *, main: bool) -> None:
    everybody = SpaceKey("exchange", by.exchange)
    tx.touched(everybody, "venue", venue)
    if main:
        for [other] in await execute(_MAIN_NO_MORE, False, by.exchange, True, venue):
            tx.touched(everybody, "venue", as_id(other))


def _without_rooms(fields: Mapping[str, Any]) -> dict[Any, Any]:
    return {field: value for field, value in fields.items() if field != "rooms"}
