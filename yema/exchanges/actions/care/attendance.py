"""Marking who was there: any leader for anybody for whom the slot is; also from a phone that was offline."""

from collections.abc import Iterable
from uuid import UUID

from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute
from yema.errors import NotFound, Stale
from yema.exchanges.actions.people.belonging import check_people
from yema.exchanges.queries.care.attendance import mark_id
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import slot_of
from yema.exchanges.schemas.care.attendance import AttendanceDraft, MarkDraft

_MARK = Statement(
    'INSERT INTO attendance (id, slot, person, state, "by", at, version) VALUES ({}, {}, {}, {}, {}, {}, 1)'
    ' ON CONFLICT (id) DO UPDATE SET state = excluded.state, "by" = excluded."by", at = excluded.at,'
    " version = attendance.version + 1 WHERE attendance.state <> excluded.state RETURNING version"
)
_TURN = Statement("SELECT id FROM slot WHERE id = {}", postgres="SELECT id FROM slot WHERE id = {} FOR NO KEY UPDATE")
"""A mark that is not there yet cannot be held: who says something of a slot's people waits for the one before."""
_HOLD = Statement("SELECT version, state FROM attendance WHERE id = {}", locks=True)
_CLEAR = Statement("DELETE FROM attendance WHERE id = {}")
_OF_PERSON = Statement(
    "SELECT a.id, s.exchange FROM attendance a JOIN slot s ON s.id = a.slot WHERE a.person = {} ORDER BY a.id"
)


async def mark_all(by: Membership, slot: UUID, marks: Iterable[MarkDraft]) -> None:
    """Mark some people at once; the last word counts. Raises `NotFound`, `NotOfThisExchange`."""
    said = {mark.person: mark.state for mark in marks}
    await slot_of(by, slot)
    await check_people(by, (), said)
    async with transaction() as tx:
        await execute(_TURN, slot)
        for person in sorted(said):
            await execute(_MARK, mark_id(slot, person), slot, person, said[person], by.person, tx.at)
            _touch(tx, by.exchange, mark_id(slot, person))


async def mark(by: Membership, draft: AttendanceDraft, expected: int, once: Once | None = None) -> int:
    """Mark one person as a phone did that knew version `expected`, 0 for no mark yet; the version that the mark has now.

    Two who say the same agree. Raises `NotFound`, `NotOfThisExchange`, and `Stale` where somebody else has said something else since.
    """
    await slot_of(by, draft.slot)
    await check_people(by, (), [draft.person])
    thing = mark_id(draft.slot, draft.person)
    async with transaction(once) as tx:
        await execute(_TURN, draft.slot)
        held = await execute(_HOLD, thing)
        version, state = held[0] if held else (0, None)
        if state != draft.state:
            if version != expected:
                raise Stale
            [[version]] = await execute(_MARK, thing, draft.slot, draft.person, draft.state, by.person, tx.at)
        _touch(tx, by.exchange, thing)
        await tx.made(thing, version)
    return int(version)


async def clear(by: Membership, slot: UUID, person: UUID, expected: int | None, once: Once | None = None) -> None:
    """Take a mark away. Raises `NotFound` where there is none, and `Stale` where somebody has said something since."""
    await slot_of(by, slot)
    thing = mark_id(slot, person)
    async with transaction(once) as tx:
        await execute(_TURN, slot)
        held = await execute(_HOLD, thing)
        if not held:
            raise NotFound
        if expected is not None and held[0][0] != expected:
            raise Stale
        await execute(_CLEAR, thing)
        tx.gone(SpaceKey("exchange_leaders", by.exchange), "attendance", thing)
        await tx.made(thing)


async def erase_marks(tx: Transaction, person: UUID) -> None:
    """Nobody reads any more where somebody was who is erased."""
    for thing, exchange in await execute(_OF_PERSON, person):
        await execute(_CLEAR, as_id(thing))
        tx.gone(SpaceKey("exchange_leaders", as_id(exchange)), "attendance", as_id(thing))


def _touch(tx: Transaction, exchange: UUID, thing: UUID) -> None:
    tx.touched(SpaceKey("exchange_leaders", exchange), "attendance", thing)
