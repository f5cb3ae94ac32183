"""Phones that ask at a steady pace, whether or not the ones before were answered: how long each waits, from the moment it wanted to ask.

In a process of its own, which reads one `Pace` a line and answers with its `Waits`.
"""

import asyncio
import subprocess
import sys
import time

import msgspec
import uvloop
from msgspec import Struct

CONNECTIONS = 16


class Pace(Struct):
    """The same request, so often a second, for so long; each must be answered with 200."""

    port: int
    request: str
    a_second: int
    seconds: float


class Waits(Struct):
    """(when, seconds) of each, by the clock of `time.time`."""

    waits: list[tuple[float, float]]


class _Phones:
    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._waits: list[tuple[float, float]] = []

    async def ask(self) -> Waits:
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._pace.port))
        began = time.time()
        asking = []
        for number in range(int(self._pace.a_second * self._pace.seconds)):
            wanted = began + number / self._pace.a_second
            await asyncio.sleep(max(0, wanted - time.time()))
            asking.append(asyncio.create_task(self._ask(wanted)))
        await asyncio.gather(*asking)
        while not self._free.empty():
            self._free.get_nowait()[1].close()
        return Waits(self._waits)

    async def _ask(self, wanted: float) -> None:
        reader, writer = await self._free.get()
        writer.write(self._pace.request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.partition("\r\ncontent-length:")[2].partition("\r\n")[0]))
        self._waits.append((wanted, time.time() - wanted))
        self._free.put_nowait((reader, writer))
        if not head.startswith("http/1.1 200"):
            raise RuntimeError(f"The answer was {head[:12]}.")


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        waits = await _Phones(msgspec.json.decode(line, type=Pace)).ask()
        sys.stdout.buffer.write(msgspec.json.encode(waits) + b"\n")
        sys.stdout.buffer.flush()


class Pacer:
    """That process, from outside."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.pacing"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def start(self, pace: Pace) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(pace) + b"\n")
        self._process.stdin.flush()

    def waits(self) -> list[tuple[float, float]]:
        """Of the pace that was started last. Raises `RuntimeError`."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The pace could not be kept; what went wrong stands above.")
        return msgspec.json.decode(line, type=Waits).waits

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    uvloop.run(_serve())
