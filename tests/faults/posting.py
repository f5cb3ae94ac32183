"""The worker that is killed: `yema deliver`, but for its kind of notification, which is the tests' own; and what waits for it.

Workers are forked from a process that has already read the program, as in `forking`. It reads the arguments of one worker a line: the data
folder, the file of the service account, the address of the push service, and the longest wait before another try in seconds.
"""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import uvloop

from tests import make
from tests.demo.processes import ROOT, surroundings
from tests.faults.forking import Killable
from tests.notifications.heaps import heap
from tests.notifications.kinds import kind
from tests.notifications.people import device
from yema.house import open_house
from yema.notifications import loop
from yema.notifications.channels.opening import close_channels, open_channels
from yema.notifications.delivering import waiting
from yema.settings import Settings


class Kept(NamedTuple):
    """What is in the database of a delivery: the notification that it carries, what became of it, and who has it in hand."""

    notification: str
    state: str
    lease: str | None


async def waiting_for_phones(data: Path, phones: int, topics: int, expires: timedelta) -> None:
    """So many phones, each of somebody else, with a delivery of each topic, due now, also at night."""
    async with open_house(Settings(data=data)):
        people = [await make.person() for _ in range(phones)]
        devices = [(person, await device(person, address=f"phone-{n}")) for n, person in enumerate(people)]
        await heap(devices, [f"topic-{n}" for n in range(topics)], lasts=expires)


class Office:
    """Starts one worker after the other on the same folder."""

    def __init__(self, process: "subprocess.Popen[str]", arguments: list[str]) -> None:
        self._process = process
        self._arguments = arguments

    @contextmanager
    def worker(self) -> Iterator[Killable]:
        """A worker; it is gone when the block has been left."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(self._arguments) + "\n")
        self._process.stdin.flush()
        worker = Killable(int(self._hear()))
        try:
            yield worker
        finally:
            worker.kill()
            assert self._hear() == "-9\n", "A worker ended by itself."

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def office(data: Path, url: str, longest_wait: float) -> Iterator[Office]:
    """The process that has read the program. A made-up service account is enough for a push service on loopback."""
    account = data / "account.json"
    account.write_text(json.dumps({"type": "service_account", "project_id": "yema-test"}))
    account.chmod(0o600)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.posting"],
        env=surroundings({"YEMA_LOG_LEVEL": "error"}),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Office(process, [str(data), str(account), url, str(longest_wait)])
    finally:
        process.communicate()  # its input ends, and so does it


def kept(data: Path) -> list[Kept]:
    """All deliveries, where no worker is at work."""
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw:
        rows = raw.execute("SELECT notification, state, lease FROM delivery")
        return [Kept(*row) for row in rows]


def in_flight(deliveries: Iterable[Kept]) -> set[tuple[str, str]]:
    """(notification, lease) of each delivery that somebody had taken up who is dead now."""
    return {(one.notification, one.lease) for one in deliveries if one.lease and one.state == "waiting"}


def let_a_minute_pass(data: Path) -> None:
    """The leases of the dead end now."""
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw, raw:
        now = str(datetime.now(UTC))
        raw.execute("UPDATE delivery SET next_at = ? WHERE lease IS NOT NULL AND state = 'waiting'", (now,))


def undone(data: Path) -> int:
    """How many still wait, beside a worker."""
    with closing(sqlite3.connect(f"file:{data / 'yema.sqlite'}?mode=ro", uri=True, timeout=10)) as raw:
        [count] = raw.execute("SELECT count(*) FROM delivery WHERE state = 'waiting'").fetchone()
        return int(count)


def wait_until_done(data: Path, seconds: float) -> None:
    """Until nothing waits."""
    until = time.monotonic() + seconds
    while undone(data) and time.monotonic() < until:
        time.sleep(0.1)


async def _work(data: str, credentials: str, url: str, longest_wait: str) -> None:
    # Else the last of so many would come after a quarter of an hour.
    waiting.LONGEST = timedelta(seconds=float(longest_wait))
    loop.LOOK_SECONDS = min(loop.LOOK_SECONDS, float(longest_wait))
    settings = Settings(data=Path(data), fcm_credentials=credentials, fcm_url=url)
    async with open_house(settings):
        channels = open_channels(settings)
        try:
            await loop.run([kind()], channels, asyncio.Event())
        finally:
            await close_channels(channels)


def _fork(arguments: list[str]) -> None:
    pid = os.fork()
    if not pid:
        os.dup2(2, 1)  # standard output belongs to whoever starts workers
        uvloop.run(_work(*arguments))
        os._exit(0)
    print(pid, flush=True)  # noqa: T201 - this is how the processes talk
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    for line in sys.stdin:
        _fork(json.loads(line))
