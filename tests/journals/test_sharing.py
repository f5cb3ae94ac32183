"""Sharing: with whom, what exactly, and until when."""

import asyncio
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.journals.diary import author
from yema.changes.tables import Change
from yema.exchanges.tables.exchange import Member
from yema.journals.actions.sharing import share_entry
from yema.journals.actions.writing import delete_entry
from yema.journals.queries import own_entry
from yema.journals.tables import Reflection, Revision

READERS = (
    "participant",  # the author
    "groupmate",
    "participant2",
    "leader",
    "leader2",
    "facilitator",
    "coordinator",
    "stranger",
    "pending",
    "left",
)


async def texts_seen(client: httpx.AsyncClient, exchange: UUID) -> list[str]:
    answer = await client.get(f"/exchanges/{exchange}/reflections")
    return [reflection["text"] for reflection in answer.json().get("items", [])]


async def readers_of(app: TestApp, w: World, entry: UUID) -> set[str]:
    """Who sees a reflection, in the list and alone, with the answers to it."""
    found = set()
    for name in READERS:
        client = await app.as_(getattr(w, name))
        listed = await texts_seen(client, w.exchange)
        single = await client.get(f"/reflections/{entry}")
        answers = await client.get(f"/reflections/{entry}/feedback")
        if name != "participant":
            assert [single.status_code, answers.status_code] == [200 if listed else 404] * 2
        if listed:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("shared_with", "readers"),
    [
        ("leader", {"leader"}),
        ("coordinators", {"coordinator"}),
        ("group", {"participant", "groupmate", "leader"}),
    ],
)
async def test_a_shared_page_is_seen_by_those_it_was_shared_with(
    app: TestApp, shared_with: str, readers: set[str]
) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared(shared_with)

    assert await readers_of(app, w, entry) == readers


async def test_a_page_that_is_not_shared_is_seen_by_nobody(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).write()

    assert await readers_of(app, w, entry) == set()


async def test_a_reflection_shows_the_page_as_it_was_shared(app: TestApp) -> None:
    w = await world()
    writer, leader = await author(app, w.participant, w.exchange), await app.as_(w.leader)
    slots = [str(await make.slot(w.exchange)) for _ in range(2)]
    entry = await writer.write("Shared", slot=slots[0], mood=2, written_at="2027-07-14T20:00:00Z")
    await writer.share(entry, "leader")
    before = (await leader.get(f"/reflections/{entry}")).json()

    await writer.write("Private", entry, slot=slots[1], mood=1, locale="pl", written_at="2027-07-15T20:00:00Z")

    after = (await leader.get(f"/reflections/{entry}")).json()
    assert (before["text"], before["slot"], after) == ("Shared", slots[0], before)


async def test_a_revision_is_seen_when_it_is_shared_again(app: TestApp) -> None:
    w = await world()
    writer, leader = await author(app, w.participant, w.exchange), await app.as_(w.leader)
    entry = await writer.shared("leader", "First")
    await writer.write("Second", entry)

    shared = await writer.share(entry, "leader")

    versions = (shared.json()["shared_with"], shared.json()["shared_version"])
    assert (versions, await texts_seen(leader, w.exchange)) == (("leader", 2), ["Second"])


async def test_sharing_with_others_takes_it_back_from_the_first(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("group")
    before = await readers_of(app, w, entry)

    await writer.share(entry, "coordinators")

    rows = await Change.select(Change.op, Change.space.kind.as_alias("space")).where(Change.kind == "reflection")
    assert (before, await readers_of(app, w, entry), {row["space"]: row["op"] for row in rows}) == (
        {"participant", "groupmate", "leader"},
        {"coordinator"},
        {"group": "gone", "exchange_coordinators": "put"},
    )


async def test_what_is_taken_back_is_seen_by_nobody(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("group")

    answer = await writer.client.delete(f"/journal/entries/{entry}/sharing")

    rows = await Change.select(Change.op).where(Change.kind == "reflection")
    assert (answer.status_code, "shared_with" in answer.json(), await readers_of(app, w, entry), rows) == (
        200,
        False,
        set(),
        [{"op": "gone"}],
    )


async def test_what_is_not_shared_cannot_be_taken_back(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.write()

    answer = await writer.client.delete(f"/journal/entries/{entry}/sharing")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_shared")


@pytest.mark.parametrize("shared_with", ["leader", "group"])
async def test_whoever_is_in_no_group_shares_with_the_coordinators_only(app: TestApp, shared_with: str) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    entry = await writer.write()

    answer = await writer.client.put(f"/journal/entries/{entry}/sharing", json={"shared_with": shared_with})

    assert (answer.status_code, answer.json()["code"]) == (409, "no_group")


@pytest.mark.parametrize("shared_with", ["leader", "coordinators", "group"])
async def test_what_is_shared_is_seen_no_more_when_its_author_leaves(app: TestApp, shared_with: str) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared(shared_with)
    assert await readers_of(app, w, entry)

    await writer.client.delete(f"/exchanges/{w.exchange}/members/me")

    assert await readers_of(app, w, entry) == set()


@pytest.mark.parametrize(("shared_with", "readers"), [("leader", 0), ("group", 0), ("coordinators", 1)])
async def test_what_was_shared_with_a_group_is_seen_no_more_when_its_author_moves(
    app: TestApp, shared_with: str, readers: int
) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared(shared_with)
    assert await readers_of(app, w, entry)
    [member] = await Member.select(Member.id).where(Member.person == w.participant)

    moved = await (await app.as_(w.coordinator)).patch(
        f"/exchanges/{w.exchange}/members/{member['id']}", json={"group": str(w.group2)}
    )

    assert (moved.status_code, len(await readers_of(app, w, entry))) == (200, readers)


async def test_a_list_goes_on_behind_the_pages_of_those_who_left(app: TestApp) -> None:
    w = await world()
    stays, goes = await author(app, w.participant, w.exchange), await author(app, w.groupmate, w.exchange)
    first = await stays.shared("leader", "Stays")
    for _ in range(3):
        await goes.shared("leader", "Goes")
    await goes.client.delete(f"/exchanges/{w.exchange}/members/me")
    client, found, params = await app.as_(w.leader), [], {"limit": "2"}

    while True:
        page = (await client.get(f"/exchanges/{w.exchange}/reflections", params=params)).json()
        found += [reflection["id"] for reflection in page["items"]]
        if "next_cursor" not in page:
            break
        params["cursor"] = page["next_cursor"]

    assert found == [str(first)]


async def test_a_page_that_is_shared_many_times_at_once_is_shared_once(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).write()
    membership, person = await make.membership(w.participant, w.exchange), make.signed_in(w.participant)
    view = await own_entry(person, entry)

    answers = await asyncio.gather(
        *(share_entry(membership, view.id, "leader" if n % 2 else "group") for n in range(8)), return_exceptions=True
    )

    assert (answers, await Reflection.count()) == ([1] * 8, 1)


async def test_a_page_that_is_deleted_while_it_is_shared_is_gone(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).write()
    membership, person = await make.membership(w.participant, w.exchange), make.signed_in(w.participant)
    view = await own_entry(person, entry)

    await asyncio.gather(
        delete_entry(person, view.id), share_entry(membership, view.id, "leader"), return_exceptions=True
    )

    listed = await (await app.as_(w.leader)).get(f"/exchanges/{w.exchange}/reflections")
    assert (listed.status_code, await Reflection.count(), await Revision.count()) == (200, 0, 0)
