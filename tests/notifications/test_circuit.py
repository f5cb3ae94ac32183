"""A channel whose credentials fail: left alone, tried with a few messages, and nobody's message is lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.notifications import post
from tests.notifications.people import device
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


async def _four_people_wait() -> None:
    for _ in range(4):
        await post.many(*await post.phone(), 10)


async def test_while_it_is_open_nothing_is_taken_up_and_no_attempt_is_counted() -> None:
    channel = TrialChannel(_broken)
    with post.standing() as clock:
        await _four_people_wait()
        await post.postman(channel).deliver("fcm")
        clock.shift(timedelta(seconds=14))

        took = await post.postman(channel).deliver("fcm")  # another process, or the next start

    attempts = {row["attempts"] for row in await Delivery.select(Delivery.attempts)}
    assert (took, len(channel.handed), await post.states(), attempts) == (0, 40, {"waiting": 40}, {0})


async def test_a_wrong_key_takes_nobodys_device_away() -> None:
    with post.standing():
        await post.many(*await post.phone(), 10)
        await post.postman(TrialChannel(_broken)).deliver("fcm")

    assert await Device.count().where(Device.gone_at.is_null()) == 1


async def test_it_is_tried_with_a_message_of_each_and_always_within_the_two_minutes_of_the_contract() -> None:
    channel = TrialChannel(_broken)
    tries = []
    with post.standing() as clock:
        await _four_people_wait()
        for _ in range(80):
            before = len(channel.handed)
            await post.postman(channel).deliver("fcm")
            if len(channel.handed) > before:
                tries.append((now(), len(channel.handed) - before))
            clock.shift(timedelta(seconds=5))

    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(tries)]
    assert ([number for _, number in tries], max(gaps) < CONTRACT) == ([40, 4, 4, 4, 4, 4], True)


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


async def _tries_until_told(channel: TrialChannel, says: str, seconds: int) -> int:
    """After how many seconds this was taken, looking each second; so many where it was not within them."""
    man = post.postman(channel)
    with post.standing(now()) as clock:
        for second in range(seconds):
            await man.deliver("fcm")
            if says in channel.bodies and await Delivery.exists().where(Delivery.state == "sent"):
                return second
            clock.shift(1)
    return seconds


def _refuses(address: str) -> Callable[[Outgoing], Outcome]:
    return lambda message: Broken("not_found") if message.address.value.startswith(address) else Sent()


async def test_one_devices_refusal_beside_what_was_taken_is_that_devices() -> None:
    await post.due(*await post.phone(address="bad"), "bad")
    await post.due(*await post.phone(), "good")

    await post.postman(TrialChannel(_refuses("bad"))).deliver("fcm")

    [bad] = [row for row in await Delivery.select() if row["state"] == "waiting"]
    assert (
        bad["trouble"],
        bad["attempts"],
        await ChannelState.exists().where(ChannelState.broken_since.is_not_null()),
    ) == (
        "not_found",
        1,
        False,
    )


async def test_what_one_person_alone_brought_about_keeps_nobody_waiting() -> None:
    channel = TrialChannel(_refuses("bad"))
    person, phone = await post.phone(address="bad")
    await post.due(person, phone, "bad", urgent=True)
    await post.due(person, await device(person, address="bad too"), "bad too", urgent=True)
    await post.postman(channel).deliver("fcm")
    since, _ = await _circuit()
    await post.due(*await post.phone(), "good")

    waited = await _tries_until_told(channel, "good", 10)

    assert (since, waited, await _circuit()) == (post.NOON, 0, (None, None))


async def test_whoever_is_refused_for_ever_leads_no_probe_for_ever() -> None:
    channel = TrialChannel(_broken)
    for number in range(12):
        await post.due(*await post.phone(address=f"bad {number}"), urgent=True, expires_at=now() + 24 * post.HOUR)
    await post.due(*await post.phone(), "good")
    await post.postman(channel).deliver("fcm")
    channel.answers = _refuses("bad")

    waited = await _tries_until_told(channel, "good", 200)

    assert timedelta(seconds=waited) < CONTRACT


async def test_who_is_put_off_keeps_a_channel_that_was_put_right_from_nobody() -> None:
    channel = TrialChannel(_broken)
    for _ in range(10):
        await post.due(*await post.phone(platform="ios"), expires_at=now() + 24 * post.HOUR)
    await post.due(*await post.phone(), "android")
    await post.postman(channel).deliver("fcm")
    channel.answers = lambda message: Later("apns") if message.address.platform == "ios" else Sent()

    waited = await _tries_until_told(channel, "android", 200)

    assert timedelta(seconds=waited) < CONTRACT


async def test_the_only_person_of_a_house_is_tried_again_within_the_two_minutes_too() -> None:
    channel, tries = TrialChannel(_broken), [now()]
    await post.due(*await post.phone(), expires_at=now() + 24 * post.HOUR)
    with post.standing() as clock:
        for _ in range(900):
            before = len(channel.handed)
            await post.postman(channel).deliver("fcm")
            if len(channel.handed) > before:
                tries.append(now())
            clock.shift(1)

    assert max(later - earlier for earlier, later in pairwise(tries)) < CONTRACT
    assert len(tries) < 20
