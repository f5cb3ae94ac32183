"""A channel whose credentials fail: left alone, tried with one message, and nobody's message is lost."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.notifications import post
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device
from yema.ids import now
from yema.notifications.channels import Broken, Later, Outcome, Outgoing, Sent
from yema.notifications.delivering.circuit import wait_after
from yema.notifications.tables import ChannelState, Delivery

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


CONTRACT = timedelta(seconds=120)


def _broken(_: Outgoing) -> Outcome:
    return Broken("401")


def _sent(_: Outgoing) -> Outcome:
    return Sent()


async def _circuit() -> tuple[object, object]:
    [row] = await ChannelState.select(ChannelState.broken_since, ChannelState.trouble)
    return row["broken_since"], row["trouble"]


def test_it_is_tried_after_15_30_60_and_then_100_seconds() -> None:
    waits, passed = [], 0
    for _ in range(5):
        waits.append(wait_after(timedelta(seconds=passed)).total_seconds())
        passed += int(waits[-1])

    assert waits == [15, 30, 60, 100, 100]


async def test_while_it_is_open_nothing_is_taken_up_and_no_attempt_is_counted() -> None:
    channel = TrialChannel(_broken)
    with post.standing() as clock:
        await post.many(*await post.phone(), 120)
        await post.postman(channel).deliver("fcm")
        clock.shift(timedelta(seconds=14))

        took = await post.postman(channel).deliver("fcm")  # another process, or the next start

    attempts = {row["attempts"] for row in await Delivery.select(Delivery.attempts)}
    assert (took, len(channel.handed), await post.states(), attempts) == (0, 50, {"waiting": 120}, {0})


async def test_a_wrong_key_takes_nobodys_device_away() -> None:
    with post.standing():
        await post.many(*await post.phone(), 10)
        await post.postman(TrialChannel(_broken)).deliver("fcm")

    assert await Device.count().where(Device.gone_at.is_null()) == 1


async def test_it_is_tried_with_a_single_message_and_always_within_the_two_minutes_of_the_contract() -> None:
    channel = TrialChannel(_broken)
    tries = []
    with post.standing() as clock:
        await post.many(*await post.phone(), 120)
        for _ in range(80):
            before = len(channel.handed)
            await post.postman(channel).deliver("fcm")
            if len(channel.handed) > before:
                tries.append((now(), len(channel.handed) - before))
            clock.shift(timedelta(seconds=5))

    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(tries)]
    assert ([number for _, number in tries], max(gaps) < CONTRACT) == ([50, 1, 1, 1, 1, 1], True)


async def test_when_it_is_accepted_again_all_goes_on() -> None:
    channel = TrialChannel(_broken)
    with post.standing() as clock:
        await post.many(*await post.phone(), 120)
        await post.postman(channel).deliver("fcm")
        channel.answers = _sent
        clock.shift(timedelta(seconds=15))

        took = [await post.postman(channel).deliver("fcm") for _ in range(4)]

    assert (took, await post.states(), await _circuit()) == ([50, 50, 20, 0], {"sent": 120}, (None, None))


async def test_a_probe_that_shows_neither_leaves_it_open_and_is_not_tried_before_it_may_be() -> None:
    channel = TrialChannel(_broken)
    with post.standing() as clock:
        await post.many(*await post.phone(), 3)
        await post.postman(channel).deliver("fcm")
        channel.answers = lambda _: Later("quota", timedelta(minutes=30))
        clock.shift(timedelta(seconds=15))
        await post.postman(channel).deliver("fcm")

    waits = sorted(row["next_at"] - post.NOON for row in await Delivery.select(Delivery.next_at))
    since, _ = await _circuit()
    assert (since, waits[:2], waits[2]) == (
        post.NOON,
        [timedelta(seconds=15)] * 2,
        timedelta(minutes=30, seconds=15),
    )


async def test_what_is_not_to_be_sent_is_no_probe() -> None:
    channel = TrialChannel(_broken, at_once=1)
    with post.standing() as clock:
        person, phone = await post.phone()
        await post.due(person, phone, "first")
        await post.postman(channel).deliver("fcm")
        await post.due(person, phone, "expired", next_at=now() - post.HOUR, expires_at=now())
        channel.answers = _sent
        clock.shift(timedelta(seconds=15))

        took = [await post.postman(channel).deliver("fcm") for _ in range(2)]

    assert (took, channel.bodies, await _circuit()) == ([1, 1], ["first", "first"], (None, None))


async def test_a_worker_killed_with_the_probe_leaves_it_to_others() -> None:
    channel = TrialChannel(_broken)
    with post.standing() as clock:
        await post.many(*await post.phone(), 2)
        man = post.postman(channel)
        await man.deliver("fcm")
        clock.shift(timedelta(seconds=15))
        taken = await man.take_up("fcm", 1)  # and nothing comes of it
        channel.answers = _sent

        at_once = await man.deliver("fcm")
        clock.shift(timedelta(seconds=30))
        later = await man.deliver("fcm")

    assert (taken is not None and taken.probing, at_once, later) == (True, 0, 1)


async def test_one_channel_does_not_wait_for_another() -> None:
    broken, web = TrialChannel(_broken), TrialChannel(name="webpush")
    person, phone = await post.phone()
    await post.due(person, phone)
    other, browser = await post.phone(channel="webpush", platform="web")
    await post.due(other, browser, channel="webpush")

    man = post.postman(broken, web)
    await man.deliver("fcm")

    assert await man.deliver("webpush") == 1
