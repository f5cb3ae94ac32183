"""What was told over several releases, as changes of slots; and one slot as it is told now."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.database import Statement, as_id, as_instant, fetch, snapshot
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.told.releases import released_slots
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
        released = await released_slots(exchange) if rows else {}
    if not rows:
        return None
    before: dict[UUID, SlotBody | None] = {}
    for _, _, text in rows:
        before = {**_BEFORE.decode(text), **before}  # the first of them knows how it was
    first_at, last_at = as_instant(rows[0][0]), as_instant(rows[-1][0])
    return Told(first_at, last_at, as_id(rows[-1][1]), changes(before, released))


async def told_now(exchange: UUID, slot: UUID) -> SlotBody | None:
    """The slot as it was last told."""
    rows = await fetch(_BODY, exchange, slot)
    return msgspec.json.decode(rows[0][0], type=SlotBody) if rows else None
