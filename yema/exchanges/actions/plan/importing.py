"""A calendar of somebody else becomes a draft of the plan. Nothing of it is told before the next release."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey, transaction
from yema.database import is_taken
from yema.errors import IdTaken
from yema.exchanges.actions.plan.slots import schedule_slot
from yema.exchanges.actions.plan.writing import check_slots_fit
from yema.exchanges.calendars.event import location, room_name
from yema.exchanges.calendars.found import Found, Note
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import places_of
from yema.exchanges.schemas.plan.plan import SlotDraft
from yema.exchanges.tables.exchange import Venue
from yema.exchanges.tables.plan import Slot
from yema.exchanges.whole import Place
from yema.i18n import nearest
from yema.vault import derive_id

_NAME_MAX = 200

Spot = tuple[UUID, UUID | None]
"""A venue, and a room of it."""


class Planned(NamedTuple):
    """What was found, under which id it is or would be a slot, whether one of that id is there, and where it is."""

    found: Found
    slot: UUID
    there: bool
    spot: Spot | None


class Drafted(NamedTuple):
    """What an import would do: slots, and the venues that it needs, by their ids."""

    slots: list[Planned]
    venues: dict[UUID, str]


class Imported(NamedTuple):
    """What an import did: the slots that stand on the plan now, notes of those that do not, and how many were made."""

    slots: list[Planned]
    notes: list[Note]
    made: int


async def draft_plan(by: Membership, found: Iterable[Found]) -> Drafted:
    """What these would be on the plan. The same file makes the same ids, so nothing comes twice; a slot of ours is known by its own id.

    Nobody else can make those ids: what anybody could reckon, they could take before us, on another plan.
    """
    found = list(found)
    ids = {one.key: (_slot_id(by, one.key), _as_id(one.key)) for one in found}
    there = await _there(by, [slot for pair in ids.values() for slot in pair if slot])
    spots = _spots(await places_of(by.exchange, by.zone))
    venues: dict[UUID, str] = {}
    slots = []
    for one in found:
        made, own = ids[one.key]
        slot = own if own in there else made
        spot = spots.get(_folded(one.place)) or _new_venue(by, one.place, venues)
        slots.append(Planned(one, slot or made, slot in there, spot))
    needed = {one.spot[0] for one in slots if one.spot and not one.there}
    return Drafted(slots, {venue: name for venue, name in venues.items() if venue in needed})


async def import_plan(by: Membership, drafted: Drafted, person: SignedIn) -> Imported:
    """Put on the plan what is not there. Raises `TooManySlots`.

    Each is a transaction of its own: asking again ends what was broken off.
    """
    await check_slots_fit(by.exchange, sum(not one.there for one in drafted.slots))
    for venue, name in drafted.venues.items():
        await _make_venue(by, venue, name)
    made, taken = 0, set()
    for one in drafted.slots:
        if not one.there:
            try:
                await schedule_slot(by, _draft(one), person, slot=one.slot)
                made += 1
            except IdTaken:
                taken.add(one.slot)
    lost = taken - await _there(by, [*taken])  # of the others, somebody imports the same file at this moment
    slots = [one._replace(there=one.there or one.slot in taken) for one in drafted.slots if one.slot not in lost]
    notes = [Note("taken", one.found.at, one.found.title) for one in drafted.slots if one.slot in lost]
    return Imported(slots, notes, made)


def _draft(one: Planned) -> SlotDraft:
    venue, room = one.spot or (None, None)
    return SlotDraft(
        kind=one.found.kind,
        starts_at=one.found.starts_at,
        ends_at=one.found.ends_at,
        zone=one.found.zone,
        title=one.found.title or UNSET,
        locale=nearest(one.found.locale or "") or UNSET,
        venue=venue or UNSET,
        room=room or UNSET,
    )


async def _there(by: Membership, ids: list[UUID]) -> set[UUID]:
    if not ids:
        return set()
    rows = await Slot.select(Slot.id).where(Slot.exchange == by.exchange, Slot.id.is_in(ids))
    return {row["id"] for row in rows}


def _slot_id(by: Membership, key: str) -> UUID:
    return derive_id("imported slot", by.exchange.bytes, key.encode())


def _as_id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _spots(places: Mapping[UUID, Place]) -> dict[str, Spot]:
    """The places of the exchange by all names that calendars and schedules may have for them."""
    found: dict[str, Spot] = {}
    for place in places.values():
        for room, name in [(None, ""), *((room, name) for room, (name, _) in place.rooms.items())]:
            names = (
                location(place.name, name, ""),
                location(place.name, name, place.address),
                room_name(place.name, name),
            )
            for known in names:
                found.setdefault(_folded(known), (place.id, room))
    return found


def _new_venue(by: Membership, name: str, venues: dict[UUID, str]) -> Spot | None:
    if not name:
        return None
    venue = derive_id("imported venue", by.exchange.bytes, _folded(name).encode())
    venues.setdefault(venue, name[:_NAME_MAX])
    return venue, None


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


async def _make_venue(by: Membership, venue: UUID, name: str) -> None:
    row = Venue(id=venue, exchange=by.exchange, name=name, address="", accessibility="")
    try:
        async with transaction() as tx:
            await Venue.insert(row)
            tx.touched(SpaceKey("exchange", by.exchange), "venue", venue)
    except Exception as error:
        if not is_taken(error):  # somebody imports the same file at this moment, or it was imported and renamed
            raise
