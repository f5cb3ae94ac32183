"""`kill -9` while young people write: what was acknowledged is there, once, and opens."""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.demo.processes import Server, serving
from tests.faults.people import Crowd, crowd
from yema.ids import uuid7

ROUNDS, ROUNDS_TO_PROVE = 15, 200
WRITERS = 4
FIRST_LINES = 20
"""So many people write their first line in each round, for which their key has to be made."""


class Written(NamedTuple):
    """An entry that was acknowledged."""

    token: str
    id: str
    text: str


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """`--prove` asks for more."""
    return ROUNDS_TO_PROVE if request.config.getoption("prove", False) else ROUNDS


@pytest.fixture
def people(tmp_path: Path, rounds: int) -> Crowd:
    return crowd(tmp_path, rounds * FIRST_LINES)


class Writers:
    """Phones that write until the server is gone."""

    def __init__(self, server: Server, exchange: UUID, tokens: list[str]) -> None:
        self.acknowledged: list[Written] = []
        self.refused: list[int] = []
        self._exchange = exchange
        self._threads = [
            threading.Thread(target=self._write, args=(server.url, tokens[n::WRITERS])) for n in range(WRITERS)
        ]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join(30)

    def _write(self, url: str, tokens: list[str]) -> None:
        with httpx.Client(base_url=f"{url}/api/v1", trust_env=False, timeout=10) as phone:
            for token in cycle(tokens):
                entry = str(uuid7())
                draft = make.entry(self._exchange, f"What I thought of as {entry}")
                try:
                    answer = phone.put(
                        f"/journal/entries/{entry}", json=draft, headers={"authorization": f"Bearer {token}"}
                    )
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    self.acknowledged.append(Written(token, entry, draft["text"]))
                else:
                    self.refused.append(answer.status_code)


def write_until_killed(server: Server, exchange: UUID, tokens: list[str], seconds: float) -> Writers:
    """Let the phones write so long, and kill the server under them."""
    with Writers(server, exchange, tokens) as writers:
        time.sleep(seconds)
        server.process.kill()
    server.process.wait()
    return writers


def read(server: Server, written: list[Written]) -> list[Written]:
    """These entries as their authors find them now, each as often as it is there."""
    asked = {entry.id for entry in written}
    return [
        Written(token, item["id"], item["text"])
        for token in sorted({entry.token for entry in written})
        for item in pages(server, token)
        if item["id"] in asked and item["version"] == 1
    ]


def pages(server: Server, token: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    with server.client(token) as phone:
        while True:
            page = phone.get(f"/journal/entries?limit=200{cursor}").raise_for_status().json()
            yield from page["items"]
            if "next_cursor" not in page:
                return
            cursor = f"&cursor={page['next_cursor']}"


def integrity(data: Path) -> list[str]:
    found = []
    for name in ("yema.sqlite", "keyring.sqlite"):
        with closing(sqlite3.connect(f"file:{data / name}?mode=ro", uri=True)) as raw:
            found += [row[0] for row in raw.execute("PRAGMA integrity_check")]
    return found


def test_nothing_that_was_acknowledged_is_lost_or_doubled_by_a_kill(tmp_path: Path, people: Crowd, rounds: int) -> None:
    moments = random.Random(7)
    written: list[Written] = []
    everything: list[Written] = []
    for number in range(rounds):
        with serving(tmp_path) as server:
            assert (sorted(read(server, written)), integrity(tmp_path)) == (sorted(written), ["ok", "ok"])
            tokens = people.tokens[number * FIRST_LINES : (number + 1) * FIRST_LINES]

            killed = write_until_killed(server, people.exchange, tokens, moments.uniform(0.03, 0.4))

        assert killed.refused == []
        written = killed.acknowledged
        everything += written

    with serving(tmp_path) as server:
        assert (sorted(read(server, everything)), integrity(tmp_path)) == (sorted(everything), ["ok", "ok"])
    assert len(everything) > rounds * WRITERS
