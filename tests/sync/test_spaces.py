"""Who hears of what: spaces come, are replaced and are dropped as memberships and epochs change."""

from uuid import UUID

import pytest

from tests import make
from tests.accounts.doors import join, join_code, member_id
from tests.client import TestApp
from tests.sync.world import (
    Door,
    World,
    door,
    full_world,
    knowing,
    rename,
    rewrite_space,
    space_row,
    world,
)
from yema.changes import SpaceKind

CIRCLES = {
    "participant": ["exchange", "group"],
    "leader": ["exchange", "exchange_leaders", "group", "group_leaders"],
    "facilitator": ["exchange", "exchange_leaders"],
    "coordinator": ["exchange", "exchange_coordinators", "exchange_leaders"],
    "pending": [],
    "left": [],
}


async def wide_world(app: TestApp) -> World:
    """A world in which something has happened in every kind of space."""
    everything = await full_world(app)
    for shared_with in ("group", "coordinators"):
        author = await door(app, everything.groupmate)
        page = await author.write(everything.exchange)
        await author.client.put(f"/journal/entries/{page}/sharing", json={"shared_with": shared_with})
    return everything


async def change(app: TestApp, everybody: World, person: UUID, **change: str) -> None:
    """A coordinator approves, moves or removes somebody."""
    coordinator = await app.as_(everybody.coordinator)
    path = f"/exchanges/{everybody.exchange}/members/{await member_id(everybody.exchange, person)}"
    answer = await coordinator.patch(path, json=change)
    assert answer.status_code == 200, answer.text


async def leave(phone: Door, exchange: UUID) -> None:
    answer = await phone.client.delete(f"/exchanges/{exchange}/members/me")
    assert answer.status_code == 204, answer.text


async def join_again(app: TestApp, phone: Door, everybody: World, person: UUID) -> None:
    """By a code, and a coordinator lets them in."""
    code = await join_code(everybody.exchange, group=everybody.group)
    assert (await join(phone.client, secret=code.secret)).status_code == 201
    await change(app, everybody, person, state="active")


async def test_a_membership_opens_the_spaces_of_its_role_and_group(app: TestApp) -> None:
    everything = await wide_world(app)

    states = {who: (await (await door(app, getattr(everything, who))).pull()).states for who in CIRCLES}

    always = ("library", "person")
    assert states == {who: sorted((kind, "ok") for kind in (*kinds, *always)) for who, kinds in CIRCLES.items()}


async def test_only_spaces_whose_state_has_changed_are_listed(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.leader)
    venue = await make.venue(everything.exchange)

    came = await phone.pull()

    assert (came.ids("venue"), came.states) == ([str(venue)], [])


async def test_who_waits_sees_their_own_space_and_the_public_library_until_they_are_let_in(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await door(app, everything.pending)

    waiting = await phone.pull()
    await change(app, everything, everything.pending, state="active")
    let_in = await phone.pull()

    assert (waiting.states, waiting.kinds()) == ([("library", "ok"), ("person", "ok")], {"me", "pack"})
    assert waiting.data("me")[0]["memberships"][0]["state"] == "pending"
    assert let_in.states == [("exchange", "ok"), ("group", "ok")]
    assert {"exchange", "member", "me"} <= let_in.kinds()


async def test_who_was_removed_drops_the_spaces_and_hears_nothing_more(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)
    venue = await make.venue(everything.exchange)

    await change(app, everything, everything.participant, state="left")
    came = await phone.pull()
    await rename(venue, everything.exchange, "Secret")

    assert came.states == [("exchange", "left"), ("group", "left")]
    assert ("venue" in came.kinds(), came.data("me")[0]["memberships"]) == (False, [])
    assert (await phone.page())["changes"] == []


async def test_who_leaves_drops_the_spaces_and_keeps_their_diary(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)

    await leave(phone, everything.exchange)
    came = await phone.pull()

    assert came.states == [("exchange", "left"), ("group", "left")]
    assert len((await (await door(app, everything.participant)).pull()).ids("entry")) == 1


async def test_a_lost_answer_does_not_lose_that_a_space_was_left(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)
    await leave(phone, everything.exchange)

    await phone.ask(phone.cursor)

    assert (await phone.pull()).states == [("exchange", "left"), ("group", "left")]
    assert (await phone.pull()).states == []


async def test_who_leaves_takes_along_what_they_had_shared(app: TestApp) -> None:
    everything = await wide_world(app)
    author, mate = await door(app, everything.groupmate), await knowing(app, everything.participant)

    await leave(author, everything.exchange)

    assert [op for kind, op, _ in (await mate.pull()).ops() if kind == "reflection"] == ["gone"]


async def test_slots_for_chosen_people_go_with_the_membership(app: TestApp) -> None:
    everybody = await world()
    slot = await make.slot(everybody.exchange, people=(everybody.participant,))
    await (await app.as_(everybody.leader)).post(f"/exchanges/{everybody.exchange}/releases")
    phone = await door(app, everybody.participant)

    before = await phone.pull()
    await leave(phone, everybody.exchange)

    assert (before.ids("released_slot"), (await phone.pull()).ids("released_slot", "gone")) == ([str(slot)],) * 2


async def test_who_moves_to_another_group_leaves_its_space_and_enters_the_others(app: TestApp) -> None:
    everything = await wide_world(app)
    slot = await make.slot(everything.exchange, "18:00-19:00", groups=(everything.group2,))
    await (await app.as_(everything.leader)).post(f"/exchanges/{everything.exchange}/releases")
    phone = await knowing(app, everything.groupmate)

    await change(app, everything, everything.groupmate, group=str(everything.group2))
    came = await phone.pull()

    group, other = [await space_row("group", owner) for owner in (everything.group, everything.group2)]
    spaces = {space["id"]: space["state"] for page in came.pages for space in page["spaces"]}
    assert (spaces, came.ids("released_slot")) == ({group["id"]: "left", other["id"]: "ok"}, [str(slot)])


async def test_a_group_is_gone_on_with_where_it_was_left_and_entered_again_unnoticed(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)

    for group in (everything.group2, everything.group):
        await change(app, everything, everything.participant, group=str(group))

    assert (await phone.pull()).states == []


async def test_joining_again_replaces_the_spaces_of_a_phone_that_never_noticed(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)

    await leave(phone, everything.exchange)
    await join_again(app, phone, everything, everything.participant)
    came = await phone.pull()

    assert came.states == [("exchange", "refetch"), ("group", "refetch")]
    assert "venue" in came.kinds()


async def test_joining_again_fills_the_spaces_of_a_phone_that_had_dropped_them(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)

    await leave(phone, everything.exchange)
    await phone.pull()
    await join_again(app, phone, everything, everything.participant)
    came = await phone.pull()

    assert came.states == [("exchange", "ok"), ("group", "ok")]
    assert "venue" in came.kinds()


async def test_who_joins_again_as_something_else_sees_no_more_than_that(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.leader)

    await leave(phone, everything.exchange)
    await join_again(app, phone, everything, everything.leader)
    came = await phone.pull()

    assert came.states == [
        ("exchange", "refetch"),
        ("exchange_leaders", "left"),
        ("group", "refetch"),
        ("group_leaders", "left"),
    ]
    assert ({"slot", "feedback"} & came.kinds(), came.data("exchange")[0]["role"]) == (set(), "participant")


@pytest.mark.parametrize("kind", ["exchange", "person"])
async def test_below_the_forgotten_tombstones_a_space_is_replaced(app: TestApp, kind: SpaceKind) -> None:
    everything = await wide_world(app)
    owner = everything.exchange if kind == "exchange" else everything.participant
    phone = await knowing(app, everything.participant)
    row = await space_row(kind, owner)

    await rewrite_space(kind, owner, min_seq=row["version"])
    as_far = await phone.pull()
    await rewrite_space(kind, owner, min_seq=row["version"] + 1, version=row["version"] + 1)
    below = await phone.pull()

    assert (as_far.states, below.states) == ([], [(kind, "refetch")])
    assert {change["space"] for change in below.changes} == {row["id"]}
    assert (await phone.pull()).states == []


async def test_a_space_that_stands_behind_the_cursor_is_replaced(app: TestApp) -> None:
    everything = await wide_world(app)
    row = await space_row("person", everything.participant)
    await rewrite_space("person", everything.participant, version=row["version"] + 10)
    phone = await knowing(app, everything.participant)

    await rewrite_space("person", everything.participant, version=row["version"])
    came = await phone.pull()

    assert (came.states, {change["space"] for change in came.changes}) == ([("person", "refetch")], {row["id"]})


async def test_a_space_of_another_epoch_is_replaced_and_says_which(app: TestApp) -> None:
    everything = await wide_world(app)
    phone = await knowing(app, everything.participant)

    await rewrite_space("person", everything.participant, epoch=77)
    came = await phone.pull()

    row = await space_row("person", everything.participant)
    assert came.pages[0]["spaces"] == [{"id": row["id"], "kind": "person", "epoch": 77, "state": "refetch"}]
    assert (came.ids("me"), len(came.ids("entry"))) == ([str(everything.participant)], 1)
    assert (await phone.pull()).states == []


@pytest.mark.parametrize("fields", [{"epoch": 9}, {"version": 2}])
async def test_what_happens_to_a_space_while_paging_replaces_it_too(app: TestApp, fields: dict[str, int]) -> None:
    everything = await wide_world(app)
    row = await space_row("exchange", everything.exchange)
    phone = await door(app, everything.participant)

    await phone.page(limit=4)
    await rewrite_space("exchange", everything.exchange, **fields)
    page = await phone.page(limit=1)

    assert [(s["id"], s["state"]) for s in page["spaces"]] == [(row["id"], "refetch")]
    assert page["changes"][0]["seq"] == 1


async def test_several_exchanges_at_once_are_several_spaces(app: TestApp) -> None:
    everybody = await world()
    other = await make.exchange("Other")
    await make.participant(other, who=everybody.participant)
    phone = await knowing(app, everybody.participant)
    venue = await make.venue(other)

    new = await phone.pull()
    await leave(phone, everybody.exchange)
    left, row = await phone.pull(), await space_row("exchange", other)

    assert (new.ops(), new.changes[0]["space"]) == ([("venue", "put", str(venue))], row["id"])
    assert left.states == [("exchange", "left")]


async def test_the_library_of_an_organisation_is_for_its_staff(app: TestApp) -> None:
    organisation = await make.organisation()
    own = await make.pack(organisation=organisation, public=False)
    trainer, other = await make.staff(organisation), await make.staff(await make.organisation())

    staffs, others = [await (await door(app, person)).pull() for person in (trainer, other)]

    assert (staffs.ids("pack"), staffs.states) == ([str(own)], [("library", "ok"), ("person", "ok")])
    assert (others.ids("pack"), others.states) == ([], [("person", "ok")])
