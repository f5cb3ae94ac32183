"""Slots that leaders make, change and cancel while they are offline."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.sync.world import JSON, Door, World, door, knowing, mutation, statuses, told, world
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7


def new(exchange: UUID, thing: UUID | str | None = None, **fields: Any) -> JSON:
    """A new slot, to be pushed."""
    return {**mutation("slot", "put", thing), "data": {"exchange": str(exchange), **make.draft(**fields)}}


async def planned(app: TestApp) -> tuple[World, Door, str]:
    """A world, a leader's phone, and a slot of the plan in its version 1."""
    everybody = await world()
    slot = await make.slot(everybody.exchange)
    return everybody, await knowing(app, everybody.leader), str(slot)


async def row(slot: str) -> JSON:
    [found] = await Slot.select(Slot.state, Slot.version, Slot.titles).where(Slot.id == UUID(slot))
    return dict(found)


def bare(result: JSON) -> JSON:
    return {key: value for key, value in result.items() if key != "mutation_id"}


async def test_a_slot_that_was_made_offline_stands_on_the_plan_as_the_route_would_have_made_it(app: TestApp) -> None:
    everybody, phone, _ = await planned(app)
    venue = str(await make.venue(everybody.exchange))
    pushed = new(everybody.exchange, venue=venue, responsible=[str(everybody.leader)])
    posted = await phone.client.post(
        f"/exchanges/{everybody.exchange}/slots", json={k: v for k, v in pushed["data"].items() if k != "exchange"}
    )

    result = await phone.push_one(pushed)
    shown = {data["id"]: data for data in (await phone.pull()).data("slot")}

    assert bare(result) == {"status": "applied", "version": 1}
    assert {**shown[pushed["id"]], "id": ""} == {**posted.json(), "id": ""}


async def test_participants_hear_of_it_with_the_next_release_only(app: TestApp) -> None:
    everybody, phone, _ = await planned(app)
    participant = await knowing(app, everybody.participant)
    await phone.push_one(pushed := new(everybody.exchange))

    before = await participant.pull()
    await phone.client.post(f"/exchanges/{everybody.exchange}/releases")

    assert (before.ops(), pushed["id"] in (await participant.pull()).ids("released_slot")) == ([], True)


async def test_a_slot_is_changed_and_cancelled_from_what_the_phone_knows(app: TestApp) -> None:
    _, phone, slot = await planned(app)

    results = await phone.push(mutation("slot", "put", slot, 1, title="Changed"), mutation("slot", "delete", slot, 2))

    assert [bare(result) for result in results] == [{"status": "applied", "version": n} for n in (2, 3)]
    assert await row(slot) == {"state": "cancelled", "version": 3, "titles": '{"en":"Changed"}'}


@pytest.mark.parametrize("op", ["put", "delete"])
@pytest.mark.parametrize("locale", ["en", "pl"])
async def test_a_stale_change_is_a_conflict_and_shows_what_stands_there(app: TestApp, op: str, locale: str) -> None:
    everybody, phone, slot = await planned(app)
    other = await door(app, everybody.leader2)
    words = {"title": "Warsztat", "locale": "pl"}
    await other.push_one(mutation("slot", "put", slot, 1, **words))
    phone.client.headers["accept-language"] = locale

    result = await phone.push_one(mutation("slot", op, slot, 1, **({"title": "Mine"} if op == "put" else {})))

    assert (told(result), "version" in result) == (("conflict", "stale"), False)
    assert (result["current"]["id"], result["current"]["version"]) == (slot, 2)
    assert result["current"]["title"] == {"en": "Workshop", "pl": "Warsztat"}[locale]
    assert (await row(slot))["version"] == 2


async def test_of_many_leaders_who_change_one_version_one_does_it_and_the_others_see_that(app: TestApp) -> None:
    _, phone, slot = await planned(app)

    results = await asyncio.gather(
        *(phone.push_one(mutation("slot", "put", slot, 1, title=f"Title {n}")) for n in range(12))
    )

    assert sorted(statuses(results)) == ["applied"] + ["conflict"] * 11
    [done] = [n for n, result in enumerate(results) if result["status"] == "applied"]
    assert {r["current"]["title"] for r in results if "current" in r} == {f"Title {done}"}


ALLOWED = {
    "participant": ("rejected", "leaders_only"),
    "facilitator": ("applied", ""),
    "left": ("rejected", "not_found"),
    "stranger": ("rejected", "not_found"),
    "pending": ("later", "waits_for_approval"),
}


async def test_who_may_push_slots(app: TestApp) -> None:
    everybody, _, _ = await planned(app)

    for who, answer in ALLOWED.items():
        slot = await make.slot(everybody.exchange)
        phone = await door(app, getattr(everybody, who))
        change, cancel = mutation("slot", "put", slot, 1, title="Changed"), mutation("slot", "delete", slot, 2)

        results = await phone.push(new(everybody.exchange), change, cancel)

        assert (who, [told(result) for result in results]) == (who, [answer] * 3)


async def test_a_strangers_slot_and_none_at_all_are_the_same_to_whoever_asks(app: TestApp) -> None:
    everybody, _, slot = await planned(app)
    phone = await door(app, everybody.stranger)

    results = await phone.push(*(mutation("slot", "put", one, 1, title="?") for one in (slot, uuid7())))

    assert bare(results[0]) == bare(results[1])
    assert told(results[0]) == ("rejected", "not_found")


async def test_a_taken_id_is_refused_with_the_same_words_whoever_holds_it(app: TestApp) -> None:
    everybody, phone, slot = await planned(app)
    elsewhere = await make.slot(everybody.elsewhere)
    cancelled = await make.slot(everybody.exchange)
    await phone.push_one(mutation("slot", "delete", cancelled, 1))

    results = await phone.push(*(new(everybody.exchange, taken) for taken in (slot, elsewhere, cancelled)))

    assert told(results[0]) == ("rejected", "id_taken")
    assert [bare(result) for result in results] == [bare(results[0])] * 3


async def test_a_cancelled_slot_is_not_changed_any_more(app: TestApp) -> None:
    _, phone, slot = await planned(app)
    await phone.push_one(mutation("slot", "delete", slot, 1))

    results = await phone.push(mutation("slot", "put", slot, 2, title="Again"), mutation("slot", "delete", slot, 2))

    assert [told(result) for result in results] == [("rejected", "slot_cancelled")] * 2


REFUSED: list[tuple[JSON, str]] = [
    ({"venue": str(uuid7())}, "not_of_this_exchange"),
    ({"zone": "Atlantis/Capital"}, "unknown_zone"),
    ({"ends_at": "2027-07-14T00:00:00Z"}, "ends_before_it_starts"),
    ({"kind": "nap"}, "invalid"),
    ({"exchange": "here"}, "invalid"),
]


async def test_a_slot_that_the_route_would_refuse_is_rejected(app: TestApp) -> None:
    everybody, phone, _ = await planned(app)

    results = [await phone.push_one(new(everybody.exchange) | {"data": wrong(everybody, f)}) for f, _ in REFUSED]

    assert [told(result) for result in results] == [("rejected", code) for _, code in REFUSED]
    assert await Slot.count() == 1


def wrong(everybody: World, fields: JSON) -> JSON:
    return {"exchange": str(everybody.exchange), **make.draft(), **fields}


async def test_a_lost_answer_changes_nothing_twice(app: TestApp) -> None:
    everybody, phone, slot = await planned(app)
    made = new(everybody.exchange)
    pushed = [made, mutation("slot", "put", slot, 1, title="Changed"), mutation("slot", "delete", slot, 2)]

    before, after = await phone.push(*pushed), await phone.push(*pushed)

    assert (statuses(before), statuses(after)) == (["applied"] * 3, ["duplicate"] * 3)
    assert [result["version"] for result in after] == [result["version"] for result in before] == [1, 2, 3]
    assert (await Slot.count(), (await row(slot))["version"]) == (2, 3)
