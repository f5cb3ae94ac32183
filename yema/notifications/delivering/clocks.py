"""A clock that was ahead and was put right: what was held by it would be held for as long as it had been wrong."""

from datetime import datetime

from yema.changes import transaction
from yema.database import Statement, execute, fetch
from yema.ids import now
from yema.notifications.delivering.claiming import LEASE

_FAR = "state = 'waiting' AND lease IS NOT NULL AND next_at > {}"
_LOOK = Statement(f"SELECT 1 FROM delivery WHERE {_FAR} LIMIT 1")
# Not at once: whoever holds them may be sending them at this moment.
_BRING_NEAR = Statement(f"UPDATE delivery SET next_at = {{}} WHERE {_FAR}")


class Clock:
    """Notices that it was put back, here or before this process began."""

    def __init__(self) -> None:
        self._latest: datetime | None = None

    async def look(self) -> None:
        """End leases that end later than any can, where there may be some."""
        at = now()
        if self._latest is None or at < self._latest - LEASE:
            if await fetch(_LOOK, at + 2 * LEASE):
                async with transaction() as tx:
                    await execute(_BRING_NEAR, tx.at + LEASE, tx.at + 2 * LEASE)
            self._latest = at
        self._latest = max(at, self._latest or at)
