"""Who is told that somebody waits to be let in, and that they were."""

from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.test_members import patch
from tests.exchanges.world import World, world
from tests.told import bodies, concerns, messages, outbox, telling, told
from yema.changes.notified import Settled

ONE, TWO = "1 person waits for your approval.", "2 people wait for your approval."


async def joins(app: TestApp, w: World, group: UUID | None, role: str = "participant", name: str = "Ola") -> None:
    """Somebody comes in by a code that admits nobody."""
    fields = {"role": role, **({"group": str(group)} if group else {})}
    code = await (await app.as_(w.coordinator)).post(f"/exchanges/{w.exchange}/join-codes", json=fields)
    assert code.status_code == 201, code.text
    draft = {"display_name": name, "locale": "pl", "secret": code.json()["secret"]}
    assert (await app.anybody.post("/sign-in/join", json=draft)).status_code == 201


def about(w: World) -> dict[str, str]:
    return {"exchange": str(w.exchange)}


async def test_leaders_of_the_group_and_coordinators_hear_that_somebody_waits(app: TestApp) -> None:
    w = await world()
    await joins(app, w, w.group, name="Canary Nowak")

    found = await telling("approval", "member_waits")

    assert ({*found.people}, found.topic) == ({w.leader, w.coordinator}, f"approval:{w.exchange}")
    assert (found.about, found.exchange, found.urgent) == (about(w), w.exchange, False)
    assert "Canary" not in str(await outbox("member_waits"))


@pytest.mark.parametrize("who", ["leader", "without a group"])
async def test_whom_only_coordinators_let_in_only_they_hear_of(app: TestApp, who: str) -> None:
    w = await world()
    await joins(app, w, *((w.group2, "leader") if who == "leader" else (None, "participant")))

    assert await told("approval", "member_waits") == {w.coordinator}


async def test_each_reads_how_many_wait_for_them(app: TestApp) -> None:
    w = await world()
    await joins(app, w, w.group2)
    readers = (w.leader, w.leader2, w.coordinator, w.facilitator, w.participant, w.pending, w.stranger)

    found = await messages("approval", about(w), *readers)

    assert [one and one.body for one in found] == [ONE, ONE, TWO, None, None, None, None]
    assert {one.title for one in found if one} == {"Somebody wants to join"}


@pytest.mark.parametrize("answer", ["active", "left"])
async def test_who_was_answered_waits_for_nobody(app: TestApp, answer: str) -> None:
    w = await world()
    await joins(app, w, w.group)
    await joins(app, w, w.group2)
    await patch(app, w, w.leader, w.pending, state=answer)
    event = {"active": "member_admitted", "left": "member_turned_away"}[answer]
    [first] = await concerns("approval", event)
    [waiting] = [one["id"] for one in await waiting_of(app, w) if one["group"] == str(w.group)]
    await (await app.as_(w.leader)).patch(f"/exchanges/{w.exchange}/members/{waiting}", json={"state": answer})

    [second] = await concerns("approval", event)

    assert isinstance(first, Settled)
    assert isinstance(second, Settled)
    assert [w.leader in (one.people or ()) for one in (first, second)] == [False, True]
    assert await bodies("approval", about(w), w.leader, w.leader2, w.coordinator) == [None, ONE, ONE]


async def waiting_of(app: TestApp, w: World) -> list[dict[str, str]]:
    members = (await (await app.as_(w.coordinator)).get(f"/exchanges/{w.exchange}/members")).json()["items"]
    return [one for one in members if one["state"] == "pending"]


@pytest.mark.parametrize("change", ["leaves", "moves", "is suspended"])
async def test_a_leader_who_may_let_in_nobody_any_more_reads_nothing(app: TestApp, change: str) -> None:
    w = await world()
    before = await bodies("approval", about(w), w.leader)
    if change == "leaves":
        await patch(app, w, w.coordinator, w.leader, state="left")
    elif change == "moves":
        await patch(app, w, w.coordinator, w.leader, group=str(w.group2))
    else:
        await make.suspend(w.leader)

    assert (before, await bodies("approval", about(w), w.leader)) == ([ONE], [None])


async def test_who_waits_and_is_moved_is_told_to_the_leaders_there(app: TestApp) -> None:
    w = await world()
    await patch(app, w, w.coordinator, w.pending, group=str(w.group2))

    assert await told("approval", "member_waits") == {w.leader2, w.coordinator}
    assert await bodies("approval", about(w), w.leader, w.leader2) == [None, ONE]


async def test_who_was_let_in_hears_so_and_nobody_else(app: TestApp) -> None:
    w = await world()
    await patch(app, w, w.leader, w.pending, state="active")

    found = await telling("admitted", "member_admitted")

    assert (found.people, found.topic) == ([w.pending], f"admitted:{w.exchange}")
    assert await messages("admitted", found.about, w.pending) == [
        ("You are in", "A leader has let you in. Open YEMA to see the programme.")
    ]


async def test_who_was_removed_meanwhile_is_not_in(app: TestApp) -> None:
    w = await world()
    await patch(app, w, w.leader, w.pending, state="active")
    found = await telling("admitted", "member_admitted")
    await patch(app, w, w.leader, w.pending, state="left")

    assert await told("admitted", "member_admitted") == set()
    assert await bodies("admitted", found.about, w.pending) == [None]


async def test_who_was_active_already_is_not_let_in_again(app: TestApp) -> None:
    w = await world()
    await patch(app, w, w.leader, w.participant, state="active")
    await patch(app, w, w.leader, w.participant, state="left")

    assert [await outbox(event) for event in ("member_admitted", "member_turned_away")] == [[], []]
