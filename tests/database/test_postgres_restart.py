"""Postgres is restarted, or falls over, under a server that goes on."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make, postgres
from tests.client import TestApp
from tests.database.outside import outside
from tests.http.worlds import manners, problem
from yema.app import create_asgi
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings

BINARIES = postgres.binaries()
DATABASE = "yema_restarted"
STOP_SECONDS = 20


class Restarted(postgres.PostgresServer):
    """A Postgres of one test's own, since nobody else can go on while it is down."""

    def end(self, how: signal.Signals) -> None:
        """SIGINT: end all sessions and stop. SIGQUIT: as if it had fallen over."""
        assert self._process
        self._process.send_signal(how)
        self._process.wait(STOP_SECONDS)

    def begin(self) -> None:
        assert self._process
        again = self._process.args
        self._process = subprocess.Popen(
            again,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
            **self._as,  # type: ignore[call-overload]
        )
        self._wait()


class Phone(NamedTuple):
    """Somebody's phone, over a house on that Postgres."""

    client: httpx.AsyncClient
    exchange: UUID
    house: Settings

    async def read(self) -> httpx.Response:
        return await self.client.get("/me")

    async def write(self) -> httpx.Response:
        return await self.client.put(f"/journal/entries/{uuid7()}", json=make.entry(self.exchange))


@pytest.fixture(params=["postgres"] if BINARIES else [])
def server() -> Iterator[Restarted]:
    assert BINARIES
    server = Restarted(BINARIES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def phone(server: Restarted, tmp_path: Path) -> AsyncIterator[Phone]:
    house = Settings(data=tmp_path, database_url=server.create(DATABASE))
    async with open_house(house):
        exchange = await make.exchange()
        app = TestApp(create_asgi(house))
        yield Phone(await app.as_(await make.participant(exchange)), exchange, house)
        await app.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "fallen over"])
async def test_while_postgres_is_down_all_is_503_and_afterwards_it_works(
    server: Restarted, phone: Phone, how: signal.Signals
) -> None:
    async with outside(phone.house) as somebody:
        await somebody.session.execute("BEGIN; LOCK TABLE journal_entry")
        writing = asyncio.create_task(phone.write())
        await somebody.waiting()
        await asyncio.to_thread(server.end, how)

    down = [await writing, await phone.read(), await phone.write()]
    await asyncio.to_thread(server.begin)
    up = [await phone.read(), await phone.write()]

    told = [(manners(answer), answer.headers["retry-after"]) for answer in down]
    assert (told, [answer.status_code for answer in up]) == ([(problem(503, "busy"), "1")] * 3, [200, 201])
