"""Whom a call for help reaches, when again, and that nothing of it stands on a lock screen but that somebody needs help."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.help_world import call, close, give_back, take, wait
from tests.exchanges.test_members import patch
from tests.exchanges.world import World, world
from tests.notifications.people import device
from tests.told import bodies, concerns, messages, outbox, telling, told
from yema.changes import transaction
from yema.changes.notified import Settled
from yema.exchanges.notified import help as help_kinds
from yema.exchanges.notified import kinds
from yema.exchanges.tables.care import HelpRequest
from yema.ids import now
from yema.notifications.spreading import spread
from yema.notifications.tables import Delivery, Notification

OURS = "Somebody in your group needs help. Open YEMA to see who."
ALL = "Somebody needs help. Open YEMA to see who."
AGAIN = "Somebody to whom you are on your way has asked for help again."
NOBODY_CAME = "Somebody needs help, and nobody is on the way yet. Open YEMA to see who."
COMING = ("Somebody is coming", "A leader is on the way to you.")


def of(w: World, request: str) -> dict[str, str]:
    return {"exchange": str(w.exchange), "request": request}


def later(minutes: int) -> datetime:
    return now() + timedelta(minutes=minutes)


async def test_leaders_of_the_group_and_coordinators_are_asked_at_once(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant, text="By the lake")

    found = await telling("help", "help_asked")

    assert ({*found.people}, found.topic) == ({w.leader, w.coordinator}, f"help:{made['id']}")
    assert (found.about, found.urgent, found.exchange, found.zone) == (
        of(w, made["id"]),
        True,
        w.exchange,
        make.ZONE,
    )
    assert [kind.certain for kind in help_kinds.kinds] == [True, True]


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        ("leader", {"coordinator"}),
        ("coordinator", {"leader", "leader2", "facilitator"}),
        ("facilitator", {"coordinator"}),
    ],
)
async def test_whoever_leads_may_need_help_too(app: TestApp, asks: str, expected: set[str]) -> None:
    """Nobody else acts for the only coordinator; so everybody who leads is asked."""
    w = await world()
    await call(app, w, getattr(w, asks))

    assert await told("help", "help_asked") == {getattr(w, who) for who in expected}


async def test_where_nobody_is_near_all_who_lead_are_asked_at_once(app: TestApp) -> None:
    w = await world()
    await changed(app, w, "the leader leaves")
    await make.suspend(w.coordinator)
    await call(app, w, w.participant)

    assert await told("help", "help_asked") == {w.leader2, w.facilitator}


async def test_it_is_told_again_after_five_minutes_and_after_fifteen_to_all_who_lead(app: TestApp) -> None:
    w = await world()
    await call(app, w, w.participant)

    rows = await outbox("help_waits")
    times = [row["not_before"] - row["made_at"] for row in rows]
    people = [await told("help", "help_waits", at=later(minutes)) for minutes in (5, 15)]

    near = {w.leader, w.coordinator}
    assert times == [timedelta(minutes=5), timedelta(minutes=15)]
    assert people == [near, near | {w.leader2, w.facilitator}]


@pytest.mark.parametrize("end", ["taken", "closed", "left"])
async def test_nobody_is_asked_again_where_somebody_came_or_it_is_over(app: TestApp, end: str) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await ended(app, w, made["id"], end)

    found = [await told("help", event, at=later(15)) for event in ("help_asked", "help_waits")]

    assert found == [set(), set()]
    assert await bodies("help", of(w, made["id"]), w.leader, w.coordinator) == [None, None]


async def ended(app: TestApp, w: World, request: str, end: str) -> None:
    if end == "taken":
        assert (await take(app, w.leader, request)).status_code == 200
    elif end == "closed":
        assert await close(app, w.participant, request) == 204
    else:
        await (await app.as_(w.participant)).delete(f"/exchanges/{w.exchange}/members/me")


@pytest.mark.parametrize(
    ("end", "event"), [("taken", "help_taken"), ("closed", "help_closed"), ("left", "help_closed")]
)
async def test_what_was_told_is_settled_then(app: TestApp, end: str, event: str) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await ended(app, w, made["id"], end)
    topics = [f"help:{made['id']}", f"help_course:{made['id']}"]

    settled = (await concerns("help", event))[0]

    assert settled == Settled(topics[:1] if end == "taken" else topics, None)


async def test_each_reads_what_is_for_them(app: TestApp) -> None:
    w = await world()
    about = of(w, (await call(app, w, w.participant, text="By the lake"))["id"])
    near, far = (w.leader, w.coordinator), (w.leader2, w.facilitator)
    never = (w.participant, w.groupmate, w.participant2, w.pending, w.left, w.stranger)

    first = [await bodies("help", about, *people) for people in (near, far, never)]
    await wait(about["request"], 5)
    second = [await bodies("help", about, *people) for people in (near, far, never)]
    await wait(about["request"], 15)
    third = [await bodies("help", about, *people) for people in (near, far, never)]

    nobody = [None] * len(never)
    assert first == [[OURS, ALL], [None, None], nobody]
    assert second == [[NOBODY_CAME, NOBODY_CAME], [None, None], nobody]
    assert third == [[NOBODY_CAME, NOBODY_CAME], [NOBODY_CAME, NOBODY_CAME], nobody]


@pytest.mark.parametrize("change", ["the leader leaves", "the leader moves", "the leader is suspended", "they move"])
async def test_who_no_longer_leads_them_reads_nothing(app: TestApp, change: str) -> None:
    w = await world()
    about = of(w, (await call(app, w, w.participant))["id"])
    await changed(app, w, change)

    found = await bodies("help", about, w.leader, w.leader2, w.coordinator)

    assert found == [None, OURS if change == "they move" else None, ALL]


async def changed(app: TestApp, w: World, change: str) -> None:
    changes: dict[str, tuple[UUID, dict[str, Any]]] = {
        "the leader leaves": (w.leader, {"state": "left"}),
        "the leader moves": (w.leader, {"group": str(w.group2)}),
        "they move": (w.participant, {"group": str(w.group2)}),
    }
    if change == "the leader is suspended":
        await make.suspend(w.leader)
        return
    whom, fields = changes[change]
    await patch(app, w, w.coordinator, whom, **fields)


async def test_who_moves_to_another_group_is_told_to_its_leaders(app: TestApp) -> None:
    w = await world()
    await call(app, w, w.participant)
    await changed(app, w, "they move")

    assert len(await outbox("help_waits")) == 3
    assert await told("help", "help_waits") == {w.leader2, w.coordinator}


async def test_asking_again_reaches_who_is_on_the_way_and_coordinators_and_before_that_everybody(app: TestApp) -> None:
    w = await world()
    colleague = await make.leader(w.exchange, w.group)
    made = await call(app, w, w.participant)
    await call(app, w, w.participant)
    before = await told("help", "help_asked_again")
    await take(app, w.leader, made["id"])

    after = await telling("help", "help_asked_again")
    assert (before, after.people) == ({w.leader, w.coordinator, colleague}, [w.leader, w.coordinator])
    assert await bodies("help", after.about, w.leader, w.coordinator, w.participant) == [AGAIN, ALL, None]


async def test_asking_again_a_quarter_of_an_hour_later_reaches_all_who_may_know(app: TestApp) -> None:
    w = await world()
    colleague = await make.leader(w.exchange, w.group)
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    await call(app, w, w.participant)
    await wait(made["id"], 15)
    async with transaction():
        await HelpRequest.update({HelpRequest.taken_at: HelpRequest.made_at}).where(HelpRequest.id == UUID(made["id"]))

    found = await telling("help", "help_asked_again")

    assert {*found.people} == {w.leader, colleague, w.coordinator}
    assert await bodies("help", found.about, colleague, w.leader2) == [OURS, None]


async def test_who_asked_hears_that_a_leader_is_on_the_way(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])

    found = await telling("help_taken", "help_taken")

    assert (found.people, found.topic, found.urgent) == ([w.participant], f"help_taken:{made['id']}", True)
    assert await messages("help_taken", found.about, w.participant, w.groupmate, w.leader) == [COMING, None, None]


@pytest.mark.parametrize("end", ["given back", "closed", "who came leaves"])
async def test_nobody_is_promised_a_leader_who_does_not_come(app: TestApp, end: str) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    about = (await telling("help_taken", "help_taken")).about
    if end == "given back":
        await give_back(app, w.leader, made["id"])
    elif end == "closed":
        await close(app, w.participant, made["id"])
    else:
        await changed(app, w, "the leader leaves")

    event = "help_closed" if end == "closed" else "help_waits"
    assert await concerns("help_taken", event) == [Settled([f"help_taken:{made['id']}"], None)]
    assert await concerns("help_taken", "help_taken") == []
    assert await messages("help_taken", about, w.participant) == [None]
    assert await told("help", "help_waits") == (
        set() if end == "closed" else {w.coordinator} | ({w.leader} if end == "given back" else set())
    )


async def test_from_the_call_to_the_inboxes_and_out_of_them_again(app: TestApp) -> None:
    w = await world()
    phone = await device(w.leader)
    made = await call(app, w, w.participant)
    await spread(kinds)
    asked, ways = await lines(), await ways_to(phone)
    await take(app, w.leader, made["id"])
    await spread(kinds)

    mine, others, course = f"help_taken:{made['id']}", f"help:{made['id']}", f"help_course:{made['id']}"
    assert asked == {(w.leader, others, False), (w.coordinator, others, False)}
    assert await lines() == {
        (w.leader, others, True),
        (w.coordinator, others, True),
        (w.coordinator, course, False),
        (w.participant, mine, False),
    }
    assert (ways, await ways_to(phone)) == ([("waiting", True)], [("moot", True)])


async def lines() -> set[tuple[UUID, str, bool]]:
    """(person, topic, whether it is done with) of every line of an inbox."""
    return {(row["person"], row["topic"], row["seen_at"] is not None) for row in await Notification.select()}


async def ways_to(phone: UUID) -> list[tuple[str, bool]]:
    return [(row["state"], row["urgent"]) for row in await Delivery.select().where(Delivery.device == phone)]
