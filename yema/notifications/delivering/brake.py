"""A push service that suddenly knows nobody's device any more is not believed: more likely it is wrong, or we ask the wrong one."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from yema.database import Statement, as_id, execute, fetch
from yema.database.listed import as_list, with_list
from yema.ids import uuid7

WITHIN = timedelta(hours=1)
FEW = 3
"""A family's old phones."""
SHARE = 10
"""One in so many."""

_COUNT = Statement(
    "SELECT count(CASE WHEN gone_at IS NULL THEN 1 END), count(CASE WHEN gone_at > {} THEN 1 END)"
    " FROM device WHERE channel = {}"
)
# Two processes may take devices away at once; this row makes the second one wait, and count what the first one took.
_LOCK = Statement(
    "INSERT INTO notification_channel (id, channel) VALUES ({}, {})"
    " ON CONFLICT (channel) DO UPDATE SET channel = excluded.channel"
)
_REMOVE = with_list(
    "UPDATE device SET gone_at = {} FROM <list> v WHERE device.id = v.id AND device.address_hash = v.hash"
    " AND device.gone_at IS NULL RETURNING device.id",
    id="uuid",
    hash="text",
)


class GoneDevice(NamedTuple):
    """A device under the address at which the channel no longer knows it."""

    device: UUID
    address_hash: str


class Removal(NamedTuple):
    """Devices that were taken away, and those that the brake kept; who is in neither was registered anew meanwhile."""

    removed: frozenset[UUID]
    braked: frozenset[UUID]


def may_go(live: int, recently: int) -> int:
    """How many more may go where so many live and so many went within the hour: three, or one in ten of what there was."""
    return max(0, max(FEW, (live + recently) // SHARE) - recently)


async def remove(channel: str, gone: Collection[GoneDevice], at: datetime) -> Removal:
    """Take these devices away, as far as the brake lets it. Inside a transaction."""
    await execute(_LOCK, uuid7(), channel)
    [[live, recently]] = await fetch(_COUNT, at - WITHIN, channel)
    believed = dict.fromkeys(gone)
    allowed = list(believed)[: may_go(live, recently)]
    braked = frozenset(one.device for one in list(believed)[len(allowed) :])
    rows = await execute(_REMOVE, at, as_list(allowed)) if allowed else []
    return Removal(frozenset(as_id(row[0]) for row in rows), braked)
