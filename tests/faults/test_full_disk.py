"""No room left: the server says so, goes on reading, and keeps what it has acknowledged.

The operating system refuses to let the server's files grow past a size, which stands in for a full disk.
"""

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests import make
from tests.demo.processes import Server, serving
from tests.faults.people import Crowd, crowd
from yema.ids import uuid7

LONG = "What a day. " * 1500
ROOM = 400_000
"""So much can be written beside what is there already."""


class Full(NamedTuple):
    """A server whose disk has become full while one person wrote; what was acknowledged and what was refused."""

    server: Server
    data: Path
    people: Crowd
    acknowledged: list[str]
    refused: list[httpx.Response]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Full]:
    people = crowd(tmp_path, 5)
    largest = max(path.stat().st_size for path in tmp_path.glob("*.sqlite"))
    limit = (largest + ROOM, resource.RLIM_INFINITY)
    with serving(tmp_path, inside=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)) as server:
        state = Full(server, tmp_path, people, [], [])
        while len(state.refused) < 10:
            write(state, people.tokens[0])
        yield state


def write(full: Full, token: str) -> httpx.Response:
    entry = str(uuid7())
    with full.server.client(token) as phone:
        answer = phone.put(f"/journal/entries/{entry}", json=make.entry(full.people.exchange, LONG))
    if answer.status_code == 201:
        full.acknowledged.append(entry)
    else:
        full.refused.append(answer)
    return answer


def own_entries(server: Server, token: str) -> list[str]:
    answer = server.get("/journal/entries?limit=200", token)
    return sorted(item["id"] for item in answer.json()["items"] if item["text"] == LONG)


def told(answers: list[httpx.Response]) -> list[tuple[bool, str]]:
    """Whether each answer is one of those that a phone takes for temporary, and its kind."""
    return [(a.status_code in (503, 507), a.headers["content-type"]) for a in answers]


def room_for(server: Server, size: int) -> None:
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_who_writes_is_told_that_it_did_not_work_now(full: Full) -> None:
    assert (told(full.refused), len(full.acknowledged) > 3) == ([(True, "application/problem+json")] * 10, True)


def test_every_other_write_is_told_so_too(full: Full) -> None:
    room_for(full.server, 1)
    with full.server.client(full.people.tokens[0]) as phone:
        answers = [
            phone.put(f"/journal/entries/{full.acknowledged[0]}", json=make.entry(full.people.exchange, "Again")),
            phone.put(f"/journal/entries/{full.acknowledged[0]}/sharing", json={"shared_with": "coordinators"}),
            phone.delete(f"/journal/entries/{full.acknowledged[0]}"),
            phone.patch("/me", json={"display_name": "Nina"}),
            phone.post("/sign-in/email", json={"email": "nina@example.org"}),
            phone.post("/sign-out"),
        ]

    assert told(answers) == [(True, "application/problem+json")] * 6


def test_reading_goes_on(full: Full) -> None:
    assert own_entries(full.server, full.people.tokens[0]) == sorted(full.acknowledged)


def test_writing_goes_on_as_soon_as_there_is_room(full: Full) -> None:
    room_for(full.server, resource.RLIM_INFINITY)

    answers = [write(full, token).status_code for token in full.people.tokens]

    assert answers == [201] * 5


def test_everything_that_was_acknowledged_is_there_after_a_restart(full: Full) -> None:
    full.server.stop()

    with serving(full.data) as server:
        assert own_entries(server, full.people.tokens[0]) == sorted(full.acknowledged)
