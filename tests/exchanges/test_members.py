"""Members: approved, moved, removed, leaving and coming back; and join codes."""

from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.changes.tables import Change
from yema.exchanges.tables.exchange import Member


async def id_of(person: UUID) -> UUID:
    [row] = await Member.select(Member.id).where(Member.person == person)
    found: UUID = row["id"]
    return found


async def patch(app: TestApp, w: World, by: UUID, whom: UUID, **fields: Any) -> tuple[int, Any]:
    """Status, and the code of the problem or the state and group of the member."""
    client = await app.as_(by)
    answer = await client.patch(f"/exchanges/{w.exchange}/members/{await id_of(whom)}", json=fields)
    body = answer.json()
    return answer.status_code, body.get("code") or (body["state"], body.get("group"))


async def test_a_leader_approves_who_waits_for_their_group(app: TestApp) -> None:
    w = await world()
    pending = await app.as_(w.pending)
    before = await pending.get(f"/exchanges/{w.exchange}")

    answer = await patch(app, w, w.leader, w.pending, state="active")

    after = await pending.get(f"/exchanges/{w.exchange}")
    assert (before.status_code, answer, after.status_code) == (404, (200, ("active", str(w.group))), 200)


@pytest.mark.parametrize(
    ("by", "whom", "fields"),
    [
        ("leader2", "pending", {"state": "active"}),
        ("leader2", "participant", {"state": "left"}),
        ("leader", "coordinator", {"state": "left"}),
        ("leader", "facilitator", {"state": "left"}),
        ("leader", "leader2", {"state": "left"}),
        ("facilitator", "participant", {"state": "left"}),
        ("facilitator", "coordinator", {"state": "left"}),
    ],
)
async def test_leaders_act_for_their_own_group_only(app: TestApp, by: str, whom: str, fields: dict[str, str]) -> None:
    w = await world()

    assert await patch(app, w, getattr(w, by), getattr(w, whom), **fields) == (403, "own_group_only")


@pytest.mark.parametrize(("group", "code"), [(True, "coordinators_only"), (False, "own_group_only")])
async def test_a_leader_does_not_remove_who_leads_beside_them(app: TestApp, group: bool, code: str) -> None:
    w = await world()
    shared = w.group if group else None
    leader = await make.leader(w.exchange, shared)
    coordinator = await make.member(w.exchange, "coordinator", shared)

    answer = await patch(app, w, leader, coordinator, state="left")

    assert answer == (403, code)


async def test_a_leader_without_a_group_acts_for_nobody_who_has_none_either(app: TestApp) -> None:
    w = await world()
    leader, alone = await make.leader(w.exchange), await make.participant(w.exchange, state="pending")

    assert await patch(app, w, leader, alone, state="active") == (403, "own_group_only")


async def test_a_leader_does_not_move_people_into_another_group(app: TestApp) -> None:
    w = await world()

    answer = await patch(app, w, w.leader, w.participant, group=str(w.group2))

    assert answer == (403, "own_group_only")


async def test_a_coordinator_moves_people(app: TestApp) -> None:
    w = await world()

    answer = await patch(app, w, w.coordinator, w.participant, group=str(w.group2))

    assert answer == (200, ("active", str(w.group2)))


async def test_nobody_is_moved_into_a_group_of_another_exchange(app: TestApp) -> None:
    w = await world()
    group = await make.group(w.elsewhere)

    answer = await patch(app, w, w.coordinator, w.participant, group=str(group))

    assert answer == (400, "not_of_this_exchange")


async def test_whoever_is_removed_sees_nothing_at_their_next_request(app: TestApp) -> None:
    w = await world()
    client = await app.as_(w.participant)
    before = await client.get(f"/exchanges/{w.exchange}")

    await patch(app, w, w.leader, w.participant, state="left")

    after = await client.get(f"/exchanges/{w.exchange}")
    assert (before.status_code, after.status_code) == (200, 404)


async def states(app: TestApp, w: World, reader: UUID) -> dict[str, str]:
    """The state of everybody whom this reader sees."""
    answer = await (await app.as_(reader)).get(f"/exchanges/{w.exchange}/members")
    return {member["person"]: member["state"] for member in answer.json()["items"]}


async def test_leaders_also_see_who_waits_and_who_left(app: TestApp) -> None:
    w = await world()

    seen = [(await states(app, w, who)) for who in (w.leader, w.participant)]

    assert [(one.get(str(w.pending)), one.get(str(w.left))) for one in seen] == [("pending", "left"), (None, None)]


async def test_whoever_leaves_is_gone_for_the_others(app: TestApp) -> None:
    w = await world()
    client, member = await app.as_(w.participant), await id_of(w.participant)

    answer = await client.delete(f"/exchanges/{w.exchange}/members/me")

    seen = [(await states(app, w, who)).get(str(w.participant)) for who in (w.leader, w.groupmate)]
    rows = await Change.select(Change.op, Change.space.kind.as_alias("space_kind")).where(Change.thing == member)
    assert (answer.status_code, seen, {row["space_kind"]: row["op"] for row in rows}) == (
        204,
        ["left", None],
        {"exchange": "gone", "exchange_leaders": "put"},
    )


async def test_whoever_left_comes_back_by_a_code_as_the_same_member_and_waits(app: TestApp) -> None:
    w = await world()
    client, member = await app.as_(w.participant), await id_of(w.participant)
    await client.delete(f"/exchanges/{w.exchange}/members/me")
    body = {"admits": True, "group": str(w.group2)}
    code = (await (await app.as_(w.coordinator)).post(f"/exchanges/{w.exchange}/join-codes", json=body)).json()

    joined = await client.post("/sign-in/join", json={"display_name": "Ola", "locale": "pl", "secret": code["secret"]})

    back = (await client.get("/me")).json()["memberships"]
    assert (joined.status_code, back, await id_of(w.participant)) == (
        201,
        [{"exchange": str(w.exchange), "role": "participant", "state": "pending", "group": str(w.group2)}],
        member,
    )


async def test_a_new_name_reaches_everybody_who_sees_it(app: TestApp) -> None:
    w = await world()
    second = await make.exchange("Second")
    await make.member(second, who=w.participant)
    await make.leader(second)

    answer = await (await app.as_(w.participant)).patch("/me", json={"display_name": "Ola Nowa"})

    members = (await (await app.as_(w.groupmate)).get(f"/exchanges/{w.exchange}/members")).json()["items"]
    names = [member["display_name"] for member in members if member["person"] == str(w.participant)]
    ids = Member.select(Member.id).where(Member.person == w.participant)
    rows = await Change.select(Change.space.owner.as_alias("owner")).where(
        Change.kind == "member", Change.thing.is_in(ids)
    )
    assert (answer.json()["display_name"], names, {row["owner"] for row in rows}) == (
        "Ola Nowa",
        ["Ola Nowa"],
        {w.exchange, second},
    )


async def test_members_are_listed_a_page_at_a_time(app: TestApp) -> None:
    w = await world()
    client, found, cursor = await app.as_(w.participant), [], None
    while True:
        params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(f"/exchanges/{w.exchange}/members", params=params)).json()
        found += [member["person"] for member in page["items"]]
        if not (cursor := page.get("next_cursor")):
            break

    active = (w.participant, w.groupmate, w.participant2, w.leader, w.leader2, w.facilitator, w.coordinator)
    assert sorted(found) == sorted(map(str, active))


async def make_code(app: TestApp, w: World, by: UUID, **fields: Any) -> tuple[int, Any]:
    answer = await (await app.as_(by)).post(f"/exchanges/{w.exchange}/join-codes", json=fields)
    body = answer.json()
    return answer.status_code, body["code"] if answer.status_code >= 400 else (body["role"], body.get("group"))


async def test_a_leaders_code_is_for_their_own_group(app: TestApp) -> None:
    w = await world()

    answers = [
        await make_code(app, w, w.leader),
        await make_code(app, w, w.leader, group=str(w.group)),
        await make_code(app, w, w.leader, group=str(w.group2)),
        await make_code(app, w, w.leader, role="leader"),
        await make_code(app, w, w.facilitator),
    ]

    assert answers == [
        (201, ("participant", str(w.group))),
        (201, ("participant", str(w.group))),
        (403, "own_group_only"),
        (403, "coordinators_only"),
        (403, "own_group_only"),
    ]


async def test_a_coordinators_code_is_for_anybody_of_this_exchange(app: TestApp) -> None:
    w = await world()
    foreign = await make.group(w.elsewhere)

    answers = [
        await make_code(app, w, w.coordinator),
        await make_code(app, w, w.coordinator, group=str(w.group2), role="leader"),
        await make_code(app, w, w.coordinator, group=str(foreign)),
    ]

    assert answers == [
        (201, ("participant", None)),
        (201, ("leader", str(w.group2))),
        (400, "not_of_this_exchange"),
    ]


async def test_a_list_of_codes_is_without_their_secrets(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    made = (await leader.post(f"/exchanges/{w.exchange}/join-codes", json={})).json()

    listed = (await leader.get(f"/exchanges/{w.exchange}/join-codes")).json()["items"]

    assert [(code["id"], {"code", "secret"} & code.keys()) for code in (made, *listed)] == [
        (made["id"], {"code", "secret"}),
        (made["id"], set()),
    ]
