"""Notifications: how fast they leave, whom they keep waiting, and how soon a release is on its way.

Everybody's words and rows are made as leaders make them; only the instant at which they are due is set by hand.
"""

import asyncio
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple
from uuid import UUID

import httpx
import msgspec

from tests import make
from tests.bench import report
from tests.bench.pacing import Pace, Pacer
from tests.bench.pushes import PushService, push_service
from tests.bench.servers import Running, ours
from tests.notifications.people import device
from tests.phone import Phone
from yema.app import NOTIFICATIONS
from yema.changes import when_told
from yema.exchanges.actions.told.announcements import announce
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.schemas.told.announcements import AnnouncementDraft
from yema.house import open_house
from yema.notifications.spreading import spread
from yema.settings import Settings

MEMBERS, DEVICES = 60, (("fcm", "android"), ("fcm", "ios"), ("webpush", "web"))
PUSHED = sum(channel == "fcm" for channel, _ in DEVICES) * MEMBERS
"""By the push service that is measured, of each thing that is told to all."""
WAVES, TOLD_A_WAVE = 5, 9
RATE_MIN, GROWTH_MAX, SOON_SECONDS, SLOWER_MAX = 300, 1.5, 1.0, 1.2
PULLS_A_SECOND, QUIET_SECONDS, WAVE_SECONDS = 200, 4.0, 6.0
RELEASES = 30
_NEVER = "2100-01-01 00:00:00+00:00"


class Told(NamedTuple):
    """An exchange whose members all have devices, and access tokens of a member and of its leader."""

    exchange: UUID
    leader: UUID
    waiting: str
    leading: str


def lines(folder: Path) -> list[str]:
    """Measure it all; a line for each figure."""
    data = folder / "told"
    told = asyncio.run(_fill(data))
    account = folder / "account.json"
    account.write_text(msgspec.json.encode({"type": "service_account", "project_id": "yema-bench"}).decode())
    with push_service() as pushes:
        settings = {"YEMA_FCM_URL": pushes.url, "YEMA_FCM_CREDENTIALS": str(account)}
        with ours(data, **settings) as server:
            delivered = _deliver(server, data, pushes, told)
            soon = _release(server, data, told)
    with_loop, without = asyncio.run(_release_alone(data, told))
    return [
        *delivered,
        report.figure("a release is on its way to 180 devices", soon, SOON_SECONDS, "s after the commit"),
        report.figure("CPU of a release, somebody listening", with_loop / without, SLOWER_MAX, "times as much"),
        report.figure("", without * 1e3, None, "ms without"),
    ]


async def _fill(data: Path) -> Told:
    """Announcements enough for all waves, spread, and due never."""
    async with open_house(Settings(data=data)):
        exchange = await make.exchange("A summer with phones", zone=_at_noon())
        leader = await make.leader(exchange)
        people = [await make.participant(exchange) for _ in range(MEMBERS)]
        for person in people:
            for channel, platform in DEVICES:
                await device(person, channel=channel, platform=platform)
        by = await make.membership(leader, exchange)
        for number in range(WAVES * TOLD_A_WAVE):
            await announce(by, AnnouncementDraft(title=f"News {number}", text="Look."), make.signed_in(leader))
        while await spread(NOTIFICATIONS):
            pass
        told = Told(exchange, leader, await make.token(people[0]), await make.token(leader))
    with _beside(data) as raw:
        raw.execute("UPDATE delivery SET next_at = ?", (_NEVER,))
    return told


def _at_noon() -> str:
    """A zone in which it is about noon: in no place is it night while this is measured."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


@contextmanager
def _beside(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection beside a running server, which leaves the checkpoints to it."""
    with closing(sqlite3.connect(data / "yema.sqlite", timeout=10)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        with raw:
            yield raw


def _deliver(server: Running, data: Path, pushes: PushService, told: Told) -> list[str]:
    """Waves of deliveries and quiet times in turn, while phones ask for what is new."""
    pacer, rates, quiet, busy = Pacer(), list[float](), list[float](), list[float]()
    request = _pull(server, told)
    count = PUSHED * TOLD_A_WAVE
    try:
        _wait(pacer, Pace(server.port, request, PULLS_A_SECOND, 2.0))  # the server warms up
        for wave in range(WAVES):
            quiet.append(_p99(s for _, s in _wait(pacer, Pace(server.port, request, PULLS_A_SECOND, QUIET_SECONDS))))
            pushes.count_anew()
            pacer.start(Pace(server.port, request, PULLS_A_SECOND, WAVE_SECONDS))
            _let_go(data, wave)
            took = pushes.took(count, WAVE_SECONDS * 5)
            busy.append(_p99(s for at, s in pacer.waits() if took.first <= at <= took.last))
            rates.append(took.rate)
    finally:
        pacer.stop()
    rate, slower = median(rates), median(b / q for b, q in zip(busy, quiet, strict=True))
    return [
        report.figure("deliveries through firebase-admin", rate, None, "a second"),
        report.figure("", 1000 / rate, 1000 / RATE_MIN, "ms each"),
        report.figure("p99 of the empty pull meanwhile", slower, GROWTH_MAX, "times as long"),
        report.figure("", median(quiet) * 1e3, None, f"ms without, and {median(busy) * 1e3:.2f} ms"),
    ]


def _wait(pacer: Pacer, pace: Pace) -> list[tuple[float, float]]:
    pacer.start(pace)
    return pacer.waits()


def _p99(seconds: Iterable[float]) -> float:
    return quantiles(seconds, n=100)[98]


def _let_go(data: Path, wave: int) -> None:
    """What was told as this wave is due now."""
    with _beside(data) as raw:
        topics = [
            row[0] for row in raw.execute("SELECT DISTINCT topic FROM delivery WHERE topic LIKE 'announcement:%'")
        ]
        some = sorted(topics)[wave * TOLD_A_WAVE : (wave + 1) * TOLD_A_WAVE]
        places = ", ".join("?" * len(some))
        now = str(datetime.now(UTC))
        raw.execute(f"UPDATE delivery SET next_at = ? WHERE topic IN ({places})", (now, *some))


def _pull(server: Running, told: Told) -> str:
    """What a phone asks that knows all there is."""
    headers = {"authorization": f"Bearer {told.waiting}", "content-type": "application/json"}
    ask = Phone(locale="en")
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}/api/v1", headers=headers, trust_env=False) as phone:
        while not ask.pulled(phone.post("/sync/pull", json=ask.to_pull()).json()):
            pass
    body = msgspec.json.encode(ask.to_pull()).decode()
    said = {**headers, "host": "yema.test", "accept": "application/json", "content-length": str(len(body.encode()))}
    lines = ["POST /api/v1/sync/pull HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def _release(server: Running, data: Path, told: Told) -> float:
    """The seconds from the answer to a release until everybody's devices have a delivery."""
    asyncio.run(_plan(data, told, 1))
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}/api/v1", trust_env=False) as leader:
        answer = leader.post(
            f"/exchanges/{told.exchange}/releases", headers={"authorization": f"Bearer {told.leading}"}
        )
    began = time.monotonic()
    if answer.status_code != 201:
        raise RuntimeError(f"The release was answered with {answer.status_code}: {answer.text[:500]}")
    asked = f"SELECT count(*) FROM delivery WHERE topic = 'itinerary:{told.exchange}'"
    with _beside(data) as raw:
        while raw.execute(asked).fetchone() != (MEMBERS * len(DEVICES),):
            if time.monotonic() > began + 30:
                raise RuntimeError("A release did not become deliveries.")
            time.sleep(0.005)
    return time.monotonic() - began


async def _plan(data: Path, told: Told, number: int) -> None:
    """One more slot, some months from now."""
    async with open_house(Settings(data=data)):
        await make.slot(told.exchange, f"{8 + number % 12:02}:00-{8 + number % 12:02}:45", title=f"Part {number}")


async def _release_alone(data: Path, told: Told) -> tuple[float, float]:
    """Seconds of the processor for a release, in the middle: with somebody who listens for what is told, and without."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    async with open_house(Settings(data=data)):
        by = await make.membership(told.leader, told.exchange)
        for number in range(RELEASES):
            listening = bool(number % 2)
            await make.slot(told.exchange, f"{8 + number % 12:02}:00-{8 + number % 12:02}:45", title=f"More {number}")
            woken = asyncio.Event()
            end = when_told(woken.set) if listening else lambda: None
            began = time.process_time()
            await release_plan(by)
            spent[listening].append(time.process_time() - began)
            end()
            while listening and await spread(NOTIFICATIONS):
                pass
    return median(spent[True]), median(spent[False])
