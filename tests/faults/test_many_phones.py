"""Everybody comes back at once: each mutation is carried out once, nobody is turned away, and the server is as it was before."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from tests import make
from tests.demo.processes import Server, serving
from tests.faults.conftest import Report
from tests.faults.held import counted
from tests.faults.people import Somebody, crowd
from tests.faults.returning import Crew, Outcome, Traveller, come_back
from tests.phone import Phone
from yema.accounts.signed_in import SignedIn
from yema.app import KINDS
from yema.database import Statement, fetch
from yema.journals.sealed import key_to_write
from yema.settings import Settings
from yema.sync import turns
from yema.sync.push import push
from yema.sync.schemas import PushDraft

PUSHES = 100
KEPT_OPEN = 600

PHONES, MUTATIONS = 100, 20
PHONES_TO_PROVE, MUTATIONS_TO_PROVE = 1000, 50
FIRST_ONES = 5
"""They come back before the others, so that everything has been used once when the memory is measured."""
REST_SECONDS = 3
GROWTH_MAX = 1.25
CACHES_BYTES = 16 * 1024 * 1024
PHONE_BYTES = 48 * 1024
"""What allocators keep of each connection that was open at the same time: the next wave of as many phones uses it again."""

_CARRIED_OUT = Statement("SELECT count(*) FROM once")


async def waiting(count: int, pages: int) -> list[tuple[SignedIn, Phone]]:
    """People whose phones have so many pages to push."""
    exchange = await make.exchange()
    people = [(make.signed_in(await make.participant(exchange)), Phone()) for _ in range(count)]
    for person, phone in people:
        await key_to_write(person.id)
        for number in range(pages):
            phone.write(exchange, f"Page {number}")
    return people


async def push_once(person: SignedIn, phone: Phone) -> list[Any]:
    """The results of one push, as the phone hears them."""
    draft = msgspec.json.decode(msgspec.json.encode(phone.to_push()), type=PushDraft)
    answer = msgspec.to_builtins(await push(person, draft, KINDS))
    phone.pushed(answer)
    results: list[Any] = answer["results"]
    return results


async def carried_out() -> int:
    [[count]] = await fetch(_CARRIED_OUT)
    return int(count)


async def test_the_first_phones_are_answered_before_the_last_ones_are_begun(house: Settings) -> None:
    people = await waiting(PUSHES, 10)

    pushes = [asyncio.create_task(push_once(*one)) for one in people]
    await asyncio.wait(pushes, return_when=asyncio.FIRST_COMPLETED)
    done = await carried_out()
    await asyncio.gather(*pushes)

    assert (done < PUSHES * 10 / 2, await carried_out()) == (True, PUSHES * 10)


async def test_who_would_wait_too_long_is_told_to_come_back_and_then_gets_through(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await waiting(PUSHES, 10)
    monkeypatch.setattr(turns, "ANSWER_SECONDS", 0.05)

    told = await asyncio.gather(*(push_once(*one) for one in people))
    monkeypatch.undo()
    for _ in range(5):  # on a machine that has other things to do, some are asked to come back once more
        await asyncio.gather(*(push_once(*one) for one in people if one[1].outbox))

    later = [result["retry_after"] for results in told for result in results if result["status"] == "later"]
    assert (len(later) > 0, max(later) <= 5, await carried_out()) == (True, True, PUSHES * 10)


def test_phones_that_keep_their_connections_open_hold_nobody_up(tmp_path: Path) -> None:
    with serving(tmp_path) as server, ExitStack() as kept:
        for _ in range(KEPT_OPEN):
            phone = kept.enter_context(closing(HTTPConnection("127.0.0.1", server.port, timeout=5)))
            phone.request("GET", "/healthz")
            assert phone.getresponse().read() == b"ok"

        assert server.get("/packs").status_code == 200


class Memory:
    """The resident memory of a server, watched from outside."""

    def __init__(self, server: Server) -> None:
        self._process = psutil.Process(server.process.pid)
        self._enough = threading.Event()
        self.peak = 0

    @property
    def now(self) -> int:
        resident: int = self._process.memory_info().rss
        return resident

    @property
    def cpu_seconds(self) -> float:
        return sum(self._process.cpu_times()[:2])

    @contextmanager
    def watched(self) -> Iterator[None]:
        with ThreadPoolExecutor(1) as thread:
            watching = thread.submit(self._watch)
            try:
                yield
            finally:
                self._enough.set()
        watching.result()

    def _watch(self) -> None:
        while not self._enough.wait(0.05):
            self.peak = max(self.peak, self.now)


def crew(server: Server, people: list[Somebody], mutations: int) -> Crew:
    return Crew(server.port, mutations, [Traveller(one.token, one.exchange) for one in people])


def told(outcome: Outcome, seconds: float, memory: list[int]) -> str:
    """The figures for the notes."""
    waits = sorted(outcome.push_seconds)
    later, all_results = outcome.results.get("later", 0), sum(outcome.results.values())
    before, peak, after = (size / 1e6 for size in memory)
    return (
        f"pushed in {outcome.pushed_in:.1f} s, {outcome.results['applied'] / outcome.pushed_in:.0f} applied a second,"
        f" a push p50 {waits[len(waits) // 2]:.2f} s, p99 {waits[len(waits) * 99 // 100]:.2f} s, {later} of {all_results} later;"
        f" pulled in {outcome.pulled_in:.1f} s; {seconds:.1f} s of the server's CPU;"
        f" memory {before:.0f} MB before, {peak:.0f} at most, {after:.0f} after"
    )


def test_everybody_who_comes_back_at_once_gets_through_and_leaves_the_server_as_it_was(
    tmp_path: Path, request: pytest.FixtureRequest, report: Report
) -> None:
    long = request.config.getoption("prove", False)
    phones, mutations = (PHONES_TO_PROVE, MUTATIONS_TO_PROVE) if long else (PHONES, MUTATIONS)
    people = crowd(tmp_path, phones + FIRST_ONES)
    with serving(tmp_path) as server:
        come_back(crew(server, people.people[phones:], mutations))
        memory = Memory(server)
        before, cpu = memory.now, memory.cpu_seconds
        with memory.watched():
            outcome = come_back(crew(server, people.people[:phones], mutations))
        cpu = memory.cpu_seconds - cpu
        time.sleep(REST_SECONDS)
        after = memory.now

    report(f"{phones} phones with {mutations} mutations each: {told(outcome, cpu, [before, memory.peak, after])}")
    applied = {name: count for name, count in outcome.results.items() if name != "later"}
    assert (set(outcome.statuses), applied, outcome.differing) == ({"200"}, {"applied": phones * mutations}, 0)
    assert counted(tmp_path)["mutations"] == (phones + FIRST_ONES) * mutations
    assert after < before * GROWTH_MAX + CACHES_BYTES + phones * PHONE_BYTES
