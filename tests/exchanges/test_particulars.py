"""What leaders must know of a member: who reads it, who writes it, and that it goes when the member goes."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.accounts.doors import member_id, told
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.erasing import erase
from yema.exchanges.tables.exchange import Particulars

JSON = dict[str, Any]
ALL: JSON = {
    "gender": "f",
    "languages": ["pl", "en-GB"],
    "fewer_opportunities": True,
    "guardian_authorised": True,
    "travel_days": 2,
}
NOTHING: JSON = {"languages": [], "guardian_authorised": False}


async def door(w: World, whom: UUID) -> str:
    return f"/exchanges/{w.exchange}/members/{await member_id(w.exchange, whom)}/particulars"


def own_door(w: World) -> str:
    return f"/exchanges/{w.exchange}/members/me/particulars"


async def known(app: TestApp) -> tuple[World, str]:
    """A world in which the leader wrote down all of the participant."""
    w = await world()
    path = await door(w, w.participant)
    assert (await (await app.as_(w.leader)).put(path, json=ALL)).status_code == 200
    return w, path


def bare(answer: httpx.Response) -> JSON:
    return {name: value for name, value in answer.json().items() if name != "request_id"}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("leader", (200, "")),
        ("coordinator", (200, "")),
        ("leader2", (404, "not_found")),
        ("facilitator", (404, "not_found")),
        ("participant", (403, "leaders_only")),
        ("groupmate", (403, "leaders_only")),
        ("pending", (404, "not_found")),
        ("left", (404, "not_found")),
        ("stranger", (404, "not_found")),
    ],
)
async def test_leaders_of_the_own_group_and_coordinators_read_and_write_them(
    app: TestApp, who: str, expected: tuple[int, str]
) -> None:
    w, path = await known(app)
    client = await app.as_(getattr(w, who))

    answers = [await client.get(path), await client.put(path, json={**ALL, "travel_days": 3})]

    assert [told(answer) for answer in answers] == [expected] * 2
    [row] = await Particulars.select(Particulars.travel_days)
    assert row["travel_days"] == (3 if expected[0] == 200 else 2)


async def test_what_is_foreign_is_answered_as_what_is_not_there(app: TestApp) -> None:
    w, path = await known(app)
    client = await app.as_(w.leader2)

    there, absent = bare(await client.get(path)), bare(await client.get(path.replace(path[-48:-12], str(w.group))))

    assert there == absent


async def test_what_was_written_is_read_and_what_is_left_out_is_unknown_again(app: TestApp) -> None:
    w, path = await known(app)
    leader = await app.as_(w.leader)

    first = (await leader.get(path)).json()
    await leader.put(path, json={"gender": "x"})

    assert (first, (await leader.get(path)).json()) == (ALL, {**NOTHING, "gender": "x"})


async def test_of_who_waits_they_can_be_written_before_they_are_let_in(app: TestApp) -> None:
    w = await world()
    leader, path = await app.as_(w.leader), await door(w, w.pending)

    await leader.put(path, json={"guardian_authorised": True})
    await leader.patch(path.removesuffix("/particulars"), json={"state": "active"})

    assert (await leader.get(path)).json() == {**NOTHING, "guardian_authorised": True}


async def test_a_leader_without_a_group_does_not_read_what_is_known_of_coordinators(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(await make.leader(w.exchange))

    assert told(await leader.get(await door(w, w.coordinator))) == (404, "not_found")


async def test_i_read_and_write_my_gender_and_languages_and_nothing_else(app: TestApp) -> None:
    w, path = await known(app)
    me = await app.as_(w.participant)

    before = (await me.get(own_door(w))).json()
    answer = await me.put(own_door(w), json={"languages": ["uk"]})
    more = await me.put(own_door(w), json={"travel_days": 6})

    assert (before, answer.json()) == ({"gender": "f", "languages": ["pl", "en-GB"]}, {"languages": ["uk"]})
    assert told(more) == (400, "invalid")
    leader = await app.as_(w.leader)
    assert (await leader.get(path)).json() == {
        **{k: v for k, v in ALL.items() if k != "gender"},
        "languages": ["uk"],
    }


async def test_what_i_say_first_is_read_by_my_leader(app: TestApp) -> None:
    w = await world()
    me = await app.as_(w.participant)

    empty = (await me.get(own_door(w))).json()
    await me.put(own_door(w), json={"gender": "m", "languages": ["pl-PL", "pl"]})

    answer = await (await app.as_(w.leader)).get(await door(w, w.participant))
    assert (empty, answer.json()) == ({"languages": []}, {**NOTHING, "gender": "m", "languages": ["pl-PL", "pl"]})


@pytest.mark.parametrize(
    "fields",
    [
        {"gender": "w"},
        {"gender": None},
        {"languages": ["x-y"]},
        {"languages": ["pl"] * 11},
        {"travel_days": 7},
        {"travel_days": -1},
        {"fewer_opportunities": "because"},
        {"reason": "because"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_and_nothing_is_written(app: TestApp, fields: JSON) -> None:
    w, path = await known(app)
    leader = await app.as_(w.leader)

    answer = await leader.put(path, json={**ALL, **fields})

    assert (told(answer), (await leader.get(path)).json()) == ((400, "invalid"), ALL)


@pytest.mark.parametrize("goes", ["leaves", "removed", "erased"])
async def test_they_go_with_the_member(app: TestApp, goes: str) -> None:
    w, path = await known(app)
    await (await app.as_(w.leader)).put(await door(w, w.groupmate), json=ALL)
    if goes == "leaves":
        await (await app.as_(w.participant)).delete(f"/exchanges/{w.exchange}/members/me")
    elif goes == "removed":
        await (await app.as_(w.leader)).patch(path.removesuffix("/particulars"), json={"state": "left"})
    else:
        await erase(w.participant)

    rows = await Particulars.select(Particulars.id)

    assert [row["id"] for row in rows] == [await member_id(w.exchange, w.groupmate)]
    assert told(await (await app.as_(w.coordinator)).get(path)) == (404, "not_found")


async def test_when_somebody_moves_the_new_leader_reads_them_and_the_old_one_no_longer(app: TestApp) -> None:
    w, path = await known(app)
    coordinator = await app.as_(w.coordinator)

    await coordinator.patch(path.removesuffix("/particulars"), json={"group": str(w.group2)})

    seen = [told(await (await app.as_(who)).get(path))[0] for who in (w.leader, w.leader2)]
    assert seen == [404, 200]


async def test_no_phone_is_sent_them_and_no_cache_keeps_them(app: TestApp) -> None:
    w, path = await known(app)
    leader = await app.as_(w.leader)

    page = (await leader.post("/sync/pull", json={"locale": "en", "kinds_version": 99, "limit": 500})).text

    assert [word for word in ("travel_days", "guardian", "fewer") if word in page] == []
    assert (await leader.get(path)).headers["cache-control"] == "private, no-store"
