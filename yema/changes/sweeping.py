"""Forgetting tombstones: a phone that was away for longer than they are kept gets its spaces anew."""

from datetime import timedelta

from yema.changes.transaction import transaction
from yema.database import Statement, execute

TOMBSTONES_KEPT = timedelta(days=400)
AT_ONCE = 200

_OLD = Statement("SELECT id, space, seq FROM change WHERE op = 'gone' AND at < {} ORDER BY space, seq LIMIT {}")
_RAISE = Statement("UPDATE space SET min_seq = {} WHERE id = {} AND min_seq < {}")
_FORGET = Statement("DELETE FROM change WHERE id = {}")


async def sweep() -> int:
    """Forget the tombstones that are older than 400 days, a few hundred to a transaction; how many there were."""
    swept = 0
    while True:
        async with transaction() as tx:
            rows = await execute(_OLD, tx.at - TOMBSTONES_KEPT, AT_ONCE)
            for space, seq in sorted({space: seq for _, space, seq in rows}.items()):
                await execute(_RAISE, seq, space, seq)
            for change, _, _ in rows:
                await execute(_FORGET, change)
        swept += len(rows)
        if len(rows) < AT_ONCE:
            return swept
