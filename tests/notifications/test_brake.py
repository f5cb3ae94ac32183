"""A push service that knows nobody any more is not believed; one that does not know one device is."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.notifications import post
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device
from yema.changes import transaction
from yema.notifications.channels import Gone, Outcome, Outgoing, Sent
from yema.notifications.delivering.brake import may_go
from yema.settings import Settings


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


def _gone(_: Outgoing) -> Outcome:
    return Gone("UNREGISTERED")


async def _fleet(number: int) -> None:
    """So many devices, and something due for each."""
    person = await make.person()
    for _ in range(number):
        await post.due(person, await device(person))


async def _live() -> int:
    return int(await Device.count().where(Device.gone_at.is_null()))


@given(live=st.integers(0, 100_000), recently=st.integers(0, 100_000))
def test_within_an_hour_go_three_or_one_in_ten_at_most(live: int, recently: int) -> None:
    goes = may_go(live, recently)

    assert goes == 0 or goes + recently <= max(3, (live + recently) / 10)


async def test_an_unregistered_device_goes_and_no_other(house: Settings) -> None:
    channel = TrialChannel(lambda message: Gone("UNREGISTERED") if message.body == "gone" else Sent())
    person, first = await post.phone()
    second = await device(person)
    gone = await post.due(person, first, "gone")
    await post.due(person, second)

    await post.postman(channel).deliver("fcm")

    left = [row["id"] for row in await Device.select(Device.id).where(Device.gone_at.is_null())]
    assert (left, await post.state(gone)) == ([second], ("gone", "UNREGISTERED"))


async def test_a_device_that_was_registered_anew_meanwhile_stays_and_is_tried_at_its_new_address(
    house: Settings,
) -> None:
    channel = TrialChannel(_gone)
    person, phone = await post.phone(address="old")
    delivery = await post.due(person, phone)
    channel.gate.clear()
    worker = asyncio.create_task(post.postman(channel).deliver("fcm"))
    await channel.reached.wait()
    async with transaction():
        await Device.update({Device.address: "new", Device.address_hash: "new"}).where(Device.id == phone)
    channel.gate.set()
    await worker
    channel.answers = lambda _: Sent()

    await post.postman(channel).deliver("fcm")

    assert ([message.address.value for message in channel.handed], await _live()) == (["old", "new"], 1)
    assert await post.state(delivery) == ("sent", None)


async def test_a_service_that_knows_nobody_any_more_is_not_believed(house: Settings, monkeypatch: Any) -> None:
    logged: list[Any] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", logged.append)
    monkeypatch.setattr(logging.getLogger("yema"), "handlers", [handler])
    with post.standing():
        await _fleet(30)
        man = post.postman(TrialChannel(_gone, at_once=25))

        took = [await man.deliver("fcm") for _ in range(3)]

    assert (took, await _live(), await post.states()) == ([25, 5, 0], 27, {"gone": 3, "waiting": 27})
    assert [(line.levelname, line.getMessage(), line.kind, line.count) for line in logged] == [
        ("ERROR", "removal_braked", "fcm", 22),
        ("ERROR", "removal_braked", "fcm", 5),
    ]


async def test_a_house_of_twenty_phones_keeps_nearly_all_of_them(house: Settings) -> None:
    await _fleet(20)

    await post.postman(TrialChannel(_gone)).deliver("fcm")

    assert (await _live(), await post.states()) == (17, {"gone": 3, "waiting": 17})


async def test_what_the_brake_held_back_arrives_when_the_service_has_come_to_its_senses(house: Settings) -> None:
    with post.standing() as clock:
        await _fleet(20)
        man = post.postman(TrialChannel(_gone))
        await man.deliver("fcm")
        clock.shift(timedelta(minutes=1))
        await post.postman(TrialChannel()).deliver("fcm")

    assert await post.states() == {"gone": 3, "sent": 17}


async def test_after_an_hour_the_service_is_believed_again(house: Settings) -> None:
    with post.standing() as clock:
        await _fleet(25)
        await post.postman(TrialChannel(_gone)).deliver("fcm")
        clock.shift(timedelta(hours=1, seconds=1))
        person, phone = await post.phone()
        late = await post.due(person, phone)
        await post.postman(TrialChannel(_gone)).deliver("fcm")

    assert await post.state(late) == ("gone", "UNREGISTERED")


async def test_two_messages_for_one_device_that_is_gone_count_once(house: Settings) -> None:
    person, phone = await post.phone()
    for _ in range(30):
        await post.due(person, phone)

    await post.postman(TrialChannel(_gone)).deliver("fcm")

    assert (await _live(), await post.states()) == (0, {"gone": 30})
