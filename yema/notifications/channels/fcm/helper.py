"""The process of its own in which firebase-admin lives, seen from the server. Started when it is needed, and ended when it is idle.

firebase-admin takes more of the processor for a message than the server does for a request; in the server's own loop, or in a thread
beside it, everybody would wait for it. ADR 18.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from yema.notifications.channels import Outcome, Outgoing
from yema.notifications.channels.fcm.frames import BYTES_MAX, question, read_answer

log = logging.getLogger("yema")

ANSWER_SECONDS_MAX = 45
"""For a batch; less than the lease of a delivery, after which somebody else would send it."""
IDLE_SECONDS = 300
REST_SECONDS = (0, 5, 10, 30, 100)
"""How long after its start no other one is started, the first time, the second time ... without an answer: each takes a second of a
processor."""
STOP_SECONDS = 5


class NoAnswer(Exception):
    """The helper has died, or takes too long. What it had may have been sent or not."""


class Helper:
    """One process, or none yet."""

    def __init__(self, credentials: str, url: str, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._told = (credentials, url)
        self._idle_seconds = idle_seconds
        self._starting = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: set[asyncio.Task[None]] = set()
        self._asked: dict[int, asyncio.Future[list[Outcome]]] = {}
        self._numbers = 0
        self._idle: asyncio.TimerHandle | None = None
        self._starts, self._not_before = 0, 0.0  # since there was an answer

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._process.pid if self._process else None

    async def ask(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Have these sent. Raises `NoAnswer`."""
        process = await self._started()
        self._numbers += 1
        number = self._numbers
        answered: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._asked[number] = answered
        assert process.stdin is not None  # noqa: S101 - it was opened with one
        try:
            process.stdin.write(question(number, messages))
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                await process.stdin.drain()
                return await answered
        except TimeoutError:
            self._forget(process)
            _kill(process)  # what it has not sent by now is sent by somebody else
            raise NoAnswer from None
        except (OSError, RuntimeError):  # its input is closed; uvloop has a word of its own for that
            raise NoAnswer from None
        finally:
            del self._asked[number]
            self._rest()

    async def close(self) -> None:
        """End it, and wait until it has; what it is still sending has a few seconds."""
        process = self._process
        self._let_go()
        if not self._reading:
            return
        _, late = await asyncio.wait(self._reading, timeout=STOP_SECONDS)
        if late and process:
            _kill(process)
            await asyncio.wait(late, timeout=STOP_SECONDS)

    async def _started(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self._idle:
                self._idle.cancel()
            if self._process and self._process.returncode is not None:
                self._forget(self._process)
            if self._process is None:
                self._count_start()
                self._process = await self._start()
                reading = asyncio.create_task(self._read(self._process))
                self._reading.add(reading)
                reading.add_done_callback(self._reading.discard)
            return self._process

    def _count_start(self) -> None:
        """Raises `NoAnswer` where it is too early for another one."""
        if time.monotonic() < self._not_before:
            raise NoAnswer
        self._not_before = time.monotonic() + REST_SECONDS[min(self._starts, len(REST_SECONDS) - 1)]
        self._starts += 1
        if self._starts == 3:
            log.error("fcm_helper_lost", extra={"count": self._starts - 1})

    async def _start(self) -> asyncio.subprocess.Process:
        # Of our settings it is told these two only, and not the password of the database.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("YEMA_")}
        path = os.pathsep.join(path for path in sys.path if path)
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", __package__, *self._told),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # libraries may say there what we would not
                env={**environment, "PYTHONPATH": path},
                limit=BYTES_MAX,
                start_new_session=True,  # Ctrl-C is for the server, which then ends this one
            )
        except OSError:
            raise NoAnswer from None

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Until it ends."""
        assert process.stdout is not None  # noqa: S101 - it was opened with one
        while line := await process.stdout.readline():
            self._starts, self._not_before = 0, 0.0
            number, outcomes = read_answer(line)
            if (asked := self._asked.get(number)) and not asked.done():
                asked.set_result(outcomes)
        self._forget(process)
        await _ended(process)

    def _forget(self, process: asyncio.subprocess.Process) -> None:
        if self._process is not process:
            return
        self._process = None
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(NoAnswer())

    def _rest(self) -> None:
        if self._process and not self._asked:
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._let_go)

    def _let_go(self) -> None:
        """It ends when nobody can ask it any more."""
        if self._idle:
            self._idle.cancel()
        process = self._process
        if process and process.stdin:
            self._forget(process)
            process.stdin.close()


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
            return
    _kill(process)
    await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
