"""Many write while a phone follows with its cursor: it hears of every commit. With a sequence as cursor it does not."""

import asyncio
import sys
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec
import pytest

from tests import make
from tests.client import TestApp
from tests.demo.processes import ROOT, surroundings
from tests.phone import Carried
from tests.sync.racing import SEQUENCE, Work
from yema.database import Statement
from yema.settings import Settings
from yema.sync import spaces

WRITERS, PROCESSES = 12, 2
COMMITS, COMMITS_TO_PROVE = 1_200, 24_000
FEWER = 5
"""On SQLite, where one writes at a time, so many times fewer."""

PAUSE_SECONDS = 0.001
PULLS_MIN = 10
"""So many pulls bring something while the others write, else this is no race."""


class Followed(NamedTuple):
    """What was committed, and what a phone that followed was never told of; how often it was told something."""

    commits: int
    lost: int
    pulls: int


@pytest.fixture
def commits(house: Settings, request: pytest.FixtureRequest) -> int:
    """`--prove` asks for more."""
    count = COMMITS_TO_PROVE if request.config.getoption("prove", False) else COMMITS
    return count if house.database_url else count // FEWER


@pytest.fixture
async def phone(app: TestApp) -> tuple[Carried, UUID]:
    """A phone that has everything so far, of a participant, and the exchange."""
    exchange = await make.exchange()
    carried = Carried(await app.as_(await make.participant(exchange)))
    await carried.pull()
    return carried, exchange


async def follow(carried: Carried, exchange: UUID, house: Settings, commits: int, *, by_sequence: bool) -> Followed:
    """Let the writers write, pull all the time until they have ended, and then once more."""
    people = [await make.participant(exchange) for _ in range(WRITERS)]
    works = [
        Work(str(house.data), house.database_url, exchange, people[n::PROCESSES], commits // WRITERS, by_sequence)
        for n in range(PROCESSES)
    ]
    writing = asyncio.gather(*(_written(work) for work in works))
    pulls = 0
    while not writing.done():
        before = carried.phone.cursor
        await carried.pull_page()
        pulls += carried.phone.cursor != before
        await asyncio.sleep(PAUSE_SECONDS)
    await carried.pull()
    written = {venue for venues in await writing for venue in venues}
    return Followed(len(written), len(written - carried.phone.all("venue").keys()), pulls)


async def _written(work: Work) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.sync.racing", msgspec.json.encode(work)),
        cwd=ROOT,
        env=surroundings({}),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().split()


async def test_a_phone_hears_of_every_commit_of_many_writers(
    house: Settings, phone: tuple[Carried, UUID], commits: int
) -> None:
    followed = await follow(*phone, house, commits, by_sequence=False)

    print(followed)  # noqa: T201 - the figures, for who asks with -s
    assert (followed.commits, followed.lost, followed.pulls >= PULLS_MIN) == (commits, 0, True)


@pytest.mark.postgres
async def test_with_a_sequence_as_cursor_the_same_phone_misses_some(
    house: Settings, phone: tuple[Carried, UUID], commits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = "coalesce((SELECT max(c.seq) FROM change c WHERE c.space = s.id), 0)"
    by_newest = Statement(spaces._SEEN.sqlite.replace("s.version", newest).replace("?", "{}"))
    assert by_newest.sqlite != spaces._SEEN.sqlite
    monkeypatch.setattr(spaces, "_SEEN", by_newest)
    await on(house, SEQUENCE)

    followed = await follow(*phone, house, commits, by_sequence=True)

    print(followed)  # noqa: T201 - the figures, for who asks with -s
    assert (followed.commits, followed.lost > 0) == (commits, True)


async def on(house: Settings, sql: str) -> None:
    connection = await asyncpg.connect(house.database_url)
    await connection.execute(sql)
    await connection.close()
