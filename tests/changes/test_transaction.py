"""What every write leaves behind."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests import make
from yema.changes import SpaceKey, transaction, version_of
from yema.changes.tables import Change, Outbox, Space
from yema.database import WrittenAround
from yema.exchanges.tables.exchange import Exchange, Venue
from yema.ids import uuid7
from yema.settings import Settings


async def changes_in(key: SpaceKey) -> list[tuple[str, UUID, int, str]]:
    """(kind, thing, seq, op) of a space, in the order of seq."""
    [space] = await Space.select().where(Space.kind == key.kind, Space.owner == key.owner)
    rows = await Change.select().where(Change.space == space["id"]).order_by(Change.seq)
    return [(row["kind"], row["thing"], row["seq"], row["op"]) for row in rows]


async def test_each_change_gets_the_next_number_of_its_space(house: Settings) -> None:
    space, things = SpaceKey("person", uuid7()), [uuid7() for _ in range(3)]

    for thing in things:
        async with transaction() as tx:
            tx.touched(space, "me", thing)

    assert await changes_in(space) == [("me", thing, number, "put") for number, thing in enumerate(things, 1)]


async def test_only_the_latest_change_of_a_thing_is_kept(house: Settings) -> None:
    space, thing, other = SpaceKey("person", uuid7()), uuid7(), uuid7()

    async with transaction() as tx:
        tx.touched(space, "entry", thing)
        tx.touched(space, "entry", other)
    async with transaction() as tx:
        tx.gone(space, "entry", thing)

    assert await changes_in(space) == [("entry", other, 2, "put"), ("entry", thing, 3, "gone")]


async def test_numbers_are_visible_in_their_order_with_many_writers(house: Settings) -> None:
    """A poller that remembers the highest number it saw must have seen every lower one before."""
    space = SpaceKey("person", uuid7())
    seen: set[int] = set()
    jumped: list[int] = []
    done = asyncio.Event()

    async def write() -> None:
        for _ in range(8):
            async with transaction() as tx:
                await asyncio.sleep(0)
                tx.touched(space, "entry", uuid7())

    async def poll() -> None:
        cursor = 0
        while not done.is_set():
            version, _ = await version_of(space)
            found = {row["seq"] for row in await Change.select(Change.seq).where(Change.seq <= version) if version}
            jumped.extend(set(range(cursor + 1, version + 1)) - found)
            seen.update(found)
            cursor = version
            await asyncio.sleep(0)

    poller = asyncio.create_task(poll())
    await asyncio.gather(*(write() for _ in range(8)))
    done.set()
    await poller

    assert (jumped, await version_of(space)) == ([], (64, 1))


async def test_a_failed_transaction_moves_no_version_and_tells_nothing(house: Settings) -> None:
    space = SpaceKey("person", uuid7())

    with pytest.raises(ZeroDivisionError):
        async with transaction() as tx:
            tx.touched(space, "me", uuid7())
            tx.tell("something", once_per="1")
            raise ZeroDivisionError

    assert (await version_of(space), await Outbox.count()) == ((0, 0), 0)


async def test_the_same_thing_is_told_once(house: Settings) -> None:
    for _ in range(3):
        async with transaction() as tx:
            tx.tell("slot_moved", once_per="slot 1", slot="1")

    assert [row["dedupe_key"] for row in await Outbox.select()] == ["slot_moved:slot 1"]


async def test_a_table_that_phones_see_cannot_be_written_without_saying_so(house: Settings) -> None:
    exchange = await make.exchange()

    with pytest.raises(WrittenAround, match="venue"):
        async with transaction():
            await Venue.insert(Venue(id=uuid7(), exchange=exchange, name="Lawn", address="", accessibility=""))

    assert await Venue.count() == 0


async def test_touching_another_kind_does_not_count(house: Settings) -> None:
    exchange = await make.exchange()

    with pytest.raises(WrittenAround, match="exchange"):
        async with transaction() as tx:
            await Exchange.update({Exchange.title: "Other"}).where(Exchange.id == exchange)
            tx.touched(SpaceKey("exchange", exchange), "venue", uuid7())


async def test_crossing_transactions_do_not_deadlock(house: Settings) -> None:
    one, other = SpaceKey("person", UUID(int=1)), SpaceKey("person", UUID(int=2))

    async def touch(*spaces: SpaceKey) -> Any:
        async with transaction() as tx:
            for space in spaces:
                tx.touched(space, "me", space.owner)

    await asyncio.gather(*(touch(one, other) if i % 2 else touch(other, one) for i in range(40)))

    assert (await version_of(one), await version_of(other)) == ((40, 1), (40, 1))
