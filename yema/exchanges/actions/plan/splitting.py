"""Splitting a slot: its people do different things at the same time, such as mixed groups that each reflect with their leader."""

from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import Once, transaction
from yema.database import Statement, execute, is_taken
from yema.errors import IdTaken
from yema.exchanges.actions.people.belonging import check_people
from yema.exchanges.actions.plan.changing import titles_with
from yema.exchanges.actions.plan.places import check_places, place_of
from yema.exchanges.actions.plan.taking import take_slots
from yema.exchanges.actions.plan.writing import insert_slots, rewrite_slots
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.slots import Planned
from yema.exchanges.schemas.plan.plan import PartDraft, SplitDraft
from yema.vault import derive_id

PARTS_MAX = 20

# Nobody takes another version of the pack in this moment, in which the activity would be missing for the new slots.
_HOLD_PIN = Statement(
    "SELECT number FROM exchange_pack WHERE exchange = {} AND pack = (SELECT a.pack FROM activity a WHERE a.id = {})",
    locks=True,
)


async def split_slot(
    by: Membership, slot: UUID, draft: SplitDraft, person: SignedIn, expected: int | None, once: Once | None = None
) -> list[UUID]:
    """Split a slot into parallel ones for chosen people; their ids, the slot's own first.

    All of them stay in its series, so that they move together. Raises `Stale`, `SlotCancelled`, `NotOfThisExchange`,
    `TooManySlots`, `IdTaken`.
    """
    people = {one for part in draft.parts for one in (*part.people, *(part.responsible or []))}
    await check_people(by, [], people)
    rooms = await check_places(by, [(part.venue, part.room) for part in draft.parts])
    try:
        async with transaction(once) as tx:
            [current] = await take_slots(by, slot, expected, "one", tx.at)
            if current.body.activity:
                await execute(_HOLD_PIN, by.exchange, current.body.activity)
            first, *others = [_part(current, part, person, rooms) for part in draft.parts]
            version = current.body.version + 1
            ids = parts_of(slot, version)[: len(draft.parts)]
            await rewrite_slots(tx, by, [(current, first)])
            await insert_slots(tx, by, [_new(one, name) for one, name in zip(others, ids[1:], strict=True)])
            await tx.made(slot, version)
    except Exception as error:
        if is_taken(error):
            raise IdTaken from error
        raise
    return ids


def parts_of(slot: UUID, version: int) -> list[UUID]:
    """The ids that the parts can have where a slot was split into that version; a lost answer is found again by them.

    Only we can make them: what anybody could reckon, they could take before us, on another plan.
    """
    parts = [f"{version} {number}".encode() for number in range(2, PARTS_MAX + 1)]
    return [slot, *(derive_id("part of a slot", slot.bytes, part) for part in parts)]


def _part(current: Planned, part: PartDraft, person: SignedIn, rooms: dict[UUID, UUID]) -> Planned:
    body, own = current.body, titles_with(current.own, part, person)
    venue, room = place_of((body.venue, body.room), part.venue, part.room, rooms)
    body = msgspec.structs.replace(
        body,
        titles=own or body.titles,
        venue=venue,
        room=room,
        audience="people",
        groups=[],
        people=sorted({*part.people}),
        responsible=body.responsible if part.responsible is UNSET else sorted({*part.responsible}),
    )
    return Planned(body, own)


def _new(part: Planned, slot: UUID) -> Planned:
    return part._replace(body=msgspec.structs.replace(part.body, id=slot, version=1))
