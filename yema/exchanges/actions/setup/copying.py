"""Copying an exchange to other days, for the next one like it.

What comes along: zone, languages and ceilings, groups, venues with their rooms, the plan with its materials, journeys, and the versions of
packs that it is planned with. Every time keeps its clock on the wall, so many days later.

What does not: people, codes, releases, and whatever is theirs; project number and call year, which the next grant has of its own; slots
that were cancelled. Slots for chosen people stay behind, too: nobody is there for whom they could be, their titles may speak of
those for whom they were, and shown to all they would tell everybody. Nobody is responsible for a slot yet.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from yema.accounts.queries.organisations import organisation_to_organise_for
from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database.many import Rows
from yema.exchanges.actions.plan.writing import insert_slots
from yema.exchanges.actions.setup.moving import leg_later, slot_later
from yema.exchanges.actions.setup.setting_up import begin_coordinating, check_days, hold_exchange
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import legs_of
from yema.exchanges.queries.plan.packs import pins_of
from yema.exchanges.queries.plan.slots import Planned, planned
from yema.exchanges.rules import check_instant
from yema.exchanges.schemas.setup.setup import CopyDraft
from yema.exchanges.tables.exchange import Exchange, Group, Room, Venue
from yema.exchanges.tables.plan import ExchangePack
from yema.exchanges.whole import Leg
from yema.ids import uuid7

Ids = dict[UUID, UUID]
"""What a thing is called in the copy."""

_FIELDS = {
    "id": "uuid",
    "group": "uuid",
    "direction": "text",
    "mode": "text",
    "from_place": "text",
    "to_place": "text",
    "departs_at": "timestamptz",
    "departs_zone": "text",
    "arrives_at": "timestamptz",
    "arrives_zone": "text",
    "carrier": "text",
    "distance_km": "integer",
    "green": "boolean",
    "version": "integer",
}
_LEGS = Rows("travel_leg", exchange="uuid", **_FIELDS)


async def copy_exchange(by: Membership, draft: CopyDraft, person: SignedIn, once: Once | None = None) -> UUID:
    """A copy that begins on another day; who makes it coordinates it.

    Raises `OrganisersOnly`, or `NotFound` for who does not work for its organisation (any more), and `Invalid` for impossible days.
    """
    [found] = await Exchange.select(Exchange.organisation).where(Exchange.id == by.exchange)
    await organisation_to_organise_for(person, found["organisation"])
    check_days(draft.starts_on, draft.starts_on)
    copy, plan, legs = uuid7(), await planned(by.exchange), await legs_of(by.exchange)
    async with transaction(once) as tx:
        held = await hold_exchange(by.exchange)
        days = (draft.starts_on - held.starts_on).days
        await _copy_head(tx, by, draft, copy)
        await begin_coordinating(tx, copy, person.id)
        groups = await _copy_groups(tx, by, copy)
        places = await _copy_venues(tx, by, copy)
        await _copy_packs(tx, by, copy)
        slots = _slots(plan, days, groups, places)
        await insert_slots(tx, msgspec.structs.replace(by, exchange=copy), slots)
        await _copy_legs(tx, legs, days, copy, groups)
        await tx.made(copy)
    return copy


async def _copy_head(tx: Transaction, by: Membership, draft: CopyDraft, copy: UUID) -> None:
    [row] = await Exchange.select().where(Exchange.id == by.exchange)
    begins = draft.starts_on - row["starts_on"]
    check_days(draft.starts_on, row["ends_on"] + begins)
    row |= {"id": copy, "title": draft.title, "starts_on": draft.starts_on, "ends_on": row["ends_on"] + begins}
    row |= {"phase": "planning", "project_number": None, "call_year": None}
    await Exchange.insert(Exchange(**row))
    tx.touched(SpaceKey("exchange", copy), "exchange", copy)


async def _copy_groups(tx: Transaction, by: Membership, copy: UUID) -> Ids:
    rows = await Group.select().where(Group.exchange == by.exchange)
    ids = {row["id"]: uuid7() for row in rows}
    if rows:
        await Group.insert(*(Group(**{**row, "id": ids[row["id"]], "exchange": copy}) for row in rows))
    for group in ids.values():
        tx.touched(SpaceKey("exchange", copy), "group", group)
    return ids


async def _copy_venues(tx: Transaction, by: Membership, copy: UUID) -> Ids:
    """Venues and rooms."""
    venues = await Venue.select().where(Venue.exchange == by.exchange)
    ids = {row["id"]: uuid7() for row in venues}
    rooms = await Room.select().where(Room.venue.is_in(list(ids))) if ids else []
    ids |= {row["id"]: uuid7() for row in rooms}
    if venues:
        await Venue.insert(*(Venue(**{**row, "id": ids[row["id"]], "exchange": copy}) for row in venues))
    if rooms:
        await Room.insert(*(Room(**{**row, "id": ids[row["id"]], "venue": ids[row["venue"]]}) for row in rooms))
    for row in venues:
        tx.touched(SpaceKey("exchange", copy), "venue", ids[row["id"]])
    return ids


async def _copy_packs(tx: Transaction, by: Membership, copy: UUID) -> None:
    """The same versions: a withdrawn one is shown as that to the leaders of the copy, too."""
    for pin in await pins_of(by.exchange):
        await ExchangePack.insert(ExchangePack(id=uuid7(), exchange=copy, pack=pin.pack, number=pin.number))
        tx.touched(SpaceKey("exchange", copy), "planned_pack", pin.pack)


def _slots(plan: Iterable[Planned], days: int, groups: Ids, places: Ids) -> list[Planned]:
    series: Ids = {}
    found = []
    for slot, own in plan:
        if slot.state == "cancelled" or slot.audience == "people":
            continue
        body = msgspec.structs.replace(
            slot_later(slot, days),
            id=uuid7(),
            version=1,
            groups=sorted(groups[group] for group in slot.groups),
            responsible=[],
            venue=places.get(slot.venue) if slot.venue else None,
            room=places.get(slot.room) if slot.room else None,
            series=series.setdefault(slot.series, uuid7()) if slot.series else None,
        )
        check_instant(body.starts_at, "starts_on")
        check_instant(body.ends_at, "starts_on")
        found.append(Planned(body, own))
    return found


async def _copy_legs(tx: Transaction, legs: Iterable[Leg], days: int, copy: UUID, groups: Ids) -> None:
    later = []
    for leg in legs:
        departs_at, arrives_at = leg_later(leg, days)
        check_instant(departs_at, "starts_on")
        check_instant(arrives_at, "starts_on")
        fields = {
            "id": uuid7(),
            "group": groups[leg.group],
            "departs_at": departs_at,
            "arrives_at": arrives_at,
            "version": 1,
        }
        later.append(msgspec.structs.replace(leg, **fields))
    await _LEGS.insert((copy, *(getattr(leg, field) for field in _FIELDS)) for leg in later)
    for leg in later:
        for space in (SpaceKey("exchange_leaders", copy), SpaceKey("group", leg.group)):
            tx.touched(space, "travel_leg", leg.id)
