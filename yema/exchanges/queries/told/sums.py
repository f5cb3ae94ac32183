"""What was told over several releases, as changes of slots; and one slot as it is told now."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.changes.one_look import read_once
from yema.database import Row, Statement, as_id, as_instant, fetch, snapshot
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.told.releases import released_slots_beside
from yema.exchanges.sums import Change, changes

_RELEASES = Statement(
    'SELECT made_at, "by", before FROM release WHERE exchange = {} AND number BETWEEN {} AND {} ORDER BY number'
)
_BODY = Statement("SELECT body FROM released_slot WHERE exchange = {} AND id = {}")
_BEFORE = msgspec.json.Decoder(dict[UUID, SlotBody | None])


class Told(NamedTuple):
    """The slots that some releases told, each as it was before the first of them and as it is now.

    `by` made the last of them. Other releases may have told something since.
    """

    first_at: datetime
    last_at: datetime
    by: UUID
    changes: dict[UUID, Change]


async def told_between(exchange: UUID, since: int, until: int) -> Told | None:
    """What the releases of these numbers have told, both included; None where there are none (any more)."""
    async with snapshot():
        rows = await fetch(_RELEASES, exchange, since, until)
        released = await read_once(("released", exchange), partial(released_slots_beside, exchange)) if rows else {}
    return await asyncio.to_thread(_told, rows, released) if rows else None  # hundreds of slots take their time


def _told(rows: Sequence[Row], released: Mapping[UUID, SlotBody]) -> Told:
    before: dict[UUID, SlotBody | None] = {}
    for _, _, text in rows:
        before = {**_BEFORE.decode(text), **before}  # the first of them knows how it was
    first_at, last_at = as_instant(rows[0][0]), as_instant(rows[-1][0])
    return Told(first_at, last_at, as_id(rows[-1][1]), changes(before, released))


async def told_now(exchange: UUID, slot: UUID) -> SlotBody | None:
    """The slot as it was last told."""
    rows = await fetch(_BODY, exchange, slot)
    return msgspec.json.decode(rows[0][0], type=SlotBody) if rows else None
