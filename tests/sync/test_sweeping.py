"""Tombstones are kept for 400 days, and whoever was away for longer gets the space anew."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.sync.test_paging import beside
from tests.sync.world import age_changes, demolish, door, knowing, now, rename, space_row, world
from yema.changes import SpaceKey, sweep, transaction
from yema.changes.sweeping import AT_ONCE
from yema.changes.tables import Change, Space
from yema.database import Statement, execute
from yema.ids import uuid7
from yema.settings import Settings

LONG_AGO = timedelta(days=401)
_REVIVE = Statement("UPDATE change SET op = 'put', seq = {}, at = {} WHERE id = {}")


async def tombstones(count: int, spaces: int = 1) -> list[SpaceKey]:
    """So many old ones in each of so many spaces."""
    keys = [SpaceKey("person", uuid7()) for _ in range(spaces)]
    for key in keys:
        async with transaction() as tx:
            tx.touched(key, "me", key.owner)
            for _ in range(count):
                tx.gone(key, "entry", uuid7())
    await age_changes(now() - LONG_AGO)
    return keys


@pytest.mark.parametrize(("days", "left"), [(399, 1), (401, 0)])
async def test_tombstones_are_kept_for_four_hundred_days(house: Settings, days: int, left: int) -> None:
    [key] = await tombstones(1)
    await age_changes(now() - timedelta(days=days))

    swept = await sweep()

    assert (swept, await Change.count().where(Change.op == "gone")) == (1 - left, left)
    assert (await space_row(*key))["min_seq"] == (0 if left else 2)


async def test_what_is_there_is_never_swept(house: Settings) -> None:
    [key] = await tombstones(3)

    await sweep()

    assert [(row["kind"], row["thing"]) for row in await Change.select()] == [("me", key.owner)]


async def test_many_tombstones_are_swept_a_few_at_a_time(house: Settings) -> None:
    keys = await tombstones(AT_ONCE + 1, spaces=2)

    assert (await sweep(), await sweep(), await Change.count()) == (2 * AT_ONCE + 2, 0, 2)
    assert [(await space_row(*key))["min_seq"] for key in keys] == [AT_ONCE + 2] * 2


async def test_a_phone_that_was_away_for_longer_gets_the_space_anew_and_others_go_on(app: TestApp) -> None:
    everybody = await world()
    gone, stays = await make.venue(everybody.exchange), await make.venue(everybody.exchange)
    away = await knowing(app, everybody.participant)
    await demolish(gone, everybody.exchange)
    here = await knowing(app, everybody.groupmate)
    await age_changes(now() - LONG_AGO)
    await sweep()
    await rename(stays, everybody.exchange, "New")

    back, went_on = await away.pull(), await here.pull()

    assert (back.states, back.ids("venue")) == ([("exchange", "refetch")], [str(stays)])
    assert (went_on.states, went_on.ops()) == ([], [("venue", "put", str(stays))])


async def test_a_phone_whose_next_page_was_swept_starts_the_space_anew(app: TestApp) -> None:
    """It was catching up, and put away between two pages for more than a year."""
    everybody = await world()
    venues = [await make.venue(everybody.exchange) for _ in range(4)]
    phone = await knowing(app, everybody.participant)
    for venue in venues:
        await demolish(venue, everybody.exchange)

    await phone.page(limit=2)
    await age_changes(now() - LONG_AGO)
    await sweep()

    assert (await phone.pull(limit=2)).states == [("exchange", "refetch")]


async def test_a_fill_goes_on_although_older_tombstones_are_swept(app: TestApp) -> None:
    everybody = await world()
    [gone, *stay] = [await make.venue(everybody.exchange) for _ in range(4)]
    await demolish(gone, everybody.exchange)
    phone = await door(app, everybody.participant)

    first = await phone.page(limit=3)
    await age_changes(now() - LONG_AGO)
    await sweep()
    rest = await phone.pull(limit=3)

    assert ("exchange", "refetch") not in rest.states
    assert {*rest.ids("venue"), *(c["id"] for c in first["changes"])} >= {str(venue) for venue in stay}


async def test_what_comes_back_while_it_is_swept_is_not_lost(house: Settings) -> None:
    """The sweeper has seen a tombstone, and in this moment the thing is there again."""
    [key] = await tombstones(1)
    [row] = await Change.select().where(Change.op == "gone")
    revived, done = asyncio.Event(), asyncio.Event()

    async def revive() -> None:
        async with transaction():
            await execute(_REVIVE, row["seq"] + 1, now(), row["id"])
            revived.set()
            await done.wait()

    writer = beside(revive())
    await revived.wait()
    sweeper = beside(sweep())
    await asyncio.sleep(0.2)
    done.set()
    await asyncio.gather(writer, sweeper)

    assert [change["op"] for change in await Change.select().where(Change.id == row["id"])] == ["put"]
    assert key.kind == "person"


async def test_sweeping_beside_writers_holds_nobody_up(house: Settings) -> None:
    """Writers take spaces by kind and owner; who took several in another order would wait for one who waits for them."""
    keys = await tombstones(20, spaces=12)

    async def write() -> None:
        for _ in range(6):
            async with transaction() as tx:
                for key in keys:
                    tx.touched(key, "me", key.owner)

    await asyncio.gather(sweep(), write(), write(), sweep())

    assert {row["version"] for row in await Space.select(Space.version)} == {21 + 12}
    assert UUID(int=0) not in {key.owner for key in keys}
