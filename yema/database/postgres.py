"""Postgres for Piccolo: a pool whose sessions are read-only, so that only `transaction()` can write.

Piccolo's own transaction leaks its connection when BEGIN or COMMIT fails or is cancelled; this one gives it back in every case.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from yema.database.statements import Row, Statement, not_recorded, written_table
from yema.database.trouble import WrittenAround, is_read_only, trouble

CONNECTIONS_MAX = 10
SNAPSHOTS = 4
"""At once; the other connections are for who writes, and for look-ups."""
LOCK_SECONDS = 5
"""How long a statement waits for a lock, and anybody for a connection, before the answer is 503."""

_RAISED = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises: for what the server says, what it is asked, what it stumbles over when a connection is lost, and the network."""


class PoolTransaction(PostgresTransaction):
    """A read-write transaction on a connection of the pool. `written` and `done` as in the SQLite one."""

    opening = "BEGIN READ WRITE"

    def __init__(self, engine: "PoolEngine") -> None:
        super().__init__(engine, allow_nested=False)
        self._pool: Any = engine.pool
        self.written: set[str] = set()
        self.done = False

    async def __aenter__(self) -> "PoolTransaction":
        try:
            self.connection = await self._pool.acquire(timeout=LOCK_SECONDS)
        except _RAISED as error:
            raise _ours(error) from error
        try:
            await self.connection.execute(self.opening)
        except BaseException as error:
            await self._give_back()
            raise _ours(error) from error
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        self.engine.current_transaction.reset(self.context)
        self.done = True
        # One shield for both: whoever is cancelled here does not give back a connection that is still committing.
        await asyncio.shield(self._end(error))
        return False

    async def _end(self, error: BaseException | None) -> None:
        try:
            done = await self.connection.execute("COMMIT" if error is None else "ROLLBACK")
        except _RAISED as broken:
            if error is None:
                raise _ours(broken) from broken
            return  # nothing is left to be undone, and what went wrong first is what is told
        finally:
            await self._give_back()
        if error is None and done != "COMMIT":
            raise RuntimeError("A statement failed in this transaction and nobody said so: nothing was saved.")

    async def _give_back(self) -> None:
        # The pool rolls back and resets what is still open before anybody else gets the connection. One that cannot be reset it has
        # closed by then, and that is no news to whoever has committed.
        with suppress(*_RAISED):
            await asyncio.shield(self._pool.release(self.connection))

    async def savepoint(self, name: str | None = None) -> Any:
        raise NotImplementedError("A transaction that has to undo a part of itself should be two.")


class PoolSnapshot(PoolTransaction):
    """All that is read in the block is of one moment."""

    opening = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, engine: "PoolEngine") -> None:
        super().__init__(engine)
        self._turns = engine.snapshots

    async def __aenter__(self) -> "PoolSnapshot":
        await self._turns.acquire()
        try:
            await super().__aenter__()
        except BaseException:
            self._turns.release()
            raise
        return self

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        try:
            return await super().__aexit__(kind, error, trace)
        finally:
            self._turns.release()


class PoolEngine(PostgresEngine):
    """A pool of read-only sessions, from which transactions borrow."""

    __slots__ = ("snapshots",)

    def __init__(self, url: str) -> None:
        super().__init__(config={"dsn": url, "database": urlsplit(url).path.lstrip("/") or "yema"})
        self.snapshots = asyncio.Semaphore(SNAPSHOTS)

    async def check_version(self) -> None:
        """Not when the engine is made: `start` says soon enough when nobody answers."""

    async def prep_database(self) -> None:
        """No extensions are needed."""

    async def start(self) -> None:
        self.pool = await asyncpg.create_pool(
            self.config["dsn"],
            min_size=1,
            max_size=CONNECTIONS_MAX,
            server_settings={
                "default_transaction_read_only": "on",
                "lock_timeout": f"{LOCK_SECONDS}s",
                "timezone": "UTC",
                "application_name": "yema",
            },
        )

    async def stop(self) -> None:
        await self.close_connection_pool()

    def begin(self) -> PoolTransaction:
        """For `yema.changes.transaction()` and for migrations."""
        return PoolTransaction(self)

    def snapshot(self) -> PoolSnapshot:
        """For `yema.database.snapshot()`."""
        return PoolSnapshot(self)

    def transaction(self, *_: Any, **__: Any) -> PoolTransaction:
        """Piccolo's own door is closed: who comes by it would leave nothing behind for the phones."""
        raise WrittenAround("Write through yema.changes.transaction().")

    async def lock_migrations(self) -> None:
        """Let one process at a time migrate, until the end of the transaction."""
        await self._run("SELECT pg_advisory_xact_lock(793641)", [], None)

    def stamp(self) -> int | None:
        """Postgres has no number that is cheaper than asking again."""
        return None

    async def run_statement(self, statement: Statement, args: Sequence[Any]) -> list[Row]:
        return await self._run(statement.postgres, args, statement.writes)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        not_recorded()
        return await self._run(sql, args, written_table(sql))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        return await self._run(ddl, [], None)

    async def _run(self, sql: str, args: Sequence[Any], writes: str | None) -> list[Row]:
        current: Any = self.current_transaction.get()
        try:
            if current is not None and not current.done:
                if writes:
                    current.written.add(writes)
                return await current.connection.fetch(sql, *args)  # type: ignore[no-any-return]
            async with self.pool.acquire(timeout=LOCK_SECONDS) as connection:  # type: ignore[union-attr]
                return await connection.fetch(sql, *args)  # type: ignore[no-any-return]
        except _RAISED as error:
            raise _ours(error) from error


def _ours(error: BaseException) -> BaseException:
    if is_read_only(error):
        return WrittenAround("Write through yema.changes.transaction().")
    return trouble(error) or error
