"""So much of something in a day and no more, for what costs others: mails to addresses that somebody typed.

Counted beside failed tries, in the same table. There a row goes a quarter of an hour after its `since`; these say the end of their day.
"""

from datetime import timedelta

from yema.changes import transaction
from yema.database import Statement, execute
from yema.vault import digest

# It is written before it is read, so that of two at once the second one waits and sees the first.
_HOLD = Statement(
    "INSERT INTO throttle (key, failures, since, last_at) VALUES ({}, 0, {}, {})"
    " ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at RETURNING failures"
)
_TAKE = Statement("UPDATE throttle SET failures = failures + {} WHERE key = {}")


async def take_of_day(what: str, wanted: int, limit: int, *whose: str) -> int:
    """How many of `wanted` may be used today (UTC), where each of `whose` has `limit` for a day; they count as used."""
    if not wanted:
        return 0
    async with transaction() as tx:
        day = tx.at.replace(hour=0, minute=0, second=0, microsecond=0)
        # The same order for everybody, so that nobody waits in a ring.
        keys = sorted(digest("allowance", f"{what}:{one}:{day.date()}") for one in whose)
        used = [int((await execute(_HOLD, key, day + timedelta(days=1), tx.at))[0][0]) for key in keys]
        granted = max(0, min(wanted, limit - max(used)))
        for key in keys:
            await execute(_TAKE, granted, key)
    return granted
