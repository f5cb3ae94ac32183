"""Connections to Postgres that are lost, and people who give up: nobody hears anything that is not so, and the pool is whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from tests import make
from tests.client import TestApp
from tests.database.outside import Outside, outside
from yema.changes import transaction
from yema.database import Statement, execute, fetch
from yema.database.postgres import CONNECTIONS_MAX
from yema.errors import NotFound, Unavailable
from yema.settings import Settings

pytestmark = pytest.mark.postgres

SOON_SECONDS = 0.05

OWN_SESSION = Statement("SELECT pg_backend_pid()")


@pytest.fixture
async def somebody(house: Settings) -> AsyncIterator[Outside]:
    async with outside(house) as found:
        yield found


async def own_session() -> int:
    [[session]] = await fetch(OWN_SESSION)
    return int(session)


async def lose(somebody: Outside, *, noticed: bool = True) -> None:
    """End the session in which this transaction runs. It may go on before the driver has noticed."""
    session = await own_session()
    await somebody.tell("SELECT pg_terminate_backend($1)", session)
    if noticed:
        await asyncio.sleep(SOON_SECONDS)


async def test_connections_that_were_lost_while_nobody_asked_are_not_noticed(app: TestApp, somebody: Outside) -> None:
    client = await app.as_(await make.person())
    await asyncio.gather(*(client.get("/me") for _ in range(CONNECTIONS_MAX)))
    await somebody.tell(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'yema' AND datname = current_database()"
    )
    await asyncio.sleep(SOON_SECONDS)

    answers = await asyncio.gather(*(client.get("/me") for _ in range(CONNECTIONS_MAX)))

    assert [answer.status_code for answer in answers] == [200] * CONNECTIONS_MAX


@pytest.mark.parametrize("noticed", [True, False])
async def test_what_was_refused_is_said_though_the_connection_is_lost_too(somebody: Outside, noticed: bool) -> None:
    with pytest.raises(NotFound):
        async with transaction():
            await lose(somebody, noticed=noticed)
            raise NotFound


@pytest.mark.parametrize("noticed", [True, False])
async def test_whoever_gives_up_is_cancelled_though_the_connection_is_lost_too(
    somebody: Outside, noticed: bool
) -> None:
    async def give_up() -> None:
        async with transaction():
            await lose(somebody, noticed=noticed)
            raise asyncio.CancelledError

    task = asyncio.create_task(give_up())
    await asyncio.wait([task])

    assert task.cancelled()


async def test_what_was_told_to_be_saved_is_saved_in_a_storm_of_cancellations(house: Settings) -> None:
    await make.organisation("Ola")

    async def add() -> None:
        async with transaction():
            await execute(Statement("UPDATE organisation SET name = name || '1'"))

    tasks = [asyncio.create_task(add()) for _ in range(200)]
    for number in range(60):
        await asyncio.sleep(0.002)
        tasks[number * 3].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await add()

    [[name]] = await fetch(Statement("SELECT name FROM organisation"))
    told = sum(result is None for result in results)
    cancelled = sum(isinstance(result, asyncio.CancelledError) for result in results)
    assert (told + 1 <= name.count("1") <= 201, told + cancelled) == (True, 200)


async def test_a_connection_that_is_lost_between_two_statements_is_503(somebody: Outside) -> None:
    with pytest.raises(Unavailable):
        async with transaction():
            await lose(somebody)
            await own_session()

    assert await own_session()


async def test_a_connection_that_is_lost_before_the_commit_is_503(somebody: Outside) -> None:
    with pytest.raises(Unavailable):
        async with transaction():
            await lose(somebody)

    assert await own_session()


async def test_nobody_hears_of_success_where_a_statement_failed(house: Settings) -> None:
    """Postgres answers such a COMMIT with a ROLLBACK, and calls that no error."""
    organisation = await make.organisation("Ola")

    with pytest.raises(RuntimeError):
        async with transaction():
            await execute(Statement("UPDATE organisation SET name = 'Other' WHERE id = {}"), organisation)
            with suppress(asyncpg.DivisionByZeroError):
                await fetch(Statement("SELECT 1 / 0"))


async def test_a_statement_that_somebody_migrated_away_under_us_is_503_once(somebody: Outside) -> None:
    select = Statement("SELECT * FROM venue")

    async def read() -> int:
        async with transaction():
            return len(await fetch(select))

    await asyncio.gather(*(read() for _ in range(CONNECTIONS_MAX)))
    await somebody.tell("ALTER TABLE venue ADD COLUMN shade TEXT")

    with pytest.raises(Unavailable):
        await read()
