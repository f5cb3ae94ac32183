"""What becomes of an emergency sheet when its owner moves, leaves, is removed or erased, also while somebody writes it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.accounts.doors import member_id, told
from tests.client import TestApp
from tests.exchanges.sheets_world import FULL, content, member_door, opened, own_door, written
from tests.exchanges.world import World, world
from yema.erasing import erase
from yema.exchanges.tables.care import EmergencySheet, SheetOpening


async def move(app: TestApp, w: World, whom: UUID, **fields: Any) -> int:
    coordinator, member = await app.as_(w.coordinator), await member_id(w.exchange, whom)
    return (await coordinator.patch(f"/exchanges/{w.exchange}/members/{member}", json=fields)).status_code


async def test_moving_to_another_group_shows_it_to_the_new_leader_and_no_longer_to_the_old_one(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)

    assert await move(app, w, w.participant, group=str(w.group2)) == 200

    old, new = await opened(await app.as_(w.leader), w), await opened(await app.as_(w.leader2), w, w.group2)
    assert (w.participant in old, content(new[w.participant])) == (False, FULL)


@pytest.mark.parametrize("goes", ["leaves", "removed", "erased"])
async def test_it_is_destroyed_when_its_owner_goes(app: TestApp, goes: str) -> None:
    w = await world()
    me, leader = await written(app, w, w.participant), await app.as_(w.leader)
    await opened(leader, w)
    if goes == "leaves":
        await me.delete(f"/exchanges/{w.exchange}/members/me")
    elif goes == "removed":
        await move(app, w, w.participant, state="left")
    else:
        await erase(w.participant)

    rows = await EmergencySheet.select(EmergencySheet.sealed)

    erased = goes == "erased"
    assert [row["sealed"] for row in rows] == ([] if erased else [b""])
    assert await SheetOpening.count() == (0 if erased else 1)
    assert w.participant not in await opened(leader, w)


async def test_who_comes_back_has_no_sheet(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)
    await me.delete(f"/exchanges/{w.exchange}/members/me")
    code = (await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/join-codes", json={})).json()
    await me.post("/sign-in/join", json={"display_name": "Ola", "locale": "pl", "secret": code["secret"]})
    await move(app, w, w.participant, state="active")

    assert told(await me.get(own_door(w))) == (404, "not_found")


async def test_who_leaves_while_it_is_written_leaves_nothing_of_it_behind(app: TestApp) -> None:
    w = await world()
    me, leader = await written(app, w, w.participant), await app.as_(w.leader)
    door = await member_door(w, w.participant)

    await asyncio.gather(
        *(me.put(own_door(w), json=FULL, headers={"if-match": "*"}) for _ in range(6)),
        me.delete(f"/exchanges/{w.exchange}/members/me"),
        *(leader.put(door, json=FULL, headers={"if-match": "*"}) for _ in range(6)),
    )

    [row] = await EmergencySheet.select(EmergencySheet.sealed)
    assert row["sealed"] == b""


async def test_a_leader_who_writes_while_its_owner_moves_away_leaves_no_trace_with_the_old_group(app: TestApp) -> None:
    w = await world()
    leader, door = await app.as_(w.leader), await member_door(w, w.participant)

    *_, moved = await asyncio.gather(
        *(leader.put(door, json=FULL, headers={"if-match": "*"}) for _ in range(6)),
        move(app, w, w.participant, group=str(w.group2)),
    )

    pulled = await leader.post("/sync/pull", json={"locale": "en", "kinds_version": 3, "limit": 500})
    marks = [one for one in pulled.json()["changes"] if (one["kind"], one["op"]) == ("emergency_sheet", "put")]
    assert (moved, marks) == (200, [])
