"""Snapshots: reads of one moment, on both databases."""

import asyncio
from uuid import UUID

import pytest

from tests import make
from tests.sync.test_paging import beside
from tests.sync.world import rename
from yema.changes import SpaceKey, version_of
from yema.database import Statement, WrittenAround, execute, fetch, snapshot
from yema.database.postgres import CONNECTIONS_MAX
from yema.database.sqlite import SNAPSHOTS
from yema.exchanges.tables.exchange import Venue
from yema.settings import Settings

_NAME = Statement("SELECT name FROM venue WHERE id = {}")
_RENAME = Statement("UPDATE venue SET name = 'Written' WHERE id = {}")


async def a_venue() -> tuple[UUID, UUID]:
    """(exchange, a venue of it that is called Old)."""
    exchange = await make.exchange()
    return exchange, await make.venue(exchange, "Old")


async def name(venue: UUID) -> str:
    return str((await fetch(_NAME, venue))[0][0])


async def built_name(venue: UUID) -> str:
    """The same by Piccolo's query builder, which has connections of its own."""
    return str((await Venue.select(Venue.name).where(Venue.id == venue))[0]["name"])


async def test_a_snapshot_sees_nothing_newer(house: Settings) -> None:
    exchange, venue = await a_venue()
    space = SpaceKey("exchange", exchange)

    async def seen() -> tuple[str, str, int]:
        return await name(venue), await built_name(venue), (await version_of(space))[0]

    async with snapshot():
        before = await seen()
        await beside(rename(venue, exchange, "New"))
        after = await seen()
        outside = await beside(name(venue))

    assert (before, outside) == (after, "New")
    assert await seen() == ("New", "New", before[2] + 1)


async def test_each_snapshot_is_of_its_own_moment(house: Settings) -> None:
    exchange, venue = await a_venue()
    seen = []

    for number in range(SNAPSHOTS + 2):
        await rename(venue, exchange, str(number))
        async with snapshot():
            seen.append(await name(venue))

    assert seen == [str(number) for number in range(SNAPSHOTS + 2)]


async def test_nothing_is_written_in_a_snapshot(house: Settings) -> None:
    _, venue = await a_venue()

    with pytest.raises(WrittenAround):
        async with snapshot():
            await execute(_RENAME, venue)
    with pytest.raises(WrittenAround):
        async with snapshot():
            await Venue.update({Venue.name: "Written"}).where(Venue.id == venue)

    assert await name(venue) == "Old"


async def test_a_writer_goes_on_beside_snapshots(house: Settings) -> None:
    exchange, venue = await a_venue()
    async with snapshot():
        await name(venue)
        for number in range(5):
            await beside(rename(venue, exchange, str(number)))

    assert await name(venue) == "4"


@pytest.mark.parametrize("times", [3 * CONNECTIONS_MAX])
async def test_a_snapshot_is_given_back_after_an_error(house: Settings, times: int) -> None:
    exchange, venue = await a_venue()

    for _ in range(times):
        with pytest.raises(ZeroDivisionError):
            async with snapshot():
                await name(venue)
                raise ZeroDivisionError
    await rename(venue, exchange, "New")

    async with snapshot():
        assert await name(venue) == "New"


async def test_a_snapshot_is_given_back_when_its_reader_is_cancelled(house: Settings) -> None:
    """In the middle, and while waiting for one."""
    exchange, venue = await a_venue()

    async def read() -> None:
        async with snapshot():
            while True:
                await name(venue)
                await asyncio.sleep(0.001)

    for _ in range(3):
        readers = [beside(read()) for _ in range(CONNECTIONS_MAX - 1)]
        await asyncio.sleep(0.02)
        for reader in readers:
            reader.cancel()
        assert all(
            isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*readers, return_exceptions=True)
        )
    await rename(venue, exchange, "New")

    async with asyncio.timeout(5):
        assert await asyncio.gather(*(beside(snapshot_name(venue)) for _ in range(20))) == ["New"] * 20


async def snapshot_name(venue: UUID) -> str:
    async with snapshot():
        return await name(venue)


async def test_so_many_at_once_and_the_next_one_waits(house: Settings) -> None:
    _, venue = await a_venue()
    inside, most, done = 0, 0, asyncio.Event()

    async def read() -> str:
        nonlocal inside, most
        async with snapshot():
            inside += 1
            most = max(most, inside)
            await done.wait()
            inside -= 1
            return await name(venue)

    readers = [beside(read()) for _ in range(4 * SNAPSHOTS)]
    await asyncio.sleep(0.3)
    early = most
    done.set()

    assert await asyncio.gather(*readers) == ["Old"] * len(readers)
    assert early == most == SNAPSHOTS
