"""What both engines promise, on both databases."""

import asyncio
import sqlite3
from typing import Any

import pytest

from tests import make
from yema.accounts.tables import Person
from yema.changes import SpaceKey, transaction
from yema.database import Statement, WrittenAround, engine, execute, fetch, trouble
from yema.errors import NotFound, Unavailable
from yema.ids import now, uuid7
from yema.settings import Settings

RENAME = Statement("UPDATE organisation SET name = {} WHERE id = {}")
NAME = Statement("SELECT name FROM organisation WHERE id = {}")


async def test_a_read_modify_write_by_many_loses_nothing(house: Settings) -> None:
    exchange = await make.exchange()
    take = Statement("UPDATE exchange SET call_year = coalesce(call_year, 0) + 1 WHERE id = {} RETURNING call_year")

    async def one() -> int:
        async with transaction() as tx:
            [[year]] = await execute(take, exchange)
            tx.touched(SpaceKey("exchange", exchange), "exchange", exchange)
        return int(year)

    assert sorted(await asyncio.gather(*(one() for _ in range(64)))) == list(range(1, 65))


async def test_what_fails_leaves_nothing(house: Settings) -> None:
    organisation = await make.organisation("Ola")

    with pytest.raises(NotFound):
        async with transaction():
            await execute(RENAME, "Other", organisation)
            raise NotFound

    assert [tuple(row) for row in await fetch(NAME, organisation)] == [("Ola",)]


async def test_a_transaction_sees_its_own_writes_and_others_do_not(house: Settings) -> None:
    organisation = await make.organisation("Ola")
    inside, outside = asyncio.Event(), asyncio.Event()

    async def write() -> Any:
        async with transaction():
            await execute(RENAME, "Other", organisation)
            seen = await fetch(NAME, organisation)
            inside.set()
            await outside.wait()
            return seen[0][0]

    task = asyncio.create_task(write())
    await inside.wait()
    before = (await fetch(NAME, organisation))[0][0]
    outside.set()

    assert (await task, before, (await fetch(NAME, organisation))[0][0]) == ("Other", "Ola", "Other")


async def test_a_statement_that_writes_around_transaction_is_refused(house: Settings) -> None:
    organisation = await make.organisation("Ola")

    with pytest.raises(WrittenAround):
        await execute(RENAME, "Other", organisation)

    assert (await fetch(NAME, organisation))[0][0] == "Ola"


async def test_the_query_builder_cannot_write_around_transaction_either(house: Settings) -> None:
    row = Person(id=uuid7(), display_name="Ola", locale="en", made_at=now())

    with pytest.raises(WrittenAround):
        await Person.insert(row)

    assert not await Person.exists().where(Person.id == row.id)


async def test_piccolos_own_transaction_is_closed(house: Settings) -> None:
    with pytest.raises(WrittenAround):
        engine().transaction()


async def test_transactions_do_not_nest(house: Settings) -> None:
    with pytest.raises(Exception, match="nested"):
        async with transaction(), transaction():
            pass


async def test_readers_are_many_and_a_cancelled_one_comes_back(house: Settings) -> None:
    await make.person("Ola")
    tasks = [asyncio.create_task(_names()) for _ in range(50)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert await asyncio.wait_for(_names(), 5) == ["Ola"]


async def _names() -> list[str]:
    return [row["display_name"] for row in await Person.select(Person.display_name)]


def test_a_disk_that_cannot_be_written_is_not_a_fault_of_the_program() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE

    assert isinstance(trouble(error), Unavailable)


async def test_what_refers_to_something_that_is_gone_meanwhile_may_be_tried_again(house: Settings) -> None:
    organisation = await make.organisation()
    send = Statement("INSERT INTO staff (id, person, organisation, role) VALUES ({}, {}, {}, {})")

    with pytest.raises(Unavailable) as raised:
        async with transaction():
            await execute(send, uuid7(), uuid7(), organisation, "admin")

    assert (raised.value.temporary, raised.value.retry_after) == (True, 1)
