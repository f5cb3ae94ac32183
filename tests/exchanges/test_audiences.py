"""For whom a slot is: everybody, some groups, or chosen people."""

from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.changes.tables import Change, Space

EVERYBODY = {"participant", "groupmate", "participant2", "leader", "leader2", "facilitator", "coordinator"}
LEADING = {"leader", "leader2", "facilitator", "coordinator"}


def audience(w: World, kind: str) -> Any:
    """For all, for the first group, or for one participant of the second; who is responsible is of neither."""
    return {
        "all": {"kind": "all"},
        "groups": {"kind": "groups", "groups": [str(w.group)]},
        "people": {"kind": "people", "people": [str(w.participant2)]},
    }[kind]


async def schedule(app: TestApp, w: World, kind: str) -> str:
    """A slot for these, with the facilitator responsible."""
    body = make.draft(audience=audience(w, kind), responsible=[str(w.facilitator)])
    answer = await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/slots", json=body)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def release(app: TestApp, w: World) -> None:
    answer = await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/releases")
    assert answer.status_code == 201


async def seen_in_the_itinerary(app: TestApp, w: World, view: str, names: set[str]) -> set[str]:
    """Who of these sees a slot."""
    found = set()
    for name in names:
        client = await app.as_(getattr(w, name))
        answer = await client.get(f"/exchanges/{w.exchange}/itinerary", params={"view": view})
        if answer.json()["days"]:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        ("all", EVERYBODY),
        ("groups", {"participant", "groupmate", "leader", "facilitator"}),
        ("people", {"participant2", "facilitator"}),
    ],
)
async def test_a_released_slot_is_seen_by_those_it_is_for_and_who_is_responsible(
    app: TestApp, kind: str, readers: set[str]
) -> None:
    w = await world()
    await schedule(app, w, kind)
    await release(app, w)

    assert await seen_in_the_itinerary(app, w, "released", EVERYBODY) == readers


@pytest.mark.parametrize("kind", ["all", "groups", "people"])
async def test_those_who_lead_see_every_slot_of_the_plan(app: TestApp, kind: str) -> None:
    w = await world()
    await schedule(app, w, kind)

    assert await seen_in_the_itinerary(app, w, "plan", LEADING) == LEADING


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        ("all", {"participant", "groupmate", "participant2"}),
        ("groups", {"participant", "groupmate"}),
        ("people", {"participant2"}),
    ],
)
async def test_a_single_slot_is_seen_by_the_same_participants(app: TestApp, kind: str, readers: set[str]) -> None:
    w = await world()
    slot = await schedule(app, w, kind)
    await release(app, w)

    participants = ("participant", "groupmate", "participant2")
    answers = {name: (await (await app.as_(getattr(w, name))).get(f"/slots/{slot}")) for name in participants}

    assert {name for name, answer in answers.items() if answer.status_code == 200} == readers


async def test_participants_do_not_see_the_plan(app: TestApp) -> None:
    w = await world()
    slot = await schedule(app, w, "all")
    client = await app.as_(w.participant)

    plan = await client.get(f"/exchanges/{w.exchange}/itinerary", params={"view": "plan"})
    planned = await client.get(f"/slots/{slot}")

    assert (plan.status_code, plan.json()["code"], planned.status_code) == (403, "leaders_only", 404)


async def ops(thing: UUID, kind: str = "released_slot") -> dict[tuple[str, UUID], str]:
    """What the spaces know of a thing."""
    rows = await Change.select(
        Change.op, Change.space.kind.as_alias("space_kind"), Change.space.owner.as_alias("owner")
    ).where(Change.thing == thing, Change.kind == kind)
    return {(row["space_kind"], row["owner"]): row["op"] for row in rows}


async def test_a_slot_that_is_for_one_group_now_leaves_a_tombstone_for_the_others(app: TestApp) -> None:
    w = await world()
    slot = await schedule(app, w, "all")
    await release(app, w)
    before = await seen_in_the_itinerary(app, w, "released", EVERYBODY)

    as_leader = await app.as_(w.leader)
    await as_leader.patch(
        f"/slots/{slot}", json={"audience": audience(w, "groups"), "responsible": []}, headers={"If-Match": "*"}
    )
    await release(app, w)

    after = await seen_in_the_itinerary(app, w, "released", EVERYBODY)
    assert (before, after, await ops(UUID(slot))) == (
        EVERYBODY,
        {"participant", "groupmate", "leader"},
        {("exchange", w.exchange): "gone", ("group", w.group): "put", ("exchange_leaders", w.exchange): "put"},
    )


async def test_a_change_of_who_is_responsible_keeps_the_audience(app: TestApp) -> None:
    w = await world()
    slot = await schedule(app, w, "people")

    answer = await (await app.as_(w.leader)).patch(
        f"/slots/{slot}", json={"responsible": [str(w.leader)]}, headers={"If-Match": "*"}
    )

    assert (answer.json()["audience"], answer.json()["responsible"]) == (audience(w, "people"), [str(w.leader)])


async def test_the_plan_is_a_thing_of_the_leaders_space_only(app: TestApp) -> None:
    w = await world()

    slot = await schedule(app, w, "all")

    assert await ops(UUID(slot), "slot") == {("exchange_leaders", w.exchange): "put"}


async def test_whoever_moves_to_another_group_sees_what_is_for_that_one(app: TestApp) -> None:
    w = await world()
    await schedule(app, w, "groups")
    await release(app, w)
    members = (await (await app.as_(w.coordinator)).get(f"/exchanges/{w.exchange}/members")).json()["items"]
    member = next(m["id"] for m in members if m["person"] == str(w.participant2))

    await (await app.as_(w.coordinator)).patch(
        f"/exchanges/{w.exchange}/members/{member}", json={"group": str(w.group)}
    )

    assert await seen_in_the_itinerary(app, w, "released", {"participant2"}) == {"participant2"}


async def test_a_slot_for_one_person_is_told_to_no_space_that_others_read(app: TestApp) -> None:
    w = await world()
    slot = await schedule(app, w, "people")
    await release(app, w)

    readers = await Space.select(Space.kind, Space.owner).where(
        Space.id.is_in(Change.select(Change.space).where(Change.thing == UUID(slot)))
    )

    assert sorted((row["kind"], row["owner"]) for row in readers) == sorted(
        [("exchange_leaders", w.exchange), ("person", w.participant2), ("person", w.facilitator)]
    )
