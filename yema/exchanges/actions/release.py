"""Releasing the plan: compute what is different from what was last told, and tell exactly that."""

from uuid import UUID

import msgspec

from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, execute
from yema.exchanges.errors import NothingToRelease
from yema.exchanges.plan import SlotBody, Told, compare
from yema.exchanges.queries.itinerary import plan_of
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.plan import Difference, ReleaseView
from yema.exchanges.tables.told import Release, ReleasedSlot
from yema.ids import uuid7

# In the order in which every transaction ends on its spaces: an approval touches both, and would wait for us while we wait for it.
HOLD_PLAN = Statement(
    "SELECT id FROM space WHERE kind IN ('exchange', 'exchange_leaders') AND owner = {} ORDER BY kind", locks=True
)
"""Nothing is released, and no plan or membership of the exchange changes, until the transaction ends."""
_NEXT = Statement("SELECT coalesce(max(number), 0) + 1 FROM release WHERE exchange = {}")
_TOLD = Statement(
    "INSERT INTO released_slot (id, exchange, body) VALUES ({}, {}, {}) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
)
_NOWHERE = Statement("DELETE FROM released_slot_space WHERE released_slot = {}")
_SEEN_IN = Statement("INSERT INTO released_slot_space (id, released_slot, kind, owner) VALUES ({}, {}, {}, {})")


async def release_plan(by: Membership, once: Once | None = None) -> ReleaseView:
    """Tell everybody concerned what has changed since the last release. Raises `NothingToRelease`."""
    async with transaction(once) as tx:
        # Whoever changes a slot ends on this space: none is half changed now. Of two releases at once the second sees the first.
        await execute(HOLD_PLAN, by.exchange)
        [[number]] = await execute(_NEXT, by.exchange)
        rows = await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.exchange == by.exchange)
        released = {body.id: body for row in rows if (body := msgspec.json.decode(row["body"], type=SlotBody))}
        told = compare(await plan_of(by.exchange), released)
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
        tx.tell("itinerary_released", once_per=str(release.id), exchange=str(by.exchange), release=number)
    return ReleaseView(number=number, made_at=tx.at, by=by.person, difference=difference)


async def _tell(tx: Transaction, exchange: UUID, told: Told) -> None:
    """Write the released form into the spaces where it is seen, and a tombstone where it no longer is."""
    slot = told.body
    now_in = set(slot.spaces(exchange))
    await execute(_TOLD, slot.id, exchange, msgspec.json.encode(slot).decode())
    if told.before is not None:
        await execute(_NOWHERE, slot.id)
        for space in set(told.before.spaces(exchange)) - now_in:
            tx.gone(space, "released_slot", slot.id)
    for space in sorted(now_in):
        await execute(_SEEN_IN, uuid7(), slot.id, space.kind, space.owner)
    for space in {*now_in, SpaceKey("exchange_leaders", exchange)}:
        tx.touched(space, "released_slot", slot.id)
