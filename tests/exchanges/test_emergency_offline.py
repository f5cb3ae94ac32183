"""Emergency sheets on phones: one's own in full, and for the own leader only that there is a newer one."""

from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.accounts.doors import by_code, member_id, told
from tests.client import TestApp
from tests.exchanges.sheets_world import FULL, KIND, content, member_door, no_sheet, opened, own_door, sheet, written
from tests.exchanges.world import World, world
from tests.sync.world import Door, door, statuses
from tests.sync.world import told as pushed
from yema.exchanges.sealed import sheet_id

JSON = dict[str, Any]


async def pulled(phone: Door) -> list[JSON]:
    return (await phone.pull(version=KIND)).data("emergency_sheet")


async def knowing(app: TestApp, who: UUID) -> Door:
    phone = await door(app, who)
    await phone.pull(version=KIND)
    return phone


async def test_what_was_written_offline_is_what_the_route_would_have_kept(app: TestApp) -> None:
    w = await world()
    phone = await knowing(app, w.participant)

    result = await phone.push_one(sheet(w, w.participant))

    read = (await phone.client.get(own_door(w))).json()
    assert (result["status"], result["version"], await pulled(phone)) == ("applied", 1, [read])
    assert (content(read), read["id"]) == (FULL, str(sheet_id(w.exchange, w.participant)))


async def test_it_is_changed_and_taken_back_and_the_other_phone_hears_of_it(app: TestApp) -> None:
    w = await world()
    phone, other = await knowing(app, w.participant), await knowing(app, w.participant)

    results = await phone.push(sheet(w, w.participant), sheet(w, w.participant, 1, diet="Fish"))
    before = await pulled(other)
    results += await phone.push(no_sheet(w, w.participant, 2), no_sheet(w, w.participant, 2))
    after = await other.pull(version=KIND)

    assert [(result["status"], result["version"]) for result in results] == [
        ("applied", 1),
        ("applied", 2),
        ("applied", 3),
        ("applied", 3),
    ]
    assert ([data["diet"] for data in before], [op for _, op, _ in after.ops("emergency_sheet")]) == (
        ["Fish"],
        ["gone"],
    )


@pytest.mark.parametrize(("base", "op"), [(0, "put"), (1, "put"), (1, "delete")])
async def test_what_another_wrote_is_shown_and_not_overwritten(app: TestApp, base: int, op: str) -> None:
    w = await world()
    phone = await knowing(app, w.participant)
    await written(app, w, w.participant)
    leader = await app.as_(w.leader)
    await leader.put(await member_door(w, w.participant), json={"diet": "Fish"}, headers={"if-match": "1"})

    mutation = sheet(w, w.participant, base) if op == "put" else no_sheet(w, w.participant, base)
    result = await phone.push_one(mutation)

    assert (pushed(result), content(result["current"])) == (("conflict", "stale"), {"contacts": [], "diet": "Fish"})


async def test_an_edit_beats_a_delete(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)
    phone = await knowing(app, w.participant)
    await me.delete(own_door(w))

    result = await phone.push_one(sheet(w, w.participant, 1, diet="Fish"))

    assert (result["status"], result["version"]) == ("applied", 3)


async def test_a_lost_answer_writes_nothing_twice(app: TestApp) -> None:
    w = await world()
    phone = await knowing(app, w.participant)
    mutations = [sheet(w, w.participant), sheet(w, w.participant, 1), no_sheet(w, w.participant, 2)]

    before, after = await phone.push(*mutations), await phone.push(*mutations)

    assert (statuses(before), statuses(after)) == (["applied"] * 3, ["duplicate"] * 3)


async def test_nobody_writes_under_the_id_of_somebody_else(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    phone = await knowing(app, w.groupmate)
    theirs = {**sheet(w, w.participant), "base_version": 1}

    results = await phone.push(theirs, no_sheet(w, w.participant, 1))

    assert [pushed(result) for result in results] == [("rejected", "invalid"), ("rejected", "not_found")]


async def test_who_waits_is_asked_to_come_back_and_strangers_find_nothing(app: TestApp) -> None:
    w = await world()

    results = [await (await door(app, who)).push_one(sheet(w, who)) for who in (w.pending, w.left, w.stranger)]

    assert [pushed(result) for result in results] == [
        ("later", "waits_for_approval"),
        ("rejected", "not_found"),
        ("rejected", "not_found"),
    ]


async def seen_by(app: TestApp, w: World) -> dict[str, list[JSON]]:
    """What each phone is sent."""
    names = [name for name in World._fields[4:] if name != "participant"]
    found = {name: await pulled(await door(app, getattr(w, name))) for name in names}
    return {name: sheets for name, sheets in found.items() if sheets}


async def test_only_the_own_leaders_phone_hears_of_it_and_only_which_version(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    await written(app, w, w.participant, diet="Fish")

    mark = {"id": str(sheet_id(w.exchange, w.participant)), "person": str(w.participant), "version": 2}
    assert await seen_by(app, w) == {"leader": [mark]}


async def test_hearing_of_it_opens_nothing(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)
    await seen_by(app, w)

    assert (await me.get(own_door(w) + "/openings")).json() == {"items": []}


async def test_when_its_owner_moves_the_old_leaders_phone_drops_it_and_the_new_ones_hears_of_it(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    old, new = await knowing(app, w.leader), await knowing(app, w.leader2)
    member = await member_id(w.exchange, w.participant)

    await (await app.as_(w.coordinator)).patch(
        f"/exchanges/{w.exchange}/members/{member}", json={"group": str(w.group2)}
    )

    came = [(await phone.pull(version=KIND)).ops("emergency_sheet") for phone in (old, new)]
    identity = str(sheet_id(w.exchange, w.participant))
    assert came == [[("emergency_sheet", "gone", identity)], [("emergency_sheet", "put", identity)]]


async def test_when_its_owner_leaves_every_phone_drops_it(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)
    mine, leaders = await knowing(app, w.participant), await knowing(app, w.leader)

    await me.delete(f"/exchanges/{w.exchange}/members/me")

    ops = [[op for _, op, _ in (await p.pull(version=KIND)).ops("emergency_sheet")] for p in (mine, leaders)]
    assert ops == [["gone"], ["gone"]]


async def test_after_a_way_back_the_leaders_copy_is_seen_to_be_old(app: TestApp) -> None:
    """The version of a sheet that was destroyed is never used again."""
    w = await world()
    me = await written(app, w, w.participant)
    await me.delete(own_door(w))
    await written(app, w, w.participant)

    [mark] = await pulled(await door(app, w.leader))

    assert mark["version"] == 3


@pytest.mark.parametrize("closed", ["operator", "relinked", "older"])
async def test_phones_that_may_not_open_it_are_not_sent_it(app: TestApp, closed: str) -> None:
    w = await world()
    await written(app, w, w.participant)
    version, phone = KIND, await door(app, w.participant, "operator")
    if closed == "relinked":
        member = await member_id(w.exchange, w.participant)
        path = f"/exchanges/{w.exchange}/members/{member}/relink"
        code = (await (await app.as_(w.leader)).post(path)).json()["code"]
        tokens = (await by_code(app, code)).json()["tokens"]
        phone = Door(app.with_token(tokens["access_token"]))
    elif closed == "older":
        version, phone = KIND - 1, await door(app, w.participant)

    came = await phone.pull(version=version)
    result = await phone.push_one(sheet(w, w.participant, 1))

    assert came.ops("emergency_sheet") == []
    assert pushed(result) == (("applied", "") if closed == "older" else ("rejected", "diary_closed"))


async def test_an_operators_token_of_a_leader_is_told_of_none(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)

    assert await pulled(await door(app, w.leader, "operator")) == []


async def test_sheets_of_two_exchanges_are_two(app: TestApp) -> None:
    w = await world()
    await make.participant(w.elsewhere, who=w.participant)
    await written(app, w, w.participant)
    phone = await door(app, w.participant)

    result = await phone.push_one(sheet(w._replace(exchange=w.elsewhere), w.participant, diet="Fish"))

    assert (result["status"], sorted(one["diet"] for one in await pulled(phone))) == ("applied", ["Fish", "Vegan"])
    assert content((await opened(await app.as_(w.leader), w))[w.participant]) == FULL


async def test_a_deleted_one_is_not_found_by_another_door(app: TestApp) -> None:
    w = await world()
    phone = await door(app, w.participant)
    await phone.push(sheet(w, w.participant), no_sheet(w, w.participant, 1))

    assert told(await phone.client.get(own_door(w))) == (404, "not_found")
