"""Releasing the plan: compute what is different from what was last told, and tell exactly that."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, execute
from yema.database.many import Gone, Rows
from yema.exchanges.errors import NothingToRelease
from yema.exchanges.plan import SlotBody, Told, compare
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.queries.told.releases import released_slots
from yema.exchanges.sums import REMINDED_BEFORE, is_reminded
from yema.exchanges.tables.told import Release
from yema.exchanges.telling import Released, Telling
from yema.ids import uuid7

# In the order in which every transaction ends on its spaces: an approval touches both, and would wait for us while we wait for it.
HOLD_PLAN = Statement(
    "SELECT id FROM space WHERE kind IN ('exchange', 'exchange_leaders') AND owner = {} ORDER BY kind", locks=True
)
"""Nothing is released, and no plan or membership of the exchange changes, until the transaction ends."""
_NEXT = Statement("SELECT coalesce(max(number), 0) + 1 FROM release WHERE exchange = {}")
_TOLD = Rows("released_slot", id="uuid", exchange="uuid", body="text")
_SEEN_IN = Rows("released_slot_space", id="uuid", released_slot="uuid", kind="text", owner="uuid")
_NOWHERE, _GONE = Gone("released_slot_space", of="released_slot"), Gone("released_slot", of="id")


async def release_plan(by: Membership, once: Once | None = None) -> Released:
    """Tell everybody concerned what has changed since the last release. Raises `NothingToRelease`."""
    async with transaction(once) as tx:
        # Whoever changes a slot ends on this space: none is half changed now. Of two releases at once the second sees the first.
        await execute(HOLD_PLAN, by.exchange)
        told = compare(await plan_of(by.exchange), await released_slots(by.exchange))
        if not told:
            raise NothingToRelease
        return await tell(tx, by, told)


async def tell(tx: Transaction, by: Membership, told: Sequence[Told], undoes: int | None = None) -> Released:
    """Make a release that tells these; the plan must be held."""
    [[number]] = await execute(_NEXT, by.exchange)
    told = [one._replace(body=one.body.told(number, tx.at, one.before)) for one in told]
    seen = [_Seen(one, _spaces(one.before, by.exchange), _spaces(one.body, by.exchange)) for one in told]
    await _write(by.exchange, seen)
    for one in seen:
        _touch(tx, by.exchange, one)
    before = {one.body.id: one.before for one in told}
    release = Released(uuid7(), number, tx.at, by.person, Telling.of(told), before, undoes)
    await Release.insert(
        Release(
            id=release.id,
            exchange=by.exchange,
            number=number,
            by=by.person,
            made_at=tx.at,
            difference=_json(release.difference),
            before=_json(before),
            undoes=undoes,
        )
    )
    await tx.made(release.id)
    tx.tell("itinerary_released", once_per=str(release.id), exchange=str(by.exchange), release=number)
    for slot in (one.body for one in told):
        remind(tx, by.exchange, slot, number)
    return release


def remind(tx: Transaction, exchange: UUID, slot: SlotBody, number: int) -> None:
    """Have it told before it begins, if it still does and people are reminded of such things; whom it concerns is asked then."""
    if slot.starts_at <= tx.at or not is_reminded(slot):
        return
    early = slot.starts_at - REMINDED_BEFORE
    # Until then nobody looks at it, and one row is enough. After that it may have been let go already, when the slot was elsewhere.
    once = "" if early > tx.at else f":{number}"
    tx.tell(
        "slot_begins",
        once_per=f"{slot.id}:{int(slot.starts_at.timestamp())}{once}",
        not_before=early,
        expires=slot.starts_at,
        exchange=str(exchange),
        slot=str(slot.id),
        starts_at=slot.starts_at.isoformat(),
    )


class _Seen(NamedTuple):
    """What is told, and the spaces in which it was seen before and is from now on."""

    told: Told
    before: set[SpaceKey]
    now: set[SpaceKey]


async def _write(exchange: UUID, seen: Sequence[_Seen]) -> None:
    """The released form of each, and where it is seen."""
    told = [one.told for one in seen]
    elsewhere = [(one.told.body.id, one.now) for one in seen if one.told.gone or one.before != one.now]
    gone = {one.body.id for one in told if one.gone}
    await _NOWHERE.delete(slot for slot, _ in elsewhere)
    await _GONE.delete(gone)
    await _TOLD.update(_row(exchange, one) for one in told if one.before and not one.gone)
    await _TOLD.insert(_row(exchange, one) for one in told if one.before is None)
    await _SEEN_IN.insert(
        (uuid7(), slot, space.kind, space.owner) for slot, now in elsewhere if slot not in gone for space in sorted(now)
    )


def _row(exchange: UUID, told: Told) -> tuple[UUID, UUID, str]:
    return told.body.id, exchange, _json(told.body)


def _touch(tx: Transaction, exchange: UUID, seen: _Seen) -> None:
    """Say so in the spaces where it is seen, with a tombstone where it no longer is."""
    slot, leaders = seen.told.body.id, SpaceKey("exchange_leaders", exchange)
    now_in = set() if seen.told.gone else {*seen.now, leaders}
    for space in {*seen.before, leaders} - now_in:
        tx.gone(space, "released_slot", slot)
    for space in now_in:
        tx.touched(space, "released_slot", slot)


def _spaces(slot: SlotBody | None, exchange: UUID) -> set[SpaceKey]:
    return {*slot.spaces(exchange)} if slot else set()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
