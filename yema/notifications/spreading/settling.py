"""What needs telling no more: it is marked as seen, and its ways end."""

from datetime import datetime

from yema.changes.notified import Settled
from yema.database import as_id, execute
from yema.database.listed import as_list, ids, with_list

_SEEN = "UPDATE notification SET seen_at = {} WHERE seen_at IS NULL AND"
_SEEN_BY_ALL = with_list(f"{_SEEN} topic IN (SELECT topic FROM <list> l) RETURNING id", topic="text")
_SEEN_BY = with_list(
    f"{_SEEN} (person, topic) IN (SELECT person, topic FROM <list> l) RETURNING id", person="uuid", topic="text"
)
# Whoever is sending it at this moment keeps the lease, and writes down that it was sent.
_MOOT = with_list(
    "UPDATE delivery SET state = 'moot' WHERE state = 'waiting' AND notification IN (SELECT id FROM <list> l)",
    id="uuid",
)


async def settle(settled: Settled, at: datetime) -> None:
    """Nobody of these is told any more of these topics. Inside a transaction."""
    if settled.people is None:
        rows = await execute(_SEEN_BY_ALL, at, as_list([topic] for topic in settled.topics))
    else:
        pairs = as_list([person, topic] for person in settled.people for topic in settled.topics)
        rows = await execute(_SEEN_BY, at, pairs)
    if rows:
        await execute(_MOOT, ids(as_id(row) for [row] in rows))
