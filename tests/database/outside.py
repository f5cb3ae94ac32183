"""Somebody else at the same Postgres, who takes locks, and sees who waits for them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from yema.settings import Settings

PATIENCE_SECONDS = 5

_WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Outside:
    """A session that is not one of the server's."""

    def __init__(self, session: Any, watch: Any) -> None:
        self.session = session
        self._watch = watch

    async def waiting(self, count: int = 1) -> list[int]:
        """The ids of the sessions that wait for a lock, once there are so many."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = await self._watch.fetch(_WAITING)
                if len(found) >= count:
                    return [row[0] for row in found]
                await asyncio.sleep(0.01)

    async def tell(self, sql: str, *args: Any) -> None:
        """Beside the session, which may be waiting itself."""
        await self._watch.execute(sql, *args)


@asynccontextmanager
async def outside(house: Settings) -> AsyncIterator[Outside]:
    """Two connections; what the session has locked it lets go at the end."""
    session, watch = await asyncpg.connect(house.database_url), await asyncpg.connect(house.database_url)
    try:
        yield Outside(session, watch)
    finally:
        session.terminate()
        watch.terminate()


async def between(
    house: Settings, table: str, first: Coroutine[Any, Any, Any], second: Coroutine[Any, Any, Any]
) -> list[Any]:
    """The worst moment of a race: `first` has read and stands before its first write to the table; only then `second` begins, and runs
    until it is done or has to wait itself. What both came to, or raised.
    """
    async with outside(house) as somebody:
        await somebody.session.execute(f"BEGIN; LOCK TABLE {table} IN SHARE MODE")
        one = asyncio.create_task(first)
        await somebody.waiting()
        other = asyncio.create_task(second)
        waiting = asyncio.create_task(somebody.waiting(2))
        await asyncio.wait({other, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await somebody.session.execute("COMMIT")
        return [*await asyncio.gather(one, other, return_exceptions=True)]
