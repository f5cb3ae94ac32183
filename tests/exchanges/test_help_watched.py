"""A call for help reaches somebody else than whom it is about, and nobody makes phones ring all night with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.client import TestApp
from tests.exchanges.help_world import call, close, give_back, listed, take
from tests.exchanges.world import World, world
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from tests.told import bodies, concerns, messages, outbox, telling, told
from yema.changes.notified import Settled, Telling
from yema.exchanges.actions.care.help import GAPS, TURNS_AT_ONCE, next_ring
from yema.exchanges.notified import kinds
from yema.notifications.delivering import Postman
from yema.notifications.spreading import spread

START = datetime(2026, 7, 1, 22, tzinfo=UTC)
ON_THE_WAY = ("A call for help", "A leader is on the way to somebody who has asked for help.")
CLOSED = "A call for help was closed, and not by who had asked. Open YEMA to see it."
ASK_AGAIN = ("A call for help", "Your call for help was closed. If you still need help, ask again.")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


async def pushed(channel: TrialChannel, postman: Postman) -> list[str]:
    """What went out by now, since the last time."""
    channel.handed.clear()
    while await spread(kinds):
        pass
    while await postman.deliver("fcm"):
        pass
    return [message.body for message in channel.handed]


async def test_who_takes_it_at_once_does_not_keep_it_from_coordinators(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant, text="It is about my leader")
    await take(app, w.leader, made["id"])

    _, quiet = await concerns("help", "help_taken")

    assert isinstance(quiet, Telling)
    assert (quiet.people, quiet.urgent, quiet.topic) == ([w.coordinator], False, f"help_course:{made['id']}")
    assert await messages("help", quiet.about, w.coordinator, w.leader2) == [ON_THE_WAY, None]
    assert (await listed(app, w, w.coordinator))[0]["text"] == "It is about my leader"


async def test_without_another_coordinator_it_is_the_others_who_may_come(app: TestApp) -> None:
    w = await world()
    await make.suspend(w.coordinator)
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])

    found = await told("help", "help_taken")

    assert found == {w.leader2, w.facilitator}


@pytest.mark.parametrize("who", ["leader", "coordinator"])
async def test_who_has_asked_hears_that_somebody_else_has_closed_it_and_coordinators_do(app: TestApp, who: str) -> None:
    w = await world()
    other = await make.coordinator(w.exchange)
    made = await call(app, w, w.participant)
    await take(app, getattr(w, who), made["id"])
    await close(app, getattr(w, who), made["id"])

    _, course = await concerns("help", "help_closed")
    _, mine = await concerns("help_taken", "help_closed")

    assert isinstance(course, Telling)
    assert isinstance(mine, Telling)
    assert ({*course.people}, course.urgent) == ({w.coordinator, other} - {getattr(w, who)}, False)
    assert mine.people == [w.participant]
    assert await bodies("help", course.about, other, w.participant) == [CLOSED, None]
    assert await messages("help_taken", mine.about, w.participant, w.groupmate) == [ASK_AGAIN, None]


async def test_who_closes_their_own_tells_nobody(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    about = (await concerns("help", "help_taken"))[1].about  # type: ignore[union-attr]
    await close(app, w.participant, made["id"])

    found = [*await concerns("help", "help_closed"), *await concerns("help_taken", "help_closed")]

    assert [type(one) for one in found] == [Settled, Settled]
    assert await messages("help", about, w.coordinator) == [None]


async def test_from_the_leaders_close_to_the_coordinators_phone(app: TestApp, clock: time_machine.Traveller) -> None:
    w = await world()
    for who in (w.coordinator, w.leader):
        await device(who)
    channel = TrialChannel()
    postman = Postman(kinds, {"fcm": channel})
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    await close(app, w.leader, made["id"])

    in_the_night = await pushed(channel, postman)
    clock.shift(timedelta(hours=10))
    in_the_morning = await pushed(channel, postman)

    assert (in_the_night, in_the_morning) == ([], [CLOSED])


async def test_the_gaps_between_calls_grow(app: TestApp, clock: time_machine.Traveller) -> None:
    w = await world()
    await device(w.leader)
    channel = TrialChannel()
    postman, rang = Postman(kinds, {"fcm": channel}), []
    for minute in range(60):
        await call(app, w, w.participant)
        rang += [minute] * len(await pushed(channel, postman))
        clock.shift(60)

    assert rang == [0, 1, 3, 5, 8, 15, 18, 33, 48]  # 5 and 15: nobody has come yet


@pytest.mark.parametrize("who", ["participant", "leader"])
async def test_asking_anew_waits_for_the_gap_unless_somebody_else_had_closed_it(
    app: TestApp, clock: time_machine.Traveller, who: str
) -> None:
    w = await world()
    first = await call(app, w, w.participant)
    clock.shift(20)
    await close(app, getattr(w, who), first["id"])
    clock.shift(10)
    second = await call(app, w, w.participant)

    waited = (await outbox("help_asked"))[-1]["not_before"] - START

    assert waited == timedelta(seconds=60 if who == "participant" else 30)
    assert [one["id"] for one in await listed(app, w, w.leader)] == [second["id"], first["id"]]


async def test_what_comes_too_early_is_told_when_it_may_be(app: TestApp, clock: time_machine.Traveller) -> None:
    w = await world()
    await call(app, w, w.participant)
    for _ in range(12):
        clock.shift(4)
        await call(app, w, w.participant)

    times = [row["not_before"] for row in await outbox("help_asked_again")]

    assert times == [START + GAPS[0]]


@given(st.lists(st.integers(1, 7200), max_size=60))
def test_of_all_calls_each_is_told_within_the_longest_gap_and_few_ring(seconds: list[int]) -> None:
    at, rung, rung_at, rings = START, 0, None, []
    for pause in seconds:
        at += timedelta(seconds=pause)
        rung, rung_at = next_ring(rung, rung_at, at)
        if rung_at not in rings:
            rings.append(rung_at)
        assert at <= rung_at <= at + GAPS[-1]

    assert rings == sorted(rings)
    assert all(sum(first <= ring < first + timedelta(hours=1) for ring in rings) <= 7 for first in rings)


async def test_taking_it_and_giving_it_back_all_the_time_rings_at_most_once_a_minute(
    app: TestApp, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=12))
    w = await world()
    await device(w.coordinator)
    channel = TrialChannel()
    postman = Postman(kinds, {"fcm": channel})
    made = await call(app, w, w.participant)
    await pushed(channel, postman)
    bodies_of: list[str] = []
    for _ in range(20):
        await take(app, w.leader, made["id"])
        bodies_of += await pushed(channel, postman)
        await give_back(app, w.leader, made["id"])
        bodies_of += await pushed(channel, postman)
    clock.shift(63)
    last = await pushed(channel, postman)

    needed = "Somebody needs help. Open YEMA to see who."
    assert bodies_of == [ON_THE_WAY[1], needed] * (TURNS_AT_ONCE // 2)
    assert last == [needed]
    assert await unasked(app, w, made["id"]) == []


async def unasked(app: TestApp, w: World, request: str) -> list[UUID]:
    """Who does not hear that it is free again, of those who can come."""
    return [who for who in (w.leader, w.coordinator) if who not in await told("help", "help_waits")]


async def test_where_it_was_given_back_meanwhile_the_others_are_not_called_off(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    await give_back(app, w.leader, made["id"])

    assert await concerns("help", "help_taken") == []
    assert {*(await telling("help", "help_waits")).people} == {w.leader, w.coordinator}
