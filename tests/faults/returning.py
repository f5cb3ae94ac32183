"""Phones that come back all at once with full outboxes, in a process of their own: each keeps one connection.

The process reads one `Crew` from its standard input and answers one `Outcome`. The phones are reference phones (`yema/demo/phone.py`).
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
import uvloop
from msgspec import Struct

from tests.demo.processes import ROOT
from yema.demo.phone import Phone

SHARED_OF = 5
"""One page of so many is shared: four fifths of the mutations are pages."""
TEXT = "Today we looked for the source of the river, and talked about water at home. " * 5
ANSWER_SECONDS = 180


class Traveller(Struct):
    """Whose phone it is, and where it writes."""

    token: str
    exchange: UUID


class Crew(Struct):
    """Who comes back, to which port, with how many mutations each."""

    port: int
    mutations: int
    travellers: list[Traveller]


class Outcome(Struct):
    """What the phones have seen."""

    statuses: dict[str, int] = {}
    """Of answers, as HTTP knows them; a dropped connection counts too."""
    results: dict[str, int] = {}
    push_seconds: list[float] = []
    """Of each push, from the request to its answer."""
    pushed_in: float = 0
    pulled_in: float = 0
    differing: int = 0
    """Phones whose diary did not come back as they wrote it."""

    def count_status(self, status: str) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def count_result(self, status: str) -> None:
        self.results[status] = self.results.get(status, 0) + 1


class Connection:
    """One phone's connection, kept alive."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"host: yema.test\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        self.close()
        self._streams = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """The status and the decoded answer. Raises `OSError` or `EOFError` where the connection is dropped."""
        if self._streams is None or self._streams[0].at_eof():  # the server closes those that nobody uses
            await self.open()
        assert self._streams is not None
        reader, writer = self._streams
        sent = msgspec.json.encode(body)
        writer.write(f"POST /api/v1{path} HTTP/1.1\r\n{self._head}content-length: {len(sent)}\r\n\r\n".encode() + sent)
        async with asyncio.timeout(ANSWER_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("\r\ncontent-length:")[2].partition("\r\n")[0])
            return int(head[9:12]), msgspec.json.decode(await reader.readexactly(length))

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


class Returning:
    """A phone that comes back."""

    def __init__(self, traveller: Traveller, crew: Crew, outcome: Outcome) -> None:
        self.connection = Connection(crew.port, traveller.token)
        self._outcome = outcome
        self._phone = Phone()
        pages = [
            self._phone.write(traveller.exchange, TEXT) for _ in range(crew.mutations * SHARED_OF // (SHARED_OF + 1))
        ]
        for page in pages[: crew.mutations - len(pages)]:
            self._phone.share(page, "coordinators")
        self._written = self._phone.diary()
        self._shared = set(pages[: crew.mutations - len(pages)])

    async def push(self) -> None:
        """Until the outbox is empty; what is for later is sent again later."""
        while (asked := self._phone.to_push()) is not None:
            began = time.perf_counter()
            answer = await self._ask("/sync/push", asked)
            self._outcome.push_seconds.append(time.perf_counter() - began)
            for result in answer["results"]:
                self._outcome.count_result(result["status"])
            self._phone.pushed(answer)
            await asyncio.sleep(self._phone.retry_after)

    async def pull(self) -> None:
        """Everything, as a fresh phone; and see whether it is what was written."""
        phone = Phone()
        while not phone.pulled(await self._ask("/sync/pull", phone.to_pull())):
            pass
        expected = {page: (1, draft["text"], page in self._shared) for page, draft in self._written.items()}
        found = {p: (d["version"], d["text"], "shared_with" in d) for p, d in phone.all("entry").items()}
        self._outcome.differing += found != expected

    async def _ask(self, path: str, body: Any) -> Any:
        try:
            status, answer = await self.connection.post(path, body)
        except (OSError, EOFError) as dropped:
            self._outcome.count_status(type(dropped).__name__)
            raise
        self._outcome.count_status(str(status))
        return answer


async def _return(crew: Crew) -> Outcome:
    outcome = Outcome()
    phones = [Returning(traveller, crew, outcome) for traveller in crew.travellers]
    await _all(phones, lambda phone: phone.connection.open())
    outcome.pushed_in = await _all(phones, Returning.push)
    outcome.pulled_in = await _all(phones, Returning.pull)
    for phone in phones:
        phone.connection.close()
    return outcome


async def _all(phones: list[Returning], act: Callable[[Returning], Awaitable[None]]) -> float:
    """At once; the seconds until the last one has done it. One that fails stops no other."""
    began = time.perf_counter()
    await asyncio.gather(*map(act, phones), return_exceptions=True)
    return time.perf_counter() - began


def come_back(crew: Crew) -> Outcome:
    """Let them come back, in another process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.returning"],
        input=msgspec.json.encode(crew),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.endswith(b"}"), f"The phones told {len(done.stdout)} bytes: {done.stdout[-200:]!r}"
    return msgspec.json.decode(done.stdout, type=Outcome)


if __name__ == "__main__":
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Crew)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(_return(told))))
    sys.stdout.buffer.flush()
