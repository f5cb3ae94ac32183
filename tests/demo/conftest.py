"""A tour that was walked once, and a server with people in it, for all tests here."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from tests import make
from tests.demo.processes import Ended, Server, free_port, serving, steps, yema
from yema.house import open_house
from yema.settings import Settings


class Walked(NamedTuple):
    """A folder in which `yema demo --once` has run, and what it said."""

    data: Path
    ended: Ended

    def step(self, heading: str) -> list[str]:
        """The lines of the one step whose heading begins like this."""
        [lines] = [lines for found, lines in steps(self.ended.out).items() if found.startswith(heading)]
        return lines


def walk(data: Path, *options: str, **environment: str) -> Walked:
    """`yema demo --once` on this folder."""
    return Walked(data, yema("demo", "--once", "--port", str(free_port()), "--data", data, *options, **environment))


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The demo in an empty folder."""
    return walk(tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="session")
def in_arabic(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The demo, walked by people who read Arabic."""
    return walk(tmp_path_factory.mktemp("arabic"), "--locale", "ar")


class Live(NamedTuple):
    """A running server on a folder with real people."""

    server: Server
    data: Path
    exchange: UUID
    person: UUID
    email: str


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    data = tmp_path_factory.mktemp("live") / "data"
    exchange, person = asyncio.run(inhabit(data))
    with serving(data) as server:
        yield Live(server, data, exchange, person, "nina@example.org")


async def inhabit(data: Path) -> tuple[UUID, UUID]:
    """An exchange with one participant who has an address."""
    async with open_house(Settings(data=data)):
        exchange = await make.exchange()
        return exchange, await make.participant(exchange, name="Nina", email="nina@example.org")
