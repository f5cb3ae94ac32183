"""A channel whose credentials fail is left alone, and tried with a few people's messages from time to time.

It stands in `notification_channel`, so that other processes and the next start know of it. While it is open nothing of that channel is
taken up, so no attempt is counted.
"""

from datetime import datetime, timedelta

from yema.database import Statement, as_instant, execute, fetch
from yema.ids import uuid7

PROBED_FOR = timedelta(seconds=30)
"""Whoever tries has so long to say what came of it; then somebody else tries."""
FIRST = timedelta(seconds=15)
LONGEST = timedelta(seconds=100)
"""The contract says that it is tried again within 120 seconds."""

_OPEN = Statement("SELECT broken_since FROM notification_channel WHERE channel = {}")
_TRY = Statement(
    "UPDATE notification_channel SET try_at = {} WHERE channel = {} AND (try_at <= {} OR try_at > {}) RETURNING channel"
)
_WAIT = Statement(
    "INSERT INTO notification_channel (id, channel, broken_since, try_at, trouble) VALUES ({}, {}, {}, {}, {})"
    " ON CONFLICT (channel) DO UPDATE SET broken_since = coalesce(notification_channel.broken_since, excluded.broken_since),"
    " try_at = excluded.try_at, trouble = excluded.trouble"
)
_NOT_TRIED = Statement("UPDATE notification_channel SET try_at = {} WHERE channel = {} AND broken_since IS NOT NULL")
_CLOSE = Statement(
    "UPDATE notification_channel SET broken_since = NULL, try_at = NULL, trouble = NULL"
    " WHERE channel = {} AND broken_since IS NOT NULL"
)


def wait_after(broken_for: timedelta) -> timedelta:
    """How long until it is tried again: 15, 30, 60, and then 100 seconds."""
    return min(LONGEST, broken_for + FIRST)


def is_due(try_at: datetime, at: datetime) -> bool:
    """Whether it is to be tried again: also where that time is further away than it can be, since the clock was put back."""
    return not at < try_at <= at + LONGEST + PROBED_FOR


async def take_probe(channel: str, at: datetime) -> bool:
    """Whether it is ours to try the channel now. Inside a transaction."""
    return bool(await execute(_TRY, at + PROBED_FOR, channel, at, at + LONGEST + PROBED_FOR))


async def give_back_probe(channel: str, at: datetime) -> None:
    """There was nothing to try it with. Inside a transaction."""
    await execute(_NOT_TRIED, at, channel)


async def keep_open(channel: str, code: str, at: datetime, *, believed: bool) -> timedelta:
    """The channel does not accept us: open the circuit, or leave it open for longer; for how long. Inside a transaction.

    Where that is not `believed`, whatever is due tries it at once.
    """
    rows = await fetch(_OPEN, channel)
    since = as_instant(rows[0][0]) if rows and rows[0][0] else at
    wait = wait_after(at - since)
    await execute(_WAIT, uuid7(), channel, since, at + wait if believed else at, code)
    return wait


async def close(channel: str) -> None:
    """The channel accepts us: all goes on. Inside a transaction."""
    await execute(_CLOSE, channel)
