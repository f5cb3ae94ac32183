"""What was gathered for the evening or the week."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import make
from tests.notifications import post
from tests.notifications.kinds import kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.changes import transaction
from yema.changes.notified import Cadence
from yema.ids import now, uuid7
from yema.notifications.delivering import Postman
from yema.notifications.tables import Choice, Delivery, Notification
from yema.settings import Settings

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


def _daily(*channels: TrialChannel) -> Postman:
    return post.postman(*channels, kinds=[kind("trial", "daily", "daily")])


async def test_a_digest_says_how_many_new_things_there_are_and_what_they_are() -> None:
    channel = TrialChannel()
    person, phone = await post.phone()
    for says in ("one", "two"):
        await post.told(person, says)
    await post.digest(person, phone)

    await _daily(channel).deliver("fcm")

    [message] = channel.handed
    assert (message.title, sorted(message.body.split("\n")), message.data) == (
        "2 new things in YEMA",
        ["Told: one", "Told: two"],
        {"kind": "digest", "cadence": "daily"},
    )


async def test_on_a_phone_a_digest_has_five_lines_and_in_a_mail_all() -> None:
    push, mail = TrialChannel(), TrialChannel(name="email")
    person = await make.person(email="ada@yema.example")
    for _ in range(8):
        await post.told(person)
    await post.digest(person, await device(person))
    await post.digest(person, channel="email")

    man = _daily(push, mail)
    await man.deliver("fcm")
    await man.deliver("email")

    assert (push.bodies, mail.bodies) == (
        ["\n".join(["Told: hello"] * 5 + ["and 3 more"])],
        ["\n".join(["Told: hello"] * 8)],
    )


async def test_with_nothing_left_to_tell_there_is_no_digest() -> None:
    channel = TrialChannel()
    person, phone = await post.phone()
    seen = await post.told(person, "seen")
    await post.told(person, "nothing")  # holds no longer
    async with transaction() as tx:
        await Notification.update({Notification.seen_at: tx.at}).where(Notification.id == seen)
    delivery = await post.digest(person, phone)

    await _daily(channel).deliver("fcm")

    assert (channel.handed, await post.state(delivery)) == ([], ("moot", None))


@pytest.mark.parametrize(
    ("default", "choice", "told"),
    [
        ("daily", None, 1),
        ("daily", "off", 0),
        ("immediate", "daily", 1),
        ("daily", "weekly", 0),
        ("immediate", None, 0),
    ],
)
async def test_a_digest_holds_the_kinds_that_somebody_wants_in_it(
    default: Cadence, choice: str | None, told: int
) -> None:
    channel = TrialChannel()
    person, phone = await post.phone()
    await post.told(person)
    if choice:
        async with transaction():
            await Choice.insert(Choice(id=uuid7(), person=person, kind="trial", channel="push", cadence=choice))
    await post.digest(person, phone)

    await post.postman(channel, kinds=[kind("trial", default)]).deliver("fcm")

    assert len(channel.handed) == told


async def test_what_a_digest_has_told_the_next_one_does_not_tell_again() -> None:
    channel = TrialChannel()
    with post.standing() as clock:
        person, phone = await post.phone()
        await post.told(person, "first", expires_at=now() + 48 * post.HOUR)
        clock.shift(timedelta(seconds=5))
        await post.digest(person, phone)
        await _daily(channel).deliver("fcm")
        clock.shift(timedelta(days=1))
        await post.told(person, "second")
        await post.digest(person, phone)
        await _daily(channel).deliver("fcm")

    assert channel.bodies == ["Told: first", "Told: second"]


async def test_what_is_told_while_a_digest_is_on_its_way_comes_after_it() -> None:
    channel = TrialChannel()
    with post.standing() as clock:
        person, phone = await post.phone()
        await post.told(person, "first")
        delivery = await post.digest(person, phone)
        man = _daily(channel)
        clock.shift(timedelta(seconds=5))
        channel.gate.clear()
        worker = asyncio.create_task(man.deliver("fcm"))
        await channel.reached.wait()
        clock.shift(timedelta(seconds=1))
        await post.told(person, "second")
        await post.change(delivery, round=2)
        clock.shift(timedelta(seconds=5))
        channel.gate.set()
        await worker
        await man.deliver("fcm")

    assert channel.bodies == ["Told: first", "Told: second"]


async def test_each_person_gets_only_their_own(house: Settings) -> None:
    channel = TrialChannel()
    for says in ("to ada", "to ben"):
        person, phone = await post.phone()
        await post.told(person, says)
        await post.digest(person, phone)

    await _daily(channel).deliver("fcm")

    assert sorted(channel.bodies) == ["Told: to ada", "Told: to ben"]
    assert await post.states() == {"sent": await Delivery.count()}
