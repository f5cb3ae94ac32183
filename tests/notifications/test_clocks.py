"""A clock that was hours ahead, and is put right: nothing waits for those hours."""

from datetime import timedelta

import pytest

from tests.notifications import post
from tests.notifications.trial_channel import TrialChannel
from yema.changes import transaction
from yema.ids import now
from yema.notifications.channels import Broken, Outcome, Outgoing
from yema.notifications.delivering import circuit
from yema.notifications.delivering.claiming import LEASE

pytestmark = pytest.mark.usefixtures("house")

AHEAD = timedelta(hours=5)


async def test_a_channel_that_was_left_alone_is_tried_within_the_two_minutes_of_the_contract() -> None:
    with post.standing(post.NOON + AHEAD) as clock:
        async with transaction() as tx:
            await circuit.keep_open("fcm", "401", tx.at, believed=True)
        clock.move_to(post.NOON)
        await post.due(*await post.phone())

        took = [await post.postman(TrialChannel()).deliver("fcm") for _ in (0, 1)]

    assert took == [1, 0]


async def test_while_one_tries_the_channel_nobody_else_does() -> None:
    def broken(_: Outgoing) -> Outcome:
        return Broken("401")

    with post.standing() as clock:
        async with transaction() as tx:
            await circuit.keep_open("fcm", "401", tx.at, believed=True)
        await post.due(*await post.phone())
        clock.shift(timedelta(seconds=15))
        assert await post.postman(TrialChannel(broken)).take_up("fcm")

        assert await post.postman(TrialChannel(broken)).take_up("fcm") is None


@pytest.mark.parametrize("new", [True, False])
async def test_what_somebody_had_taken_up_comes_back_when_a_lease_is_over(new: bool) -> None:
    man = post.postman(TrialChannel())
    with post.standing(post.NOON + AHEAD) as clock:
        await post.due(*await post.phone(), expires_at=now() + AHEAD)
        assert await man.take_up("fcm")  # and is killed
        clock.move_to(post.NOON)
        if new:
            man = post.postman(TrialChannel())
        before = await man.deliver("fcm")
        clock.shift(LEASE)

        assert (before, await man.deliver("fcm")) == (0, 1)


async def test_what_waits_for_the_morning_waits_on() -> None:
    with post.standing() as clock:
        await post.due(*await post.phone(), next_at=now() + AHEAD, expires_at=now() + 2 * AHEAD)
        man = post.postman(TrialChannel())
        before = await man.deliver("fcm")
        clock.shift(LEASE)

        assert (before, await man.deliver("fcm")) == (0, 0)
