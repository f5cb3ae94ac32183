"""What was released before anybody was told of anything: with the upgrade, it is told before it begins, too."""

import importlib
import time
from uuid import UUID

import msgspec
from msgspec.structs import replace

from tests.exchanges.programme import TOMORROW, programme
from tests.told import outbox
from yema.changes.tables import Outbox
from yema.database import Statement, engine, execute
from yema.database.many import Rows
from yema.exchanges.queries.told.releases import released_slots
from yema.ids import uuid7
from yema.settings import Settings

EVENT = "slot_begins"

_migration = importlib.import_module("yema.exchanges.piccolo_migrations.exchanges_2026_11_21t18_40_00_000000")
_FORGET = Statement("DELETE FROM outbox")
_SLOTS = Rows("released_slot", id="uuid", exchange="uuid", body="text")


async def told() -> dict[UUID, tuple[str, ...]]:
    """The key, and the ids and times, by the slot."""
    names = ("dedupe_key", "about", "not_before", "expires_at")
    return {UUID(row["dedupe_key"].split(":")[1]): tuple(str(row[one]) for one in names) for row in await outbox(EVENT)}


async def as_an_older_server_left_it() -> None:
    async with engine().begin():
        await execute(_FORGET)


async def upgrade() -> None:
    async with engine().begin():
        await _migration._remind()


async def test_each_slot_is_told_as_if_it_were_released_now_and_once(house: Settings) -> None:
    plan = await programme()
    later, free, cancelled = await plan.told(), await plan.told(TOMORROW, "free"), await plan.told()
    before = await told()
    await plan.cancel(cancelled)
    await plan.release()
    await as_an_older_server_left_it()

    for _ in range(2):
        await upgrade()

    expected = {slot: row for slot, row in before.items() if slot != cancelled}
    assert (later in expected, free in expected, await told()) == (True, False, expected)


async def test_what_begins_within_the_hour_is_told_and_what_has_begun_is_not(house: Settings) -> None:
    plan = await programme()
    soon, begun = await plan.told(60), await plan.told(-10)
    await as_an_older_server_left_it()

    await upgrade()

    found = await told()
    assert (soon in found, begun in found) == (True, False)
    assert found[soon][2:] == (str(plan.at(60 - 120)), str(plan.at(60)))


async def test_ten_thousand_slots_hold_up_no_start(house: Settings) -> None:
    plan = await programme()
    [one] = (await released_slots(plan.world.exchange)).values()
    old = replace(one, starts_at=plan.at(-48 * 60), ends_at=plan.at(-47 * 60))
    many = [replace(body, id=uuid7()) for body in (one, old) for _ in range(10_000)]
    async with engine().begin():
        await _SLOTS.insert((body.id, plan.world.exchange, msgspec.json.encode(body).decode()) for body in many)
    await as_an_older_server_left_it()

    begun = time.perf_counter()
    await upgrade()

    assert (await Outbox.count(), time.perf_counter() - begun < 5) == (10_001, True)
