"""`kill -9` while phones push: what was acknowledged is there, all of it once, and opens."""

import asyncio
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, cycle
from pathlib import Path

import httpx
import pytest

from tests.demo.processes import free_port, serving
from tests.faults.conftest import Report
from tests.faults.forking import Starter, starter
from tests.faults.held import (
    counted,
    diaries_that_differ,
    integrity,
    reflections_that_differ,
    revisions_that_differ,
    to_be_counted,
)
from tests.faults.people import Crowd, crowd
from tests.faults.pushing import Pushing

KILLS, KILLS_TO_PROVE = 100, 1000
WRITERS = 4
WHILE_STARTING = 10
"""Every tenth kill hits a server that is still starting."""
ANSWER_SECONDS = 30
PAUSE_SECONDS = 0.02
"""Before a phone knocks again at a server that does not listen yet."""


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """`--prove` asks for more."""
    return KILLS_TO_PROVE if request.config.getoption("prove", False) else KILLS


@pytest.fixture
def people(tmp_path: Path, kills: int) -> Crowd:
    return crowd(tmp_path, WRITERS * (kills + 1))


class Writers:
    """Threads with phones that push without pause, over one server after the other."""

    def __init__(self, people: Crowd, port: int) -> None:
        self.port = port
        self.phones = [Pushing(somebody, seed) for seed, somebody in enumerate(people.people)]
        self._clients = [
            httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False, timeout=ANSWER_SECONDS)
            for _ in range(WRITERS)
        ]
        self._chance = random.Random(7)
        self._answered = threading.Event()
        self._killed = threading.Event()

    def write_until_killed(self, number: int, starter: Starter) -> None:
        """The phones of a round push their last lists again, then new ones, and the server is killed under them."""
        self._answered.clear()
        self._killed.clear()
        with ThreadPoolExecutor(WRITERS) as threads, starter.started() as server:
            work = [threads.submit(self._write, number, writer) for writer in range(WRITERS)]
            if number % WHILE_STARTING:
                assert self._answered.wait(ANSWER_SECONDS)
            time.sleep(self._chance.uniform(0, 0.4))
            server.kill()
            self._killed.set()
        for writer in work:
            writer.result()

    def _write(self, number: int, writer: int) -> None:
        """With a phone of the last round and a new one, whose first line needs a key that has to be made."""
        old, new = self.phones[number * WRITERS + writer], self.phones[(number + 1) * WRITERS + writer]
        again = [old.push_again] if old.has_pushed else []
        try:
            for turn in chain(again, cycle([new.push, old.push])):
                if not self._takes_turn(turn, self._clients[writer]):
                    return
        finally:
            self._answered.set()

    def _takes_turn(self, turn: Callable[[httpx.Client], None], client: httpx.Client) -> bool:
        """Whether the server answered; waits for one that is starting."""
        while True:
            try:
                turn(client)
            except httpx.ConnectError:
                if self._killed.wait(PAUSE_SECONDS):
                    return False
            except httpx.TransportError:
                return False
            else:
                self._answered.set()
                return True

    def settle(self) -> None:
        """Push what is still unanswered."""
        for phone in self.phones:
            phone.settle(self._clients[0])

    def close(self) -> None:
        for client in self._clients:
            client.close()


def figures(phones: list[Pushing]) -> str:
    acknowledged, duplicates = (sum(n) for n in zip(*((p.acknowledged, p.duplicates) for p in phones), strict=True))
    return f"{acknowledged} mutations acknowledged, {duplicates} duplicates"


def test_each_mutation_that_was_acknowledged_is_there_once_after_every_kill(
    tmp_path: Path, people: Crowd, kills: int, report: Report
) -> None:
    began = time.monotonic()
    writers = Writers(people, free_port())
    with starter(tmp_path, writers.port) as start:
        for number in range(kills):
            writers.write_until_killed(number, start)
    writers.close()
    seconds = time.monotonic() - began

    with serving(tmp_path) as server, server.client() as client:
        for phone in writers.phones:
            phone.settle(client)
        assert diaries_that_differ(client, writers.phones) == []
        assert reflections_that_differ(client, people, writers.phones) == set()

    assert asyncio.run(revisions_that_differ(tmp_path, writers.phones)) == set()
    assert counted(tmp_path) == to_be_counted(people, writers.phones)
    assert integrity(tmp_path) == ["ok", "ok"]
    report(f"{kills} kills in {seconds:.0f} s: {figures(writers.phones)}")
