"""What is certain and reaches no phone goes by mail; what is not, does not."""

from datetime import timedelta

import pytest

from tests import make
from tests.notifications import post
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.ids import now
from yema.notifications.channels import Broken, Channel, Gone, Later, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.log import LogChannel
from yema.notifications.delivering import Postman
from yema.notifications.spreading import spread
from yema.notifications.tables import Delivery, Notification

pytestmark = pytest.mark.usefixtures("house")

BUS = kind(certain=True)


async def _told(*addresses: str, certain: bool = True) -> list[str]:
    """Somebody with a mailbox and a device for each of these addresses is told; the addresses."""
    person = await make.person(email="ada@yema.example")
    for address in addresses:
        await device(person, address=address)
    await happen("trial", "bus", [person], expires_at=now() + post.HOUR, urgent=True)
    await spread([BUS if certain else kind()])
    return list(addresses)


async def _mails(outcomes: dict[str, Outcome], seconds: int = 0, *, certain: bool = True) -> list[str]:
    """What is mailed within so many seconds where these addresses have these outcomes."""
    mail = TrialChannel(name="email")

    def answer(message: Outgoing) -> Outcome:
        return outcomes[message.address.value]

    push = TrialChannel(answer)
    man = post.postman(push, mail, kinds=[BUS if certain else kind()])
    with post.standing() as clock:
        await _told(*outcomes, certain=certain)
        for _ in range(seconds // 5 + 1):
            while await man.deliver("fcm") + await man.deliver("email"):
                pass
            clock.shift(5)
    return mail.bodies


@pytest.mark.parametrize("end", [Gone("UNREGISTERED"), Refused("not_authorised")])
async def test_a_dead_phone_is_replaced_by_the_mailbox(end: Outcome) -> None:
    assert await _mails({"phone": end}) == ["hello"]


async def test_where_one_of_two_devices_has_it_there_is_no_mail() -> None:
    assert await _mails({"phone": Refused("bad"), "tablet": Sent()}, 300) == []


async def test_where_both_are_dead_there_is_one_mail() -> None:
    assert await _mails({"phone": Refused("bad"), "tablet": Gone("UNREGISTERED")}, 300) == ["hello"]


@pytest.mark.parametrize("trouble", [Later("busy"), Later("quota", timedelta(minutes=30)), Broken("401")])
async def test_what_waits_with_trouble_for_minutes_is_mailed_too(trouble: Outcome) -> None:
    assert await _mails({"phone": trouble}, 360) == ["hello"]


async def test_trouble_that_is_over_after_seconds_makes_no_mail() -> None:
    mail = TrialChannel(name="email")
    outcomes: list[Outcome] = [Later("busy"), Sent()]
    man = post.postman(TrialChannel(lambda _: outcomes.pop(0)), mail, kinds=[BUS])
    with post.standing() as clock:
        await _told("phone")
        await man.deliver("fcm")
        clock.shift(5)
        await man.deliver("fcm")
        await man.deliver("email")

    assert (mail.bodies, await post.states()) == ([], {"sent": 1})


async def test_what_is_not_certain_stays_in_the_inbox() -> None:
    assert await _mails({"phone": Refused("bad")}, certain=False) == []


async def test_what_others_must_not_read_is_never_mailed() -> None:
    covered = BUS._replace(covered=True)
    mail, push = TrialChannel(name="email"), TrialChannel(lambda _: Refused("bad"))
    man = post.postman(push, mail, kinds=[covered])
    with post.standing():
        await _told("phone")
        await man.deliver("fcm")
        await man.deliver("email")

    assert (len(push.handed), mail.handed) == (1, [])


async def test_a_second_telling_that_no_phone_takes_is_mailed_though_the_first_was_sent() -> None:
    mail, push = TrialChannel(name="email"), TrialChannel()
    man = post.postman(push, mail, kinds=[BUS])
    with post.standing() as clock:
        await _told("phone")
        await man.deliver("fcm")
        clock.shift(60)
        [told] = await Notification.select(Notification.person)
        await happen("trial", "bus", [told["person"]], expires_at=now() + post.HOUR, says="again", urgent=True)
        await spread([BUS])
        push.answers = lambda _: Refused("bad")
        await man.deliver("fcm")
        await man.deliver("email")

    assert mail.bodies == ["again"]


async def test_what_waits_behind_an_open_circuit_without_being_tried_is_mailed_too() -> None:
    mail, push = TrialChannel(name="email", at_once=200), TrialChannel(lambda _: Broken("401"), at_once=4)
    man = post.postman(push, mail, kinds=[BUS])
    with post.standing() as clock:
        people = [await make.person(email=f"ada{number}@yema.example") for number in range(12)]
        for person in people:
            await device(person)
        await happen("trial", "bus", people, expires_at=now() + post.HOUR, urgent=True)
        await spread([BUS])
        for _ in range(60):
            await man.deliver("fcm")
            await man.deliver("email")
            clock.shift(5)

    assert len(mail.handed) == 12


async def test_a_channel_that_only_logs_is_no_device_and_sends_nothing() -> None:
    mail = TrialChannel(name="email")
    channels: dict[str, Channel] = {"fcm": LogChannel("fcm"), "email": mail}
    await _told("phone")

    man = Postman([BUS], channels)
    await man.deliver("fcm")
    await man.deliver("email")

    [told] = await Notification.select(Notification.sent_at)
    states = {row["channel"]: row["state"] for row in await Delivery.select(Delivery.channel, Delivery.state)}
    assert (states, mail.bodies, told["sent_at"] is None) == ({"fcm": "logged", "email": "sent"}, ["hello"], False)
