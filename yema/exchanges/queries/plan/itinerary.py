"""The itinerary: the plan as leaders edit it, and what was last released of it, by days."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import Reader
from yema.changes import SpaceKey, version_of
from yema.database import Statement, fetch
from yema.errors import NotFound
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.slots import planned
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.plan.plan import DayView, ItineraryView, SlotView
from yema.exchanges.tables.plan import Slot
from yema.exchanges.tables.told import ReleasedSlot

_RELEASED = Statement(
    "SELECT DISTINCT r.id, r.body FROM released_slot r JOIN released_slot_space s ON s.released_slot = r.id"
    " WHERE r.exchange = {} AND s.kind = {} AND s.owner = {}"
)


async def plan_of(exchange: UUID) -> list[SlotBody]:
    """The plan, in the order of time. A slot without titles has those of its activity, in the version that the exchange keeps."""
    return [slot.body for slot in await planned(exchange)]


async def slot_of(membership: Membership, slot: UUID) -> SlotBody:
    """One slot of the plan. Raises `NotFound`."""
    found = await slots_by_id(membership.exchange, [slot])
    if not found:
        raise NotFound
    return found[0]


async def exchange_with_slot(slot: UUID) -> UUID:
    """The exchange that a slot stands in; whether the asker may know is the next question. Raises `NotFound`."""
    rows = await Slot.select(Slot.exchange).where(Slot.id == slot)
    if not rows:
        raise NotFound
    found: UUID = rows[0]["exchange"]
    return found


async def released_to(membership: Membership) -> list[SlotBody]:
    """What was last released to this member: the slots in the spaces that they see."""
    found: dict[Any, SlotBody] = {}
    for space in seen_by(membership):
        for slot, body in await fetch(_RELEASED, membership.exchange, space.kind, space.owner):
            found[slot] = msgspec.json.decode(body, type=SlotBody)
    return sorted(found.values(), key=lambda body: (body.starts_at, body.id))


async def released_slot_of(membership: Membership, slot: UUID) -> SlotBody:
    """One slot as it was last released to this member. Raises `NotFound`."""
    for body in await released_to(membership):
        if body.id == slot:
            return body
    raise NotFound


async def slots_by_id(exchange: UUID, only: Sequence[UUID]) -> list[SlotBody]:
    """These slots of the plan."""
    return [slot.body for slot in await planned(exchange, only)]


async def released_in(space: SpaceKey, only: Sequence[UUID]) -> list[tuple[UUID, SlotBody]]:
    """Those of these slots that were last released into that space, each with its exchange; leaders' spaces hold them all."""
    rows = await ReleasedSlot.select(ReleasedSlot.exchange, ReleasedSlot.body).where(ReleasedSlot.id.is_in(list(only)))
    found = [(row["exchange"], msgspec.json.decode(row["body"], type=SlotBody)) for row in rows]
    return [
        (exchange, body)
        for exchange, body in found
        if space in (*body.spaces(exchange), SpaceKey("exchange_leaders", exchange))
    ]


def seen_by(membership: Membership) -> list[SpaceKey]:
    """The spaces that can hold released slots for this member."""
    return [space for space in membership.spaces() if space.kind in ("exchange", "group", "person")]


async def basis_of(membership: Membership, *, plan: bool) -> tuple[Hashable, ...]:
    """What the itinerary of this member follows from; equal bases, equal bytes.

    What was released changes with the next release only (undoing one is a release, too), so a diary entry or a new member moves nothing
    here.
    """
    if plan:
        return (
            "plan",
            membership.exchange,
            membership.epoch,
            membership.zone,
            membership.release,
            *await version_of(SpaceKey("exchange_leaders", membership.exchange)),
        )
    return ("released", *msgspec.structs.astuple(membership))


def by_days(membership: Membership, reader: Reader, slots: Iterable[SlotBody]) -> ItineraryView:
    """The slots under the day on which they start, in the exchange's zone."""
    days: dict[date, list[SlotView]] = defaultdict(list)
    for slot in slots:
        days[on_wall(slot.starts_at, membership.zone).date()].append(slot.view(reader))
    return ItineraryView(
        exchange=membership.exchange,
        release=membership.release,
        zone=membership.zone,
        days=[DayView(date=day, slots=days[day]) for day in sorted(days)],
    )
