"""Group commit: transactions that wait for SQLite's one writer share a COMMIT, each in a savepoint of its own.

A transaction is answered when its group is on the disk (`synchronous=FULL`). One that fails undoes only itself, yet is answered
with the group too: what it saw may have been written by a neighbour whose COMMIT can still fail. The disk being full rolls the whole
SQLite transaction back, and then everybody in the group hears of it and the writer is free again.

Short statements run in the loop's thread, where they take microseconds; only COMMIT, which waits for the disk, goes to aiosqlite's.
"""

import asyncio
import sqlite3

import aiosqlite

from yema.database.trouble import trouble
from yema.errors import DiskFull, Unavailable, YemaError

WAIT_SECONDS = 5.0
"""How long a write waits for its turn, and BEGIN for another process, before the answer is 503."""


class Writer:
    """The writer connection, handed from one transaction to the next. Turns are first come, first served, and COMMIT takes one too."""

    def __init__(self, raw: sqlite3.Connection, threaded: aiosqlite.Connection) -> None:
        self.raw = raw
        self._threaded = threaded
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._group: list[asyncio.Future[None]] = []
        self._open = False
        self._committer: asyncio.Task[None] | None = None

    async def enter(self) -> None:
        """Wait for the turn and open a savepoint. Raises `Unavailable` after `WAIT_SECONDS`."""
        if self._turn.locked() or self._waiting:
            await self._wait()
        else:
            await self._turn.acquire()  # at once
        try:
            if not self._open:
                await self._begin()
            self.raw.execute("SAVEPOINT one")
        except BaseException as error:
            self._pass_on()
            raise (trouble(error) or error) from error

    def leave(self, failed: BaseException | None) -> asyncio.Future[None]:
        """Close the savepoint, undone where it `failed`, and hand the writer on.

        The future is done when the group is on the disk; where the group is lost, it raises what everybody in it hears.
        """
        settled = asyncio.get_running_loop().create_future()
        self._group.append(settled)
        try:
            if failed is not None:
                self.raw.execute("ROLLBACK TO one")
            self.raw.execute("RELEASE one")
        except sqlite3.Error as error:
            self._lose(failed or error)  # a full disk has ended the whole transaction, and the savepoint with it
        self._pass_on()
        return settled

    async def close(self) -> None:
        """Commit what is open, let SQLite tidy up, and end the thread."""
        async with self._turn:
            await self._commit()
            await self._threaded.close()

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise Unavailable(retry_after=1) from error
        finally:
            self._waiting -= 1

    async def _begin(self) -> None:
        deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
        while True:
            try:
                self.raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:  # another process writes: `yema token` beside a server, say
                busy = isinstance(trouble(error), Unavailable)
                if not busy or asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(0.005)
            else:
                self._open = True
                return

    def _pass_on(self) -> None:
        """Let the next one in, and see to it that the group is committed behind those who wait already."""
        self._turn.release()
        if self._open and self._committer is None:
            self._committer = asyncio.get_running_loop().create_task(self._commit_soon())

    async def _commit_soon(self) -> None:
        # Two rounds of the loop: requests that have just arrived reach their transaction and share this COMMIT.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        async with self._turn:
            self._committer = None
            await self._commit()

    async def _commit(self) -> None:
        if not self._open:
            return
        group, self._group, self._open = self._group, [], False
        try:
            await self._threaded.commit()
        except BaseException as error:
            self._tell(group, error)
        else:
            for settled in group:
                if not settled.done():
                    settled.set_result(None)

    def _lose(self, error: BaseException) -> None:
        group, self._group, self._open = self._group, [], False
        self._tell(group, error)

    def _tell(self, group: list[asyncio.Future[None]], error: BaseException) -> None:
        if self.raw.in_transaction:
            self.raw.rollback()
        for settled in group:
            if not settled.done():
                settled.set_exception(lost(error))
                settled.exception()  # whoever was cancelled does not ask any more


def lost(error: BaseException) -> YemaError:
    """What each transaction of a group hears whose COMMIT failed: nothing was saved, and why."""
    told = DiskFull() if isinstance(trouble(error), DiskFull) else Unavailable(retry_after=1)
    told.__cause__ = error
    return told
