"""What needs telling no more: it is marked as seen, and its ways end."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yema.changes.notified import Settled
from yema.database import Statement, execute

_SEEN = "UPDATE notification SET seen_at = {} WHERE seen_at IS NULL AND topic IN"
_TOPICS, _TOPICS_POSTGRES = (
    "(SELECT value FROM json_each({}))",
    "(SELECT value FROM json_array_elements_text({}) value)",
)
_OF, _OF_POSTGRES = (
    "AND person IN (SELECT value FROM json_each({}))",
    "AND person IN (SELECT value::uuid FROM json_array_elements_text({}) value)",
)
_SEEN_BY_ALL = Statement(
    f"{_SEEN} {_TOPICS} RETURNING id",
    postgres=f"{_SEEN} {_TOPICS_POSTGRES} RETURNING id",
)
_SEEN_BY = Statement(
    f"{_SEEN} {_TOPICS} {_OF} RETURNING id",
    postgres=f"{_SEEN} {_TOPICS_POSTGRES} {_OF_POSTGRES} RETURNING id",
)
# Whoever is sending it at this moment no longer holds it.
_MOOT = "UPDATE delivery SET state = 'moot', lease = NULL WHERE state = 'waiting' AND notification IN"
_MOOT_OF = Statement(
    f"{_MOOT} (SELECT value FROM json_each({{}}))",
    postgres=f"{_MOOT} (SELECT value::uuid FROM json_array_elements_text({{}}) value)",
)


async def settle(settled: Settled, at: datetime) -> None:
    """Nobody of these is told any more of these topics. Inside a transaction."""
    if settled.people is None:
        rows = await execute(_SEEN_BY_ALL, at, _json(settled.topics))
    else:
        rows = await execute(_SEEN_BY, at, _json(settled.topics), _json(settled.people))
    if rows:
        await execute(_MOOT_OF, _json([row for [row] in rows]))


def _json(values: Sequence[UUID | str]) -> str:
    return msgspec.json.encode([str(value) for value in values]).decode()
