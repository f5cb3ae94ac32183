"""When somebody was told, and when it stood on a screen: kept on the notification, whatever becomes of the device and its deliveries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests import make
from tests.notifications import post
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device
from yema.changes import transaction
from yema.ids import now
from yema.notifications.actions.inbox import show_notification
from yema.notifications.channels import Refused
from yema.notifications.spreading import spread
from yema.notifications.tables import Delivery, Notification

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with post.standing():
        yield


async def marks(notification: UUID) -> tuple[datetime | None, datetime | None]:
    [row] = await Notification.select(Notification.sent_at, Notification.shown_at).where(
        Notification.id == notification
    )
    return row["sent_at"], row["shown_at"]


async def test_what_was_sent_stays_sent_when_the_device_is_gone() -> None:
    person, phone = await post.phone()
    await post.due(person, phone)
    [line] = await Notification.select(Notification.id)
    await post.postman(TrialChannel()).deliver("fcm")

    async with transaction():
        await Device.delete().where(Device.id == phone)

    assert (await marks(line["id"]), await Delivery.count()) == ((post.NOON, None), 0)


async def test_the_first_time_counts_and_a_new_round_keeps_it() -> None:
    with post.standing() as clock:
        person = await make.person()
        await device(person)
        for _ in range(2):
            await happen("trial", "plan", [person], expires_at=now() + post.HOUR)
            await spread([kind()])
            await post.postman(TrialChannel()).deliver("fcm")
            clock.shift(timedelta(minutes=1))

    [line] = await Notification.select()
    assert (line["round"], line["sent_at"]) == (2, post.NOON)


async def test_what_went_in_a_digest_was_sent_and_what_had_no_words_was_not() -> None:
    person, phone = await post.phone()
    told = [await post.told(person, says) for says in ("one", "two", "nothing")]
    await post.digest(person, phone)

    await post.postman(TrialChannel(), kinds=[kind("trial", "daily")]).deliver("fcm")

    assert [(await marks(one))[0] for one in told] == [post.NOON, post.NOON, None]


async def test_what_the_channel_refused_was_not_sent() -> None:
    person, phone = await post.phone()
    delivery = await post.due(person, phone)
    await post.postman(TrialChannel(lambda _: Refused("too_big"))).deliver("fcm")

    assert (await post.state(delivery), (await Notification.select(Notification.sent_at))[0]["sent_at"]) == (
        ("refused", "too_big"),
        None,
    )


async def test_what_stood_on_a_screen_stays_shown_the_first_time() -> None:
    with post.standing() as clock:
        person, phone = await post.phone()
        line = await post.told(person)
        await show_notification(make.signed_in(person), line, phone)
        clock.shift(timedelta(minutes=1))
        await show_notification(make.signed_in(person), line, None)

    assert await marks(line) == (None, post.NOON)
