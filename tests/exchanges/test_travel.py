"""The ways of the groups: planned by their own leaders, seen by those who travel."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import JSON, door, mutation
from yema.database import Statement
from yema.exchanges.actions.plan import travel

KIND = 3
"""The `kinds_version` with which phones learned of it."""


def leg(group: UUID, **fields: Any) -> JSON:
    """By train from Katowice to Cádiz, through two zones of time."""
    return {
        "group": str(group),
        "direction": "outward",
        "mode": "train",
        "from_place": "Katowice",
        "to_place": "Cádiz",
        "departs_at": "2026-07-01T08:00:00+02:00",
        "departs_zone": "Europe/Warsaw",
        "arrives_at": "2026-07-02T06:30:00Z",
        "arrives_zone": "Europe/London",
        "green": True,
        **fields,
    }


async def planned(app: TestApp) -> tuple[World, JSON]:
    everybody = await world()
    leader = await app.as_(everybody.leader)
    answer = await leader.post(f"/exchanges/{everybody.exchange}/travel", json=leg(everybody.group))
    assert answer.status_code == 201, answer.text
    return everybody, answer.json()


async def test_each_end_of_a_leg_is_shown_by_the_clock_of_its_place(app: TestApp) -> None:
    everybody, made = await planned(app)
    leader = await app.as_(everybody.leader)

    seen = (await leader.get(f"/exchanges/{everybody.exchange}/travel")).json()["items"]

    assert seen == [made]
    assert (made["departs_at"], made["arrives_at"]) == ("2026-07-01T08:00:00+02:00", "2026-07-02T07:30:00+01:00")


async def test_a_member_sees_the_way_of_the_own_group_only(app: TestApp) -> None:
    everybody, made = await planned(app)
    people = [
        getattr(everybody, who) for who in ("participant", "participant2", "leader2", "facilitator", "coordinator")
    ]

    seen = [
        len((await (await app.as_(who)).get(f"/exchanges/{everybody.exchange}/travel")).json()["items"])
        for who in people
    ]
    single = [(await (await app.as_(who)).get(f"/travel-legs/{made['id']}")).status_code for who in people]

    assert (seen, single) == ([1, 0, 1, 1, 1], [200, 404, 200, 200, 200])


async def test_only_leaders_of_the_group_and_coordinators_plan_it(app: TestApp) -> None:
    everybody, made = await planned(app)
    people = [getattr(everybody, who) for who in ("participant", "leader2", "facilitator", "coordinator", "stranger")]

    answers = [
        await (await app.as_(who)).patch(
            f"/travel-legs/{made['id']}", json={"carrier": "IC 1"}, headers={"if-match": "*"}
        )
        for who in people
    ]

    codes = [answer.json().get("code", "") for answer in answers]
    assert codes == ["leaders_only", "own_group_only", "own_group_only", "", "not_found"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"arrives_at": "2026-07-01T08:00:00+02:00"}, "ends_before_it_starts"),
        ({"arrives_zone": "Mars/Olympus"}, "unknown_zone"),
        ({"mode": "teleport"}, "invalid"),
        ({"distance_km": -1}, "invalid"),
    ],
)
async def test_a_way_that_cannot_be_is_refused(app: TestApp, change: JSON, code: str) -> None:
    everybody, made = await planned(app)
    leader = await app.as_(everybody.leader)

    answer = await leader.patch(f"/travel-legs/{made['id']}", json=change, headers={"if-match": "*"})

    assert answer.json()["code"] == code


async def _all_change(leader: httpx.AsyncClient, made: JSON) -> list[httpx.Response]:
    where, match = f"/travel-legs/{made['id']}", {"if-match": "1"}
    return await asyncio.gather(*(leader.patch(where, json={"carrier": f"IC {n}"}, headers=match) for n in range(16)))


async def test_of_many_who_change_a_leg_at_once_one_wins_and_the_others_see_it(app: TestApp) -> None:
    everybody, made = await planned(app)
    leader = await app.as_(everybody.leader)

    answers = await _all_change(leader, made)

    won = [answer.json() for answer in answers if answer.status_code == 200]
    lost = [(answer.status_code, answer.json()["current"]) for answer in answers if answer.status_code != 200]
    assert (len(won), lost) == (1, [(412, won[0])] * 15)


async def test_without_its_lock_all_would_win(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    # Shows that the race above would be lost.
    everybody, made = await planned(app)
    leader = await app.as_(everybody.leader)
    columns = 'version + 1, "group", departs_at, arrives_at, departs_zone, from_place'
    read = f"SELECT {columns} FROM travel_leg WHERE id = {{}} AND exchange = {{}}"
    monkeypatch.setattr(travel, "_NEXT", Statement(read))

    answers = await _all_change(leader, made)

    assert [answer.status_code for answer in answers] == [200] * 16


async def test_phones_of_the_group_and_of_leaders_hear_of_it_and_of_its_end(app: TestApp) -> None:
    everybody, made = await planned(app)
    phones = [await door(app, getattr(everybody, who)) for who in ("participant", "participant2", "leader")]

    first = [(await phone.pull(version=KIND)).data("travel_leg") for phone in phones]
    leader = await app.as_(everybody.leader)
    dropped = await leader.delete(f"/travel-legs/{made['id']}", headers={"if-match": "1"})
    second = [{op for _, op, _ in (await phone.pull(version=KIND)).ops("travel_leg")} for phone in phones]

    assert first == [[made], [], [made, made]]
    assert (dropped.status_code, second) == (204, [{"gone"}, set(), {"gone"}])


async def test_it_is_planned_changed_and_dropped_offline_too(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.leader)
    await phone.pull(version=KIND)
    new = mutation("travel_leg", "put", exchange=str(everybody.exchange), **leg(everybody.group))
    thing = new["id"]

    results = await phone.push(
        new,
        mutation("travel_leg", "put", thing, 1, carrier="IC 7"),
        mutation("travel_leg", "put", thing, 1, carrier="IC 8"),
        mutation("travel_leg", "delete", thing, 2),
    )

    assert [result["status"] for result in results] == ["applied", "applied", "conflict", "applied"]
    assert results[2]["current"]["carrier"] == "IC 7"
