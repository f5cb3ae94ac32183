"""Series that leaders make, change and cancel while they are offline."""

from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.taken import take_id
from tests.exchanges.world import world as exchange_world
from tests.sync.world import JSON, Door, World, knowing, mutation, told, world
from yema.exchanges.actions.plan import slots
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7

REPEAT = {"until": "2027-07-17"}


def evenings(exchange: UUID, thing: UUID | str | None = None, **fields: Any) -> JSON:
    return {
        **mutation("slot", "put", thing),
        "data": {"exchange": str(exchange), **make.draft(repeat=REPEAT), **fields},
    }


async def repeated(app: TestApp) -> tuple[World, Door, list[str]]:
    """A leader's phone that has pushed a slot of four days, and their ids in the order of time."""
    everybody = await world()
    phone = await knowing(app, everybody.leader)
    assert told(await phone.push_one(evenings(everybody.exchange))) == ("applied", "")
    return everybody, phone, [str(row["id"]) for row in await Slot.select(Slot.id).order_by(Slot.starts_at)]


async def column(name: Any) -> list[Any]:
    return [row[name._meta.name] for row in await Slot.select(name).order_by(Slot.starts_at)]


async def titles() -> list[str]:
    return [msgspec.json.decode(one)["en"] for one in await column(Slot.titles)]


async def test_the_ids_of_a_series_follow_from_the_first(app: TestApp) -> None:
    everybody = await world()
    phone, first = await knowing(app, everybody.leader), uuid7()

    results = [await phone.push_one(evenings(everybody.exchange, first)) for _ in range(2)]

    assert [told(result) for result in results] == [("applied", ""), ("rejected", "id_taken")]
    assert (await column(Slot.series), len(await column(Slot.id))) == ([first] * 4, 4)


async def test_a_lost_answer_repeats_nothing_twice(app: TestApp) -> None:
    everybody = await world()
    phone, pushed = await knowing(app, everybody.leader), evenings(everybody.exchange)

    results = [await phone.push_one(pushed) for _ in range(2)]

    assert ([result["status"] for result in results], await Slot.count()) == (["applied", "duplicate"], 4)


async def test_a_change_is_made_to_those_in_its_scope(app: TestApp) -> None:
    _, phone, ids = await repeated(app)

    result = await phone.push_one(mutation("slot", "put", ids[1], 1, title="Meal", scope="following"))

    assert (told(result), result["version"], await titles()) == (
        ("applied", ""),
        2,
        ["Workshop", "Meal", "Meal", "Meal"],
    )


@pytest.mark.parametrize(
    ("data", "left"), [(None, 3), ({}, 3), ({"scope": "one"}, 3), ({"scope": "following"}, 1), ({"scope": "all"}, 0)]
)
async def test_those_in_its_scope_are_cancelled_and_without_data_the_one(
    app: TestApp, data: JSON | None, left: int
) -> None:
    _, phone, ids = await repeated(app)
    cancel = mutation("slot", "delete", ids[1], 1)

    result = await phone.push_one(cancel if data is None else {**cancel, "data": data})

    assert (told(result), (await column(Slot.state)).count("planned")) == (("applied", ""), left)


async def test_a_stale_change_of_all_changes_none(app: TestApp) -> None:
    _, phone, ids = await repeated(app)
    await phone.push_one(mutation("slot", "put", ids[0], 1, title="Meal"))

    result = await phone.push_one(mutation("slot", "put", ids[0], 1, title="Free", scope="all"))

    assert (told(result), result["current"]["version"], await titles()) == (
        ("conflict", "stale"),
        2,
        ["Meal", "Workshop", "Workshop", "Workshop"],
    )


@pytest.mark.parametrize("scope", ["some", 1, None])
async def test_another_scope_makes_no_sense(app: TestApp, scope: Any) -> None:
    _, phone, ids = await repeated(app)

    results = await phone.push(
        mutation("slot", "put", ids[0], 1, title="?", scope=scope),
        {**mutation("slot", "delete", ids[0], 1), "data": {"scope": scope}},
    )

    assert [told(result) for result in results] == [("rejected", "invalid")] * 2


async def test_a_series_whose_later_id_is_taken_elsewhere_is_a_conflict(
    app: TestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody, first = await exchange_world(), uuid7()
    await take_id(app, everybody, uuid5(first, "2027-07-15"))
    monkeypatch.setattr(slots, "uuid7", lambda: first)
    leader = await app.as_(everybody.leader)

    pushed = await (await knowing(app, everybody.leader)).push_one(evenings(everybody.exchange, first))
    posted = await leader.post(f"/exchanges/{everybody.exchange}/slots", json=make.draft(repeat=REPEAT))

    assert (told(pushed), posted.status_code, posted.json()["code"]) == (("rejected", "id_taken"), 409, "id_taken")
