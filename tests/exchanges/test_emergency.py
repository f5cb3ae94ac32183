"""Emergency sheets: who writes and who opens them, and that those whom they are about see it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from tests import make
from tests.accounts.doors import by_code, member_id, told
from tests.client import TestApp
from tests.exchanges.sheets_world import FULL, content, group_door, member_door, opened, own_door, written
from tests.exchanges.world import World, world
from yema.exchanges.tables.care import EmergencySheet, SheetOpening

NOBODY = ("leader2", "facilitator", "coordinator", "participant", "groupmate", "participant2", "pending", "left")
JSON = dict[str, Any]


def etag(version: int) -> dict[str, str]:
    return {"if-match": f'"{version}"'}


async def test_what_i_wrote_is_what_i_read(app: TestApp) -> None:
    w = await world()
    me = await app.as_(w.participant)

    answer = await me.put(own_door(w), json=FULL)
    read = (await me.get(own_door(w))).json()

    assert (answer.status_code, read) == (201, answer.json())
    assert (content(read), read["version"], read["changed_by"]) == (FULL, 1, str(w.participant))


async def test_changing_it_needs_the_version_that_one_knew(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)

    answers = [
        await me.put(own_door(w), json={"diet": "None"}),
        await me.put(own_door(w), json={"diet": "None"}, headers=etag(1)),
        await me.put(own_door(w), json={"diet": "Fish"}, headers=etag(1)),
    ]

    assert [told(answer) for answer in answers] == [(428, "precondition_required"), (200, ""), (412, "stale")]
    assert content(answers[2].json()["current"]) == {"contacts": [], "diet": "None"}
    assert content((await me.get(own_door(w))).json()) == {"contacts": [], "diet": "None"}


async def test_of_many_who_change_it_at_once_one_does(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)

    answers = await asyncio.gather(*(me.put(own_door(w), json={"notes": str(n)}, headers=etag(1)) for n in range(12)))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 11


async def test_what_i_took_back_is_nowhere_and_can_be_written_anew(app: TestApp) -> None:
    w = await world()
    me, leader = await written(app, w, w.participant), await app.as_(w.leader)

    gone = await me.delete(own_door(w))
    after = [told(await me.get(own_door(w))), told(await me.delete(own_door(w)))]
    seen = (await opened(leader, w))[w.participant]
    [row] = await EmergencySheet.select(EmergencySheet.sealed)
    again = await me.put(own_door(w), json={"diet": "None"})

    assert (gone.status_code, after, seen, row["sealed"]) == (204, [(404, "not_found")] * 2, None, b"")
    assert (again.status_code, again.json()["version"]) == (201, 3)


async def test_a_delete_may_name_the_version_that_one_knew(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)

    answers = [await me.delete(own_door(w), headers=etag(version)) for version in (7, 1)]

    assert [told(answer)[0] if answer.content else 204 for answer in answers] == [412, 204]


@pytest.mark.parametrize(
    "fields",
    [
        {"contacts": [FULL["contacts"][0]] * 6},
        {"contacts": [{"name": "Maria"}]},
        {"contacts": [{"name": "Maria", "phone": "call me"}]},
        {"contacts": [{"name": "Maria", "phone": "+48 600 000 000\n"}]},
        {"allergies": "x" * 2001},
        {"notes": "a\0b"},
        {"insurance": {"policy": "1"}},
        {"blood": "0"},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_what_makes_no_sense_is_refused(app: TestApp, fields: JSON) -> None:
    w = await world()

    answer = await (await app.as_(w.participant)).put(own_door(w), json={**FULL, **fields})

    assert (told(answer), await EmergencySheet.count()) == ((400, "invalid"), 0)


async def test_the_leader_opens_those_of_the_own_group_at_once(app: TestApp) -> None:
    w = await world()
    for who in (w.participant, w.participant2, w.facilitator):
        await written(app, w, who)

    seen = await opened(await app.as_(w.leader), w)

    assert {who: content(found) for who, found in seen.items()} == {w.participant: FULL, w.groupmate: {}, w.leader: {}}


@pytest.mark.parametrize("who", [*NOBODY, "stranger"])
async def test_nobody_but_the_own_leader_opens_one(app: TestApp, who: str) -> None:
    w = await world()
    await written(app, w, w.participant)
    client = await app.as_(getattr(w, who))

    answers = [await client.get(group_door(w) + end) for end in ("", ".html")]
    answers.append(await client.put(await member_door(w, w.participant), json=FULL, headers=etag(1)))

    participates = who in ("participant", "groupmate", "participant2")
    assert [told(answer) for answer in answers] == [(403, "leaders_only") if participates else (404, "not_found")] * 3
    assert await SheetOpening.count() == 0


async def test_a_coordinator_in_a_group_and_a_leader_in_none_open_nothing(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    members = [await make.member(w.exchange, role, w.group) for role in ("coordinator", "facilitator")]
    members.append(await make.leader(w.exchange))

    answers = [told(await (await app.as_(who)).get(group_door(w))) for who in members]

    assert answers == [(404, "not_found")] * 3


async def test_a_leader_of_another_exchange_opens_nothing_here(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    foreign = await app.as_(await make.leader(w.elsewhere, await make.group(w.elsewhere)))

    assert told(await foreign.get(f"/exchanges/{w.elsewhere}/groups/{w.group}/emergency-sheets")) == (404, "not_found")


async def openings(client: httpx.AsyncClient, w: World) -> list[str]:
    return [one["by"] for one in (await client.get(own_door(w) + "/openings")).json()["items"]]


async def test_whose_sheet_was_opened_sees_by_whom_once_a_day(app: TestApp) -> None:
    w = await world()
    me, mate = await written(app, w, w.participant), await written(app, w, w.groupmate)
    second = await make.leader(w.exchange, w.group)

    for leader in (w.leader, second):
        await opened(await app.as_(leader), w)
        await (await app.as_(leader)).get(group_door(w) + ".html")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=False):
        await opened(await app.as_(second), w)
        seen = [await openings(await app.as_(who), w) for who in (w.participant, w.groupmate)]

    expected = [str(second), str(second), str(w.leader)]
    assert (seen[0][0], sorted(seen[0]), seen[1]) == (str(second), sorted(expected), seen[0])
    assert await openings(await app.as_(w.leader), w) == []
    del me, mate


async def test_who_has_no_sheet_was_not_opened(app: TestApp) -> None:
    w = await world()
    await opened(await app.as_(w.leader), w)

    assert await SheetOpening.count() == 0


async def test_my_leader_writes_mine_and_i_see_it(app: TestApp) -> None:
    w = await world()
    leader, door = await app.as_(w.leader), await member_door(w, w.participant)

    first = await leader.put(door, json=FULL)
    unconditional = await leader.put(door, json={"diet": "Fish"})
    stale = await leader.put(door, json={"diet": "Fish"}, headers=etag(4))
    second = await leader.put(door, json={"diet": "Fish"}, headers=etag(1))

    read = (await (await app.as_(w.participant)).get(own_door(w))).json()
    assert [told(one)[0] for one in (first, unconditional, stale, second)] == [201, 428, 412, 200]
    assert (content(read), read["changed_by"], read["version"]) == (
        {"contacts": [], "diet": "Fish"},
        str(w.leader),
        2,
    )
    assert [word in stale.text + second.text for word in ("current", "Maria")] == [False] * 2


async def test_an_operators_token_opens_and_writes_none(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    me, leader = [app.with_token(await make.token(who, "operator")) for who in (w.participant, w.leader)]

    answers = [
        await me.get(own_door(w)),
        await me.put(own_door(w), json=FULL, headers=etag(1)),
        await me.delete(own_door(w)),
        await leader.get(group_door(w)),
        await leader.get(group_door(w) + ".html"),
        await leader.put(await member_door(w, w.participant), json=FULL, headers=etag(1)),
    ]

    assert [told(answer) for answer in answers] == [(403, "diary_closed")] * 6
    assert await SheetOpening.count() == 0


async def test_a_phone_that_was_re_linked_opens_none(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    leader, member = await app.as_(w.leader), await member_id(w.exchange, w.participant)
    code = (await leader.post(f"/exchanges/{w.exchange}/members/{member}/relink")).json()["code"]
    tokens = (await by_code(app, code)).json()["tokens"]

    client = app.with_token(tokens["access_token"])

    answers = [await client.get(own_door(w)), await client.put(own_door(w), json=FULL, headers=etag(1))]
    assert [told(answer) for answer in answers] == [(403, "diary_closed")] * 2
    pulled = await client.post("/sync/pull", json={"locale": "en", "kinds_version": 3, "limit": 500})
    assert "Maria" not in pulled.text


async def test_no_cache_keeps_a_sheet(app: TestApp) -> None:
    w = await world()
    me, leader = await written(app, w, w.participant), await app.as_(w.leader)

    answers = [
        await me.get(own_door(w)),
        await me.put(own_door(w), json=FULL, headers=etag(1)),
        await me.put(own_door(w), json=FULL, headers=etag(1)),
        await me.get(own_door(w) + "/openings"),
        await leader.get(group_door(w)),
        await leader.get(group_door(w) + ".html"),
        await leader.put(await member_door(w, w.participant), json=FULL, headers=etag(2)),
        await me.delete(own_door(w)),
    ]

    assert [(answer.status_code, "no-store" in answer.headers["cache-control"]) for answer in answers] == [
        (status, True) for status in (200, 200, 412, 200, 200, 200, 200, 204)
    ]
