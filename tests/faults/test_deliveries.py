"""`kill -9` of the worker while a push service has a bad day: nothing is lost, and what comes twice takes the place of the first."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.conftest import Report
from tests.faults.posting import (
    Office,
    in_flight,
    kept,
    let_a_minute_pass,
    office,
    wait_until_done,
    waiting_for_phones,
)
from tests.notifications.fcm_server import DROPPED, QUOTA, UNAVAILABLE, Received, fake_fcm

BAD_DAY = [(0.20, UNAVAILABLE), (0.10, QUOTA), (0.05, DROPPED)]
START_SECONDS = 30
POLL_SECONDS, QUIET_SECONDS = 0.005, 0.1


class Amount(NamedTuple):
    """How much is delivered, and through how many kills, each within so many seconds after a worker's first message."""

    phones: int
    topics: int
    kills: int
    kill_within_seconds: float
    longest_wait_seconds: float
    end_within_seconds: float
    whole_leases: bool

    @property
    def deliveries(self) -> int:
        return self.phones * self.topics


SMALL = Amount(60, 10, 3, 0.3, 0.1, 60, whole_leases=False)
TO_PROVE = Amount(1000, 100, 100, 4, 20, 1800, whole_leases=True)


@pytest.fixture
def amount(request: pytest.FixtureRequest) -> Amount:
    """`--prove` asks for more."""
    return TO_PROVE if request.config.getoption("prove", False) else SMALL


class Ledger(list[Received]):
    """What the push service was asked, in place of the whole messages: how often, and of what it took, the notifications and their tags."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = Counter[int]()
        self.taken = Counter[str]()
        self.tags = defaultdict[str, set[str]](set)

    def append(self, received: Received) -> None:
        self.answered[received.answered] += 1
        if received.answered == 200:
            told = received.message["data"]["notification"]
            self.taken[told] += 1
            self.tags[told].add(received.message["android"]["notification"]["tag"])


def quiet(ledger: Ledger) -> int:
    """How many answers there were, when what the last worker had on its way has arrived."""
    before = -1
    while before != (answers := ledger.answered.total()):
        before = answers
        time.sleep(QUIET_SECONDS)
    return answers


def kill_a_worker(office: Office, ledger: Ledger, amount: Amount, chance: random.Random) -> None:
    """Kill it some time after it has begun."""
    before, until = quiet(ledger), time.monotonic() + START_SECONDS
    with office.worker():
        while ledger.answered.total() == before and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        time.sleep(chance.uniform(0, amount.kill_within_seconds))


def test_nothing_is_lost_and_only_what_was_in_flight_at_a_kill_comes_twice_under_the_same_tag(
    tmp_path: Path, amount: Amount, report: Report
) -> None:
    asyncio.run(waiting_for_phones(tmp_path, amount.phones, amount.topics, expires=timedelta(days=1)))
    chance, ledger, died_with = random.Random(7), Ledger(), set[tuple[str, str]]()
    began = time.monotonic()
    with fake_fcm() as fcm, office(tmp_path, fcm.url, amount.longest_wait_seconds) as workers:
        fcm.received, fcm.shares = ledger, BAD_DAY
        for _ in range(amount.kills):
            kill_a_worker(workers, ledger, amount, chance)
            died_with |= in_flight(kept(tmp_path))
            if not amount.whole_leases:
                let_a_minute_pass(tmp_path)
        with workers.worker():
            wait_until_done(tmp_path, amount.end_within_seconds)
    seconds = time.monotonic() - began

    deliveries = kept(tmp_path)
    assert Counter(one.state for one in deliveries) == {"sent": amount.deliveries}
    assert {one.notification for one in deliveries} ^ ledger.taken.keys() == set()
    may_come_again = Counter(told for told, _ in died_with)
    assert ledger.taken - may_come_again - Counter(ledger.taken.keys()) == Counter()
    assert {len(tags) for tags in ledger.tags.values()} == {1}
    assert died_with
    report(
        f"{amount.deliveries} deliveries, {amount.kills} kills in {seconds:.0f} s: {len(died_with)} in flight at a kill,"
        f" {ledger.taken.total() - amount.deliveries} came twice; answers {dict(ledger.answered)}"
    )
