"""Forgetting what is too old: tombstones, so that a phone that was away for longer gets its spaces anew, and keys of things done once."""

from datetime import timedelta

from yema.changes.transaction import transaction
from yema.database import Statement, execute

TOMBSTONES_KEPT = timedelta(days=400)
TOLD_KEPT = timedelta(days=30)
"""So long what was told is known, so that it is not told again."""
AT_ONCE = 200

_OLD = Statement("SELECT id, space, seq FROM change WHERE op = 'gone' AND at < {} ORDER BY at LIMIT {}")
_RAISE = Statement("UPDATE space SET min_seq = {} WHERE id = {} AND min_seq < {}")
# What came back in this moment is no tombstone any more.
_FORGET = Statement("DELETE FROM change WHERE id = {} AND seq = {} AND op = 'gone'")
_FORGET_ONCE = Statement(
    "DELETE FROM once WHERE key IN (SELECT key FROM once WHERE kept_until <= {} LIMIT {}) RETURNING key"
)

_FORGET_TOLD = Statement(
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at <= {} LIMIT {}) RETURNING id"
)


async def sweep() -> int:
    """Forget what is too old, a few hundred to a transaction; how many tombstones there were."""
    while await _sweep_keys() == AT_ONCE:
        pass
    while await _sweep_told() == AT_ONCE:
        pass
    swept = 0
    while count := await _sweep_tombstones():
        swept += count
    return swept


async def _sweep_tombstones() -> int:
    async with transaction() as tx:
        rows = await execute(_OLD, tx.at - TOMBSTONES_KEPT, AT_ONCE)
        # One space to a transaction: holding several, it could wait for a writer who waits for it.
        mine = [(change, seq) for change, space, seq in rows if space == rows[0][1]]
        if mine:
            newest = max(seq for _, seq in mine)
            await execute(_RAISE, newest, rows[0][1], newest)
        for change, seq in mine:
            await execute(_FORGET, change, seq)
    return len(mine)


async def _sweep_keys() -> int:
    async with transaction() as tx:
        return len(await execute(_FORGET_ONCE, tx.at, AT_ONCE))


async def _sweep_told() -> int:
    async with transaction() as tx:
        return len(await execute(_FORGET_TOLD, tx.at - TOLD_KEPT, AT_ONCE))
