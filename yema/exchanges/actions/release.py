"""Releasing the plan: compute what is different from what was last told, and tell exactly that."""

from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.activities.shelf import shelf_of
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, execute
from yema.exchanges.errors import NothingToRelease
from yema.exchanges.itinerary import SlotBody, plan_of
from yema.exchanges.queries import Membership
from yema.exchanges.schemas import Difference, ReleaseView
from yema.exchanges.tables import Release, ReleasedSlot, ReleasedSlotSpace
from yema.ids import uuid7

_HOLD_PLAN = Statement("SELECT id FROM space WHERE kind = 'exchange_leaders' AND owner = {}", locks=True)
_NEXT = Statement("UPDATE exchange SET release = release + 1 WHERE id = {} RETURNING release")


class Told(NamedTuple):
    """A slot as it will be told now, what it was before, and under which word."""

    body: SlotBody
    before: SlotBody | None
    word: str


def compare(plan: list[SlotBody], released: dict[UUID, SlotBody]) -> list[Told]:
    """What has to be told: new, moved (time or place), changed (anything else) and cancelled slots.

    What was cancelled before anybody heard of it is not told. A slot that was moved stays `moved` in later releases.
    """
    told = []
    for slot in plan:
        before = released.get(slot.id)
        if before is None:
            if slot.state != "cancelled":
                told.append(Told(slot, None, "new"))
        elif word := _word(slot, before):
            moved = word == "moved" or (slot.state != "cancelled" and before.state == "moved")
            body = msgspec.structs.replace(slot, state="moved") if moved else slot
            told.append(Told(body, before, word))
    return told


def _word(slot: SlotBody, before: SlotBody) -> str | None:
    if slot.state == "cancelled":
        return None if before.state == "cancelled" else "cancelled"
    if (slot.starts_at, slot.ends_at, slot.venue) != (before.starts_at, before.ends_at, before.venue):
        return "moved"
    same = msgspec.structs.replace(slot, state=before.state, version=before.version) == before
    return None if same else "changed"


async def release_plan(by: Membership, once: Once | None = None) -> ReleaseView:
    """Tell everybody concerned what has changed since the last release. Raises `NothingToRelease`."""
    shelf = await shelf_of()
    async with transaction(once) as tx:
        # Also the lock: of two releases at once the second sees the first.
        [[number]] = await execute(_NEXT, by.exchange)
        await execute(_HOLD_PLAN, by.exchange)  # whoever changes a slot ends on this space: none is half changed now
        rows = await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.exchange == by.exchange)
        released = {body.id: body for row in rows if (body := msgspec.json.decode(row["body"], type=SlotBody))}
        told = compare(await plan_of(by.exchange, shelf), released)
        if not told:
            raise NothingToRelease
        for one in told:
            await _tell(tx, by.exchange, one)
        difference = Difference(
            **{word: [t.body.id for t in told if t.word == word] for word in Difference.__struct_fields__}
        )
        release = Release(
            id=uuid7(),
            exchange=by.exchange,
            number=number,
            by=by.person,
            made_at=tx.at,
            difference=msgspec.json.encode(difference).decode(),
        )
        await Release.insert(release)
        await tx.made(release.id)
        tx.touched(SpaceKey("exchange", by.exchange), "exchange", by.exchange)
        tx.tell("itinerary_released", once_per=str(release.id), exchange=str(by.exchange), release=number)
    return ReleaseView(number=number, made_at=tx.at, by=by.person, difference=difference)


async def _tell(tx: Transaction, exchange: UUID, told: Told) -> None:
    """Write the released form into the spaces where it is seen, and a tombstone where it no longer is."""
    slot = told.body
    body = msgspec.json.encode(slot).decode()
    now_in = set(slot.spaces(exchange))
    if told.before is None:
        await ReleasedSlot.insert(ReleasedSlot(id=slot.id, exchange=exchange, body=body))
    else:
        await ReleasedSlot.update({ReleasedSlot.body: body}).where(ReleasedSlot.id == slot.id)
        await ReleasedSlotSpace.delete().where(ReleasedSlotSpace.released_slot == slot.id)
        for space in set(told.before.spaces(exchange)) - now_in:
            tx.gone(space, "released_slot", slot.id)
    if now_in:
        await ReleasedSlotSpace.insert(
            *(ReleasedSlotSpace(id=uuid7(), released_slot=slot.id, kind=s.kind, owner=s.owner) for s in sorted(now_in))
        )
    for space in {*now_in, SpaceKey("exchange_leaders", exchange)}:
        tx.touched(space, "released_slot", slot.id)
