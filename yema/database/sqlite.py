"""SQLite for Piccolo: one writer that commits in groups, a few held readers that cannot write.

Piccolo's own engine opens a connection for each query, without WAL, with deferred transactions. This one keeps its connections:
the writer (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`), readers in threads for whatever may take long, and one reader in
the loop's thread for look-ups by key, and a few more for snapshots. Only the writer checkpoints: SQLite before 3.51.3 can damage a
WAL that two connections checkpoint at once.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import aiosqlite
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.querystring import QueryString

from yema.database.statements import Row, Statement, not_recorded, written_table
from yema.database.trouble import WrittenAround, is_read_only, trouble
from yema.database.writer import Writer

# Piccolo's own adapter does the same in Python: a tenth of the time of a short statement for each id.
sqlite3.register_adapter(UUID, str)

READERS = 2
SNAPSHOTS = 4
_EVERYBODY = ("PRAGMA foreign_keys=1", "PRAGMA temp_store=MEMORY", "PRAGMA trusted_schema=0")
_WRITER = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA busy_timeout=0", "PRAGMA secure_delete=1")
_NO_CHECKPOINTS = "PRAGMA wal_autocheckpoint=0"
_READER = ("PRAGMA busy_timeout=5000", _NO_CHECKPOINTS, "PRAGMA query_only=1")


class GroupTransaction(SQLiteTransaction):
    """A turn at the writer. `written` are the tables that it wrote; `done` once it has ended."""

    def __init__(self, engine: "GroupEngine") -> None:
        super().__init__(engine, TransactionType.immediate, allow_nested=False)
        self._writer = engine.writer
        self.written: set[str] = set()
        self.done = False

    async def __aenter__(self) -> "GroupTransaction":
        await self._writer.enter()
        self.connection = self._writer.raw
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        self.engine.current_transaction.reset(self.context)
        self.done = True  # a task that outlives this must not use the connection
        await self._writer.leave(error)
        return False

    async def savepoint(self, name: str | None = None) -> Any:
        raise NotImplementedError("A transaction that has to undo a part of itself should be two.")


class Snapshot:
    """A connection for a while, so that all that is read in the block is of one moment.

    Its reads are short and run in the loop's thread.
    """

    def __init__(self, engine: "GroupEngine") -> None:
        self._engine = engine
        self.done = False
        self.written: set[str] = set()

    async def __aenter__(self) -> "Snapshot":
        await self._engine.snapshots.acquire()
        try:
            self.connection = self._engine.snapshot_connection()
            self.connection.execute("BEGIN")
        except BaseException:
            self._engine.snapshots.release()
            raise
        self._context = self._engine.current_transaction.set(cast(Any, self))
        return self

    async def __aexit__(self, *_: Any) -> None:
        self._engine.current_transaction.reset(self._context)
        self.done = True
        self.connection.rollback()
        self._engine.free_snapshots.append(self.connection)
        self._engine.snapshots.release()


class GroupEngine(SQLiteEngine):
    """One writer, several readers, all of them kept open."""

    __slots__ = ("_checkpoints", "_loop_reader", "_readers", "free_snapshots", "snapshots", "writer")

    def __init__(self, path: Path, *, checkpoints: bool = True) -> None:
        super().__init__(str(path), timeout=5)
        self._checkpoints = checkpoints
        self.writer: Writer = None  # type: ignore[assignment]  # until `start`
        self.snapshots = asyncio.Semaphore(SNAPSHOTS)
        self.free_snapshots: list[sqlite3.Connection] = []

    async def start(self) -> None:
        """Open the connections, the writer first, since it makes the file and its WAL."""
        pragmas = _WRITER if self._checkpoints else (*_WRITER, _NO_CHECKPOINTS)
        Path(self.path).touch(0o600)  # noqa: ASYNC240 - once, at the start; its WAL gets the same mode
        self.writer = Writer(*await self._open(*pragmas))
        self._readers = _Readers([(await self._open(*_READER)) for _ in range(READERS)])
        self._loop_reader = self._connect(*_READER, converters=False)

    async def stop(self) -> None:
        """Close the readers, then the writer, which checkpoints as the last one."""
        self._loop_reader.close()
        for connection in self.free_snapshots:
            connection.close()
        await self._readers.close()
        await self.writer.close()

    def begin(self) -> GroupTransaction:
        """A turn at the writer: for `yema.changes.transaction()` and for migrations."""
        return GroupTransaction(self)

    def snapshot(self) -> Snapshot:
        """For `yema.database.snapshot()`."""
        return Snapshot(self)

    def snapshot_connection(self) -> sqlite3.Connection:
        """One that nobody is using; opened when it is first needed."""
        return self.free_snapshots.pop() if self.free_snapshots else self._connect(*_READER)

    def transaction(self, *_: Any, **__: Any) -> GroupTransaction:
        """Piccolo's own door is closed: who comes by it would leave nothing behind for the phones."""
        raise WrittenAround("Write through yema.changes.transaction().")

    async def lock_migrations(self) -> None:
        """BEGIN IMMEDIATE has done it."""

    def _connect(self, *pragmas: str, converters: bool = True) -> sqlite3.Connection:
        raw = sqlite3.connect(
            self.path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES if converters else 0,
        )
        for pragma in (*_EVERYBODY, *pragmas):
            raw.execute(pragma).fetchall()
        return raw

    async def _open(self, *pragmas: str) -> tuple[sqlite3.Connection, aiosqlite.Connection]:
        raw = self._connect(*pragmas)
        return raw, await aiosqlite.Connection(lambda: raw, iter_chunk_size=64)

    def _current(self) -> GroupTransaction | Snapshot | None:
        current: Any = self.current_transaction.get()
        return None if current is None or current.done else current

    async def run_statement(self, statement: Statement, args: Sequence[Any]) -> list[Row]:
        """Run a short statement in the loop's thread: in the current transaction, or on the reader that is kept for it."""
        current = self._current()
        try:
            if current is None:
                return self._loop_reader.execute(statement.sqlite, args).fetchall()
            if statement.writes:
                current.written.add(statement.writes)
            rows: list[Row] = current.connection.execute(statement.sqlite, args).fetchall()
            return rows
        except sqlite3.Error as error:
            raise _ours(error) from error

    def stamp(self) -> int | None:
        """SQLite's own count of what other connections have committed, our writer and other processes included."""
        try:
            [version] = self._loop_reader.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:  # whoever then asks properly gets a proper answer
            return None
        return int(version)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        """Run what Piccolo's query builder made."""
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        return await self._run(ddl, [])

    async def _run(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        not_recorded()
        current = self._current()
        try:
            if current is None:
                return await self._readers.run(sql, args)
            if table := written_table(sql):
                current.written.add(table)
            return _dicts(current.connection, sql, args)
        except sqlite3.Error as error:
            raise _ours(error) from error


class _Readers:
    """Readers in threads. A semaphore hands them out fairly; asyncio.Queue does not."""

    def __init__(self, connections: list[tuple[sqlite3.Connection, aiosqlite.Connection]]) -> None:
        self._free = list(connections)
        self._all = list(connections)
        self._turn = asyncio.Semaphore(len(connections))

    async def run(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        async with self._turn:
            raw, threaded = self._free.pop()
            # The thread may still be reading when the asker is cancelled: the reader comes back when it has finished.
            work = asyncio.ensure_future(threaded._execute(_dicts, raw, sql, args))  # type: ignore[no-untyped-call]
            work.add_done_callback(lambda _: self._free.append((raw, threaded)))
            try:
                rows: list[dict[str, Any]] = await asyncio.shield(work)
            except asyncio.CancelledError:
                with suppress(Exception):
                    await work
                raise
            return rows

    async def close(self) -> None:
        for _, threaded in self._all:
            await threaded.close()


def _dicts(raw: sqlite3.Connection, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
    cursor = raw.execute(sql, args)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _ours(error: sqlite3.Error) -> BaseException:
    if is_read_only(error):
        return WrittenAround("Write through yema.changes.transaction().")
    return trouble(error) or error
