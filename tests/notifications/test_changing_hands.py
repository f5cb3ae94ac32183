"""A phone that changes hands while a message is on its way: the last look is directly before the sending."""

from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

import pytest

from tests import make
from tests.accounts.test_devices import register
from tests.client import TestApp
from tests.notifications import post
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device, Person, SignIn
from yema.changes import SpaceKey, transaction
from yema.ids import now, uuid7
from yema.notifications.tables import Delivery
from yema.settings import Settings


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


async def _sign_out(person: UUID, phone: UUID) -> None:
    await SignIn.update({SignIn.ended_at: now()}).where(SignIn.person == person)


async def _suspend(person: UUID, phone: UUID) -> None:
    await Person.update({Person.suspended_at: now()}).where(Person.id == person)


async def _remove(person: UUID, phone: UUID) -> None:
    await Device.delete().where(Device.id == phone)


async def _see(person: UUID, phone: UUID) -> None:
    await Delivery.update({Delivery.state: "moot"}).where(Delivery.person == person)


async def test_who_has_a_phone_now_does_not_get_what_was_taken_up_for_somebody_else(app: TestApp) -> None:
    ana, ben = await make.person(), await make.person()
    await register(await app.as_(ana))
    [row] = await Device.select()
    delivery = await post.due(ana, row["id"])
    channel = TrialChannel()
    man = post.postman(channel)
    batch = await man.take_up("fcm")
    assert batch

    await register(await app.as_(ben))
    await man.see_through(batch)

    assert (channel.bodies, (await Delivery.count().where(Delivery.id == delivery, Delivery.state == "sent"))) == (
        [],
        0,
    )


@pytest.mark.parametrize("happens", [_sign_out, _suspend, _remove, _see])
async def test_what_is_not_theirs_any_more_when_its_turn_comes_is_not_sent(
    house: Settings, happens: Callable[[UUID, UUID], Awaitable[None]]
) -> None:
    person, phone = await post.phone()
    await post.due(person, phone)
    channel = TrialChannel()
    man = post.postman(channel)
    batch = await man.take_up("fcm")
    assert batch

    async with transaction() as tx:
        await happens(person, phone)
        tx.touched(SpaceKey("person", person), "me", person)
    await man.see_through(batch)

    assert (channel.bodies, set(await post.states()) - {"moot"}) == ([], set())


async def test_what_somebody_else_has_taken_up_meanwhile_is_left_to_them(house: Settings) -> None:
    person, phone = await post.phone()
    delivery = await post.due(person, phone)
    channel = TrialChannel()
    man = post.postman(channel)
    batch = await man.take_up("fcm")
    assert batch

    other = uuid7()
    await post.change(delivery, lease=other)
    await man.see_through(batch)

    assert (channel.bodies, (await post.row(delivery))["lease"]) == ([], other)


async def test_a_token_that_was_renewed_meanwhile_is_told_at_once(house: Settings) -> None:
    person, phone = await post.phone(address="old")
    delivery = await post.due(person, phone)
    channel = TrialChannel()
    man = post.postman(channel)
    batch = await man.take_up("fcm")
    assert batch

    async with transaction():
        await Device.update({Device.address: "new", Device.address_hash: "new"}).where(Device.id == phone)
    await man.see_through(batch)
    await man.deliver("fcm")

    addresses = [message.address.value for message in channel.handed]
    assert (addresses, (await post.row(delivery))["attempts"]) == (["new"], 1)


async def test_a_mailbox_that_was_changed_meanwhile_gets_nothing(house: Settings) -> None:
    person = await make.reader("old@example.org")
    await post.delivery(person, None, notification=await post.told(person), channel="email")
    channel = TrialChannel(name="email")
    man = post.postman(channel)
    batch = await man.take_up("email")
    assert batch

    async with transaction() as tx:
        tx.touched(SpaceKey("person", person), "me", person)
        await Person.update({Person.email: "new@example.org"}).where(Person.id == person)
    await man.see_through(batch)
    await man.deliver("email")

    assert [message.address.value for message in channel.handed] == ["new@example.org"]


@pytest.mark.parametrize("hours", [1, 24, 8 * 24])
async def test_a_push_service_keeps_nothing_for_more_than_a_day(house: Settings, hours: int) -> None:
    person, phone = await post.phone()
    await post.due(person, phone, expires_at=now() + hours * post.HOUR)
    channel = TrialChannel()

    await post.postman(channel).deliver("fcm")

    assert channel.handed[0].expires_at - now() == min(hours, 24) * post.HOUR
