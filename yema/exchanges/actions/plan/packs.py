"""The versions that an exchange plans with: kept from the first slot on, until leaders take another one."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.activities.actions.publish import HOLD_PACK, when_published
from yema.activities.queries.frozen import FrozenPack, frozen_pack
from yema.changes import SpaceKey, Transaction, transaction
from yema.database import Row, Statement, as_id, execute, fetch
from yema.errors import N_, FieldError, NotFound, Stale
from yema.exchanges.errors import NotInPlannedVersion, NotOfThisExchange, SlotsNeedIt, VersionWithdrawn
from yema.exchanges.queries.memberships import Membership
from yema.ids import uuid7

TOLD_AT_ONCE = 20
"""Exchanges whose spaces one transaction holds."""

_PACK_OF = Statement("SELECT pack FROM activity WHERE id = {}")
_ORGANISATION = Statement("SELECT organisation FROM exchange WHERE id = {}")
_HOLD_PIN = Statement("SELECT number FROM exchange_pack WHERE exchange = {} AND pack = {}", locks=True)
_PIN = Statement("INSERT INTO exchange_pack (id, exchange, pack, number) VALUES ({}, {}, {}, {})")
_TAKE = Statement("UPDATE exchange_pack SET number = {} WHERE exchange = {} AND pack = {}")
_STATE = Statement("SELECT state FROM pack_version WHERE pack = {} AND number = {} AND state <> 'staged'")
_SLOTS = Statement(
    "SELECT s.id, s.activity, s.state, s.titles FROM slot s JOIN activity a ON a.id = s.activity"
    " WHERE s.exchange = {} AND a.pack = {} ORDER BY s.starts_at, s.id"
)
_TITLE = Statement("UPDATE slot SET titles = {}, version = version + 1 WHERE id = {}")
_PLANNING_WITH = Statement("SELECT exchange FROM exchange_pack WHERE pack = {} ORDER BY exchange")


class _Shelved(NamedTuple):
    """What an exchange may begin to plan with: the version on a shelf that is public or its own organisation's."""

    latest: int | None


async def begin_to_plan(tx: Transaction, exchange: UUID, activity: UUID) -> None:
    """A slot is about to have this activity: the exchange keeps the version of its pack from now on, if it does not keep one already.

    Raises `NotOfThisExchange` where it may not plan with it, `VersionWithdrawn`, `NotInPlannedVersion`.
    """
    rows = await fetch(_PACK_OF, activity)
    if not rows:
        raise NotOfThisExchange
    pack = as_id(rows[0][0])
    shelved = await _hold(exchange, pack)
    pinned = await execute(_HOLD_PIN, exchange, pack)
    if pinned:
        await _check_kept(pack, pinned[0][0], shelved, activity)
        return
    if shelved.latest is None or activity not in (await frozen_pack(pack, shelved.latest)).titles:
        raise NotOfThisExchange
    await execute(_PIN, uuid7(), exchange, pack, shelved.latest)
    tx.touched(SpaceKey("exchange", exchange), "planned_pack", pack)


async def take_version(by: Membership, pack: UUID, number: int, expected: int | None) -> None:
    """Plan with another version from now on; what was released stays as it was told. `expected` is the one that the leader saw.

    Raises `NotFound`, `Stale`, `VersionWithdrawn`, and `SlotsNeedIt` where a slot would lose its activity: a plan is changed by who
    plans, not by who writes packs. Slots that were cancelled keep their titles as their own.
    """
    async with transaction() as tx:
        shelved = await _hold(by.exchange, pack)
        pinned = await execute(_HOLD_PIN, by.exchange, pack)
        if not pinned:
            raise NotFound
        kept = pinned[0][0]
        if expected is not None and expected != kept:
            raise Stale
        if number == kept:
            return
        if shelved.latest is None:
            raise NotFound
        await _check_published(pack, number)
        slots = await fetch(_SLOTS, by.exchange, pack)
        await _let_go(slots, await frozen_pack(pack, kept), await frozen_pack(pack, number))
        await execute(_TAKE, number, by.exchange, pack)
        tx.touched(SpaceKey("exchange", by.exchange), "planned_pack", pack)
        for slot, *_ in slots:
            tx.touched(SpaceKey("exchange_leaders", by.exchange), "slot", as_id(slot))


async def _hold(exchange: UUID, pack: UUID) -> _Shelved:
    """Hold the pack: while a plan takes hold of a version, nobody withdraws it, and no other slot or leader comes between."""
    [[owner]] = await fetch(_ORGANISATION, exchange)
    rows = await execute(HOLD_PACK, pack)
    if not rows:
        raise NotFound
    organisation, public, latest = rows[0]
    return _Shelved(latest if public or organisation == owner else None)


async def _check_kept(pack: UUID, number: int, shelved: _Shelved, activity: UUID) -> None:
    if activity in (await frozen_pack(pack, number)).titles:
        await _check_published(pack, number)
        return
    # What neither version has may only be in the workshop: whoever asks for it learns no more than of what is not there.
    if shelved.latest is not None and activity in (await frozen_pack(pack, shelved.latest)).titles:
        raise NotInPlannedVersion
    raise NotOfThisExchange


async def _check_published(pack: UUID, number: int) -> None:
    """Raises `NotFound`, `VersionWithdrawn`."""
    rows = await fetch(_STATE, pack, number)
    if not rows:
        raise NotFound
    if rows[0][0] == "withdrawn":
        raise VersionWithdrawn


async def _let_go(slots: Sequence[Row], before: FrozenPack, after: FrozenPack) -> None:
    """Nothing on the plan may lose its activity. Raises `SlotsNeedIt`."""
    lost = [
        (as_id(slot), before.titles.get(as_id(activity), {}), state, msgspec.json.decode(titles))
        for slot, activity, state, titles in slots
        if as_id(activity) not in after.titles
    ]
    words = N_("The other version does not have the activity %(title)s.")
    if needed := [
        FieldError(f"/slots/{slot}", "needs_it", words, title=next(iter((own or titles).values()), "—"))
        for slot, titles, state, own in lost
        if state != "cancelled"
    ]:
        raise SlotsNeedIt(*needed)
    for slot, titles, _, own in lost:
        if not own:
            await execute(_TITLE, msgspec.json.encode(titles).decode(), slot)


async def _tell_exchanges(pack: UUID) -> None:
    """Phones and leaders of all exchanges that plan with the pack hear of another version, or of another address of theirs."""
    exchanges = [as_id(row[0]) for row in await fetch(_PLANNING_WITH, pack)]
    for start in range(0, len(exchanges), TOLD_AT_ONCE):
        async with transaction() as tx:
            for exchange in exchanges[start : start + TOLD_AT_ONCE]:
                tx.touched(SpaceKey("exchange", exchange), "planned_pack", pack)


when_published(_tell_exchanges)
