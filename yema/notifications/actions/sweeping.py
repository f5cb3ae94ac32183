"""Forgetting what was told: old lines of the inbox, deliveries that have ended, devices that are no more. And silence after a restore."""

from datetime import timedelta

from yema.changes import transaction
from yema.database import Statement, execute

INBOX_KEPT = timedelta(days=90)
"""After a notification has expired."""
DELIVERIES_KEPT = timedelta(days=30)
"""After they were made; most have ended within hours."""
DEVICES_KEPT = timedelta(days=90)
"""After their push service has said that they are no more."""
AT_ONCE = 200

_INBOX = Statement(
    "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE expires_at <= {} LIMIT {}) RETURNING id"
)
_DELIVERIES = Statement(
    "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE state <> 'waiting' AND made_at <= {} LIMIT {}) RETURNING id"
)
_DEVICES = Statement("DELETE FROM device WHERE id IN (SELECT id FROM device WHERE gone_at <= {} LIMIT {}) RETURNING id")
_SILENCE = Statement("UPDATE delivery SET state = 'moot' WHERE state = 'waiting' AND next_at <= {}")
_END = Statement("UPDATE outbox SET done_at = {}, about = {} WHERE done_at IS NULL AND not_before <= {}")


async def sweep_notifications() -> int:
    """Forget what is too old, a few hundred to a transaction; how many rows. For the daily sweeping."""
    swept = 0
    for statement, kept in ((_INBOX, INBOX_KEPT), (_DELIVERIES, DELIVERIES_KEPT), (_DEVICES, DEVICES_KEPT)):
        count = AT_ONCE
        while count == AT_ONCE:
            async with transaction() as tx:
                count = len(await execute(statement, tx.at - kept, AT_ONCE))
            swept += count
    return swept


async def keep_silent() -> None:
    """What was due in a backup was told long ago, or is told again by what happens now: nobody is woken for it.

    Inboxes have what was in them then. What comes later, a reminder of tomorrow, comes.
    """
    async with transaction() as tx:
        await execute(_END, tx.at, "{}", tx.at)
        await execute(_SILENCE, tx.at)
