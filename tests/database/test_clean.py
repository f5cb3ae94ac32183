"""The Postgres databases of the tests themselves: what one test has written, the next one does not find."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests import make
from tests.clean import CleanDatabases
from tests.postgres import PostgresServer
from yema.accounts.tables import Person
from yema.house import open_house
from yema.settings import Settings

pytestmark = pytest.mark.postgres


@pytest.fixture
def databases(database_kind: str, clean_databases: CleanDatabases) -> CleanDatabases:
    return clean_databases


def asked(url: str, sql: str) -> Any:
    async def ask() -> Any:
        session = await asyncpg.connect(url)
        try:
            return await session.fetchval(sql)
        finally:
            await session.close()

    return asyncio.run(ask())


def test_a_database_goes_to_the_next_test_without_rows_and_counts_from_one(
    databases: CleanDatabases, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    name = databases.take()
    url = postgres_server.url(name)

    async def lived_in() -> int:
        async with open_house(Settings(data=tmp_path, database_url=url)):
            await make.participant(await make.exchange())
            people: int = await Person.count()
            return people

    before = asyncio.run(lived_in())
    databases.give_back(name)

    again = databases.take()
    found = asked(
        url, "SELECT concat((SELECT count(*) FROM person), (SELECT count(*) FROM change), nextval('space_id_seq'))"
    )
    databases.give_back(again)
    assert (before > 0, again, found) == (True, name, "001")


@pytest.mark.parametrize(
    "change", ["ALTER TABLE venue ADD COLUMN shade TEXT", "DROP TABLE once", "CREATE TABLE more (id INT)"]
)
def test_a_database_that_is_not_like_the_others_any_more_is_dropped(
    databases: CleanDatabases, postgres_server: PostgresServer, change: str
) -> None:
    name = databases.take()
    asked(postgres_server.url(name), change)

    databases.give_back(name)

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        asked(postgres_server.url(name), "SELECT 1")
