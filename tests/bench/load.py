"""The load: keep-alive connections that ask again as soon as they are answered, in a process of its own.

The process reads one `Round` a line and answers one `Result` a line. It keeps its connections from one round to the next.
"""

import asyncio
import subprocess
import sys
import time
from itertools import count
from typing import Any

import msgspec
import uvloop
from msgspec import Struct

from yema.ids import uuid7

CONNECTIONS = 12
ROUND_SECONDS = 20
NEW_ID = "{--------------new_id--------------}"
"""Stands in a request for an id that is new each time; as long as one, so that nothing else changes."""

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_BODILESS = (204, 304)


NEW_WISH = "{--wish--}"
"""Stands in a request for the next of the round's wishes."""


class Round(Struct):
    """The same request so many times, shared out among all connections, each answered with this status.

    `wishes` stand in it one after the other, and go on from one round to the next.
    """

    port: int
    request: str
    status: int
    count: int
    wishes: list[str] = []


class Result(Struct):
    """How long a round took."""

    seconds: float


class Connection(asyncio.Protocol):
    """One phone: sends, waits for the whole answer, sends again."""

    def __init__(self) -> None:
        self._received = b""
        self._needed = 0
        self._turn: _Turn | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        if self._turn:
            self._turn.fail("The server closed a connection.")

    def take(self, turn: "_Turn") -> None:
        """Ask until the turn has no more requests to give."""
        self._turn = turn
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not self._needed and not self._read_head():
            return
        if len(self._received) < self._needed:
            return
        self._received, self._needed = b"", 0
        if self._turn:
            self._turn.answered()
            self._next()

    def _next(self) -> None:
        request = self._turn.give() if self._turn else None
        if request is not None:
            self._transport.write(request)

    def _read_head(self) -> bool:
        end = self._received.find(_HEAD_END)
        if end < 0:
            return False
        status, head = int(self._received[9:12]), self._received[:end].lower()
        if self._turn and status != self._turn.status:
            self._turn.fail(f"The answer was {status}, not {self._turn.status}.")
        start = head.find(_LENGTH)
        length = int(head[start + len(_LENGTH) :].split(b"\r", 1)[0]) if start >= 0 and status not in _BODILESS else 0
        self._needed = end + len(_HEAD_END) + length
        return True


_wished = count()


class _Turn:
    """What is left of a round."""

    def __init__(self, work: Round) -> None:
        self._wishes = [wish.encode() for wish in work.wishes]
        self.status = work.status
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._parts = [part.encode() for part in work.request.split(NEW_ID)]
        self._to_give = self._to_answer = work.count

    def give(self) -> bytes | None:
        """The next request, or None when all were given."""
        if not self._to_give:
            return None
        self._to_give -= 1
        first, *others = self._parts
        request = b"".join([first, *(part for other in others for part in (str(uuid7()).encode(), other))])
        if self._wishes:
            request = request.replace(NEW_WISH.encode(), self._wishes[next(_wished) % len(self._wishes)])
        return request

    def answered(self) -> None:
        self._to_answer -= 1
        if not self._to_answer and not self.done.done():
            self.done.set_result(None)

    def fail(self, why: str) -> None:
        self._to_give = 0
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))


async def _serve_rounds() -> None:
    loop = asyncio.get_running_loop()
    connections: dict[int, list[Connection]] = {}
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        work = msgspec.json.decode(line, type=Round)
        if work.port not in connections:
            made = [await loop.create_connection(Connection, "127.0.0.1", work.port) for _ in range(CONNECTIONS)]
            connections[work.port] = [connection for _, connection in made]
        turn = _Turn(work)
        started = time.perf_counter()
        for connection in connections[work.port]:
            connection.take(turn)
        async with asyncio.timeout(ROUND_SECONDS):
            await turn.done
        result = Result(time.perf_counter() - started)
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()


class Load:
    """The process that makes the load, from outside."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.load"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, work: Round) -> float:
        """The seconds that the round took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(work) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The load could not be made; what went wrong stands above.")
        return msgspec.json.decode(line, type=Result).seconds

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    uvloop.run(_serve_rounds())
