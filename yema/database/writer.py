"""Group commit: transactions that wait for SQLite's one writer share a COMMIT, each in a savepoint of its own.

A transaction is answered when its group is on the disk (`synchronous=FULL`). One that fails undoes only itself, yet is answered
with the group too: what it saw may have been written by a neighbour whose COMMIT can still fail. The disk being full rolls the whole
SQLite transaction back, and then everybody in the group hears of it and the writer is free again.

Short statements run in the loop's thread, where they take microseconds; only COMMIT, which waits for the disk, goes to aiosqlite's.
"""

import asyncio
import sqlite3
from typing import Any

import aiosqlite

from yema.database.trouble import trouble
from yema.errors import Unavailable, YemaError

GROUP_MAX = 64
WAIT_SECONDS = 5.0
"""How long a write waits for its turn, and BEGIN for another process, before the answer is 503."""


class Writer:
    """The writer connection, handed from one transaction to the next; the last in line commits for all."""

    def __init__(self, raw: sqlite3.Connection, threaded: aiosqlite.Connection) -> None:
        self.raw = raw
        self._threaded = threaded
        self._turn = asyncio.Lock()  # first come, first served
        self._waiting = 0
        self._group: list[asyncio.Future[None]] = []
        self._open = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def enter(self) -> None:
        """Wait for the turn and open a savepoint. Raises `Unavailable` after `WAIT_SECONDS`."""
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turn.acquire()
        except BaseException as error:
            self._waiting -= 1
            if self._group and not self._waiting:  # the others counted on this one to commit for them
                self._spawn(self._settle())
            if isinstance(error, TimeoutError):
                raise Unavailable(retry_after=1) from error
            raise
        self._waiting -= 1
        try:
            if not self._open:
                await self._begin()
            self.raw.execute("SAVEPOINT one")
        except BaseException as error:
            self._pass_on()
            raise (trouble(error) or error) from error

    def leave(self, *, failed: bool) -> asyncio.Future[None]:
        """Close the savepoint and hand the writer on; the future is done when the group is on the disk, or lost."""
        settled = asyncio.get_running_loop().create_future()
        self._group.append(settled)
        try:
            if failed:
                self.raw.execute("ROLLBACK TO one")
            self.raw.execute("RELEASE one")
        except sqlite3.Error as error:
            self._lose(error)
        self._pass_on()
        return settled

    async def close(self) -> None:
        """Commit what is open, let SQLite tidy up, and end the thread."""
        async with self._turn:
            await self._commit()
            await self._threaded.close()

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
        if self._open and (not self._waiting or len(self._group) >= GROUP_MAX):
            self._spawn(self._commit_and_release())
        else:
            self._turn.release()

    async def _commit_and_release(self) -> None:
        try:
            await self._commit()
        finally:
            self._turn.release()

    async def _settle(self) -> None:
        async with self._turn:
            if not self._waiting:
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

    def _lose(self, error: sqlite3.Error) -> None:
        group, self._group, self._open = self._group, [], False
        self._tell(group, error)

    def _tell(self, group: list[asyncio.Future[None]], error: BaseException) -> None:
        if self.raw.in_transaction:
            self.raw.rollback()
        for settled in group:
            if not settled.done():
                settled.set_exception(lost(error))
                settled.exception()  # whoever was cancelled does not ask any more

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def lost(error: BaseException) -> YemaError:
    """What each transaction of a group hears whose COMMIT failed: nothing was saved, and why."""
    told = trouble(error) or Unavailable(retry_after=1)
    told.__cause__ = error
    return told
