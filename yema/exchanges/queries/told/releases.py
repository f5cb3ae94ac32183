"""Releases: what was told when, and what would be told now."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import Reader
from yema.database import Row, Statement, fetch, snapshot
from yema.exchanges.plan import SlotBody, compare
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.schemas.plan.plan import Difference, ReleaseView
from yema.exchanges.tables.told import Release
from yema.exchanges.telling import Released, Telling

_BODIES = Statement("SELECT body FROM released_slot WHERE exchange = {}")
_NEWEST = Statement(
    "SELECT max(r.number) FROM release r WHERE r.exchange = {} AND r.undoes IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM release u WHERE u.exchange = r.exchange AND u.undoes = r.number)"
)
_BODY = msgspec.json.Decoder(SlotBody)
_BEFORE = msgspec.json.Decoder(dict[UUID, SlotBody | None])
_TELLING = msgspec.json.Decoder(Telling)


async def released_slots(exchange: UUID) -> dict[UUID, SlotBody]:
    """All that was last told, by the slots' ids."""
    return _slots(await fetch(_BODIES, exchange))


async def released_slots_beside(exchange: UUID) -> dict[UUID, SlotBody]:
    """The same, read while others go on: with hundreds of slots it takes its time. Not for transactions."""
    return await asyncio.to_thread(_slots, await fetch(_BODIES, exchange))


def _slots(rows: Iterable[Row]) -> dict[UUID, SlotBody]:
    return {body.id: body for [text] in rows if (body := _BODY.decode(text))}


async def next_release(membership: Membership, reader: Reader) -> Difference:
    """What a release would tell now."""
    async with snapshot():
        released = await released_slots(membership.exchange)
        told = compare(await plan_of(membership.exchange), released)
    return await asyncio.to_thread(Telling.of(told).view, released, reader)  # with hundreds of slots it takes its time


async def releases_of(membership: Membership, reader: Reader, limit: int, before: int | None) -> list[ReleaseView]:
    """The releases, the newest first; one more than `limit` where there are more."""
    query = Release.select().where(Release.exchange == membership.exchange)
    if before is not None:
        query = query.where(Release.number < before)
    rows = await query.order_by(Release.number, ascending=False).limit(limit + 1)
    return await asyncio.to_thread(lambda: [_released(row).view(reader) for row in rows])


async def release_of(membership: Membership, release: UUID, reader: Reader) -> ReleaseView:
    """One release of this exchange."""
    [row] = await Release.select().where(Release.exchange == membership.exchange, Release.id == release)
    return await asyncio.to_thread(lambda: _released(row).view(reader))


async def release_numbered(membership: Membership, number: int) -> Released | None:
    rows = await Release.select().where(Release.exchange == membership.exchange, Release.number == number)
    return _released(rows[0]) if rows else None


async def newest_to_undo(membership: Membership) -> int | None:
    """The newest release that was neither undone nor undid another one."""
    [[number]] = await fetch(_NEWEST, membership.exchange)
    return None if number is None else int(number)


def _released(row: dict[str, Any]) -> Released:
    return Released(
        id=row["id"],
        number=row["number"],
        made_at=row["made_at"],
        by=row["by"],
        difference=_TELLING.decode(row["difference"]),
        before=_BEFORE.decode(row["before"]),
        undoes=row["undoes"],
    )
