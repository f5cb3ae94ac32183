"""A delivery that is due: what is looked at again, what it says, and what becomes of it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from tests import make
from tests.notifications import post
from tests.notifications.kinds import kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device, SignIn
from yema.changes import transaction
from yema.changes.notified import About, Addressee, Message
from yema.ids import now
from yema.notifications.channels import Gone, Later, Refused
from yema.notifications.delivering.waiting import backoff_max
from yema.notifications.delivering.wording import tag_of
from yema.notifications.tables import Habits, Notification
from yema.settings import Settings

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


async def test_what_is_due_is_sent_once() -> None:
    channel = TrialChannel()
    sent = await post.due(*await post.phone())

    took = [await post.postman(channel).deliver("fcm") for _ in range(2)]

    assert (took, channel.bodies, await post.state(sent)) == ([1, 0], ["hello"], ("sent", None))


async def test_a_message_says_where_the_rest_is_found() -> None:
    channel = TrialChannel()
    person, phone = await post.phone(locale="pl")
    delivery = await post.due(person, phone, "hej")

    await post.postman(channel).deliver("fcm")

    [message] = channel.handed
    found = await post.row(delivery)
    assert (message.delivery, message.locale, message.tag, message.data) == (
        delivery,
        "pl",
        tag_of(found["topic"], person),
        {"says": "hej", "notification": str(found["notification"]), "kind": "trial"},
    )


def test_a_tag_is_the_same_for_one_topic_and_person_and_short_enough_for_push_services() -> None:
    ada, ben = UUID(int=1), UUID(int=2)

    tags = [tag_of("slot", ada), tag_of("slot", ada), tag_of("slot", ben), tag_of("other", ada)]

    assert ([len(tag) for tag in tags], len(set(tags))) == ([32] * 4, 3)


async def test_words_are_asked_for_once_for_all_who_read_of_one_thing_in_their_own_languages() -> None:
    calls: list[list[tuple[str, ...]]] = []

    async def word(about: About, readers: list[Addressee]) -> list[Message | None]:
        calls.append([reader.wanted for reader in readers])
        return [Message("Told", reader.wanted[0]) for reader in readers]

    channel = TrialChannel()
    person = await make.person(locale="uk")
    for locale in ("pl", "uk"):
        await post.due(person, await device(person, locale=locale))

    await post.postman(channel, kinds=[kind()._replace(word=word)]).deliver("fcm")  # type: ignore[arg-type]

    assert ([sorted(call) for call in calls], sorted(channel.bodies)) == ([[("pl", "uk"), ("uk",)]], ["pl", "uk"])


async def test_urgent_ones_go_first() -> None:
    channel = TrialChannel(at_once=1)
    person, phone = await post.phone()
    await post.due(person, phone, "first", next_at=now() - post.HOUR)
    await post.due(person, phone, "urgent", urgent=True)

    await post.postman(channel).deliver("fcm")

    assert channel.bodies == ["urgent"]


@pytest.mark.parametrize("what", ["left", "gone", "moved", "suspended", "seen", "taken back"])
async def test_what_holds_no_longer_is_not_sent(what: str) -> None:
    channel = TrialChannel()
    person, phone = await post.phone()
    delivery = await post.due(person, phone, "nothing" if what == "taken back" else "hello")
    if what == "suspended":
        await make.suspend(person)
    other = await make.person()
    async with transaction() as tx:
        if what == "left":
            await SignIn.update({SignIn.ended_at: tx.at}).where(SignIn.person == person)
        elif what == "gone":
            await Device.update({Device.gone_at: tx.at}).where(Device.id == phone)
        elif what == "moved":
            await Device.update({Device.person: other}).where(Device.id == phone)
        elif what == "seen":
            await Notification.update({Notification.seen_at: tx.at}).where(Notification.person == person)

    await post.postman(channel).deliver("fcm")

    assert (channel.handed, await post.state(delivery)) == ([], ("moot", None))


@pytest.mark.parametrize(
    ("device_in", "person_in", "said_in"), [("pt-BR", "pl", "pl"), ("pt", "pt", "en"), ("uk-UA", "pl", "uk")]
)
async def test_it_says_which_language_its_words_are_in(device_in: str, person_in: str, said_in: str) -> None:
    """The device's may be one that we do not have."""
    channel, person = TrialChannel(), await make.person(locale=person_in)
    await post.due(person, await device(person, locale=device_in))

    await post.postman(channel).deliver("fcm")

    assert [message.locale for message in channel.handed] == [said_in]


async def test_what_is_past_its_use_is_not_sent() -> None:
    channel = TrialChannel()
    delivery = await post.due(*await post.phone(), expires_at=now() - timedelta(seconds=1))

    await post.postman(channel).deliver("fcm")

    assert (channel.handed, await post.state(delivery)) == ([], ("expired", None))


async def test_at_night_it_waits_for_the_morning_of_the_place_and_no_attempt_is_counted() -> None:
    channel = TrialChannel()
    with post.standing(post.NOON.replace(hour=21)):  # 23:00 in Warsaw, 17:00 in New York
        person, phone = await post.phone(zone="America/New_York")
        delivery = await post.due(person, phone, expires_at=now() + 24 * post.HOUR)
        async with transaction():
            await Notification.update({Notification.zone: "Europe/Warsaw"}).where(Notification.person == person)
        await post.postman(channel).deliver("fcm")

    found = await post.row(delivery)
    morning = post.NOON.replace(hour=5) + timedelta(days=1)
    assert (channel.handed, found["state"], found["next_at"], found["attempts"]) == ([], "waiting", morning, 0)


async def test_hours_of_the_night_are_everybodys_own() -> None:
    channel = TrialChannel()
    with post.standing():  # noon in Warsaw
        person, phone = await post.phone()
        await post.due(person, phone)
        async with transaction():
            await Habits.insert(Habits(id=person, quiet_from="11:30", quiet_until="13:00"))
        await post.postman(channel).deliver("fcm")

    assert channel.handed == []


@pytest.mark.parametrize("way", ["urgent", "mail"])
async def test_the_night_does_not_hold_back_what_is_urgent_nor_mails(way: str) -> None:
    channel = TrialChannel(name="email" if way == "mail" else "fcm")
    with post.standing(post.NOON.replace(hour=21)):
        person = await make.reader("ada@yema.example")
        topic, target = "night", None if way == "mail" else await device(person)
        told = await post.told(person, topic=topic)
        await post.delivery(
            person, target, notification=told, topic=topic, channel=channel.name, urgent=way == "urgent"
        )
        await post.postman(channel).deliver(channel.name)

    assert channel.bodies == ["hello"]


async def test_a_mail_goes_to_the_address_that_somebody_has_now_and_nowhere_without_one() -> None:
    channel = TrialChannel(name="email")
    with_address, without = await make.reader("ada@yema.example"), await make.person()
    for person in (with_address, without):
        told = await post.told(person, topic="mail")
        await post.delivery(person, None, notification=told, topic="mail", channel="email")

    await post.postman(channel).deliver("email")

    assert ([m.address.value for m in channel.handed], await post.states()) == (
        ["ada@yema.example"],
        {"sent": 1, "moot": 1},
    )


async def test_an_address_at_which_nobody_has_read_a_code_gets_nothing() -> None:
    channel, person = TrialChannel(name="email"), await make.person(email="typo@yema.example")
    told = await post.told(person, topic="mail")
    await post.delivery(person, None, notification=told, topic="mail", channel="email")

    await post.postman(channel).deliver("email")

    assert (channel.handed, await post.states()) == ([], {"moot": 1})


async def test_later_is_never_before_the_channel_says_and_never_after_the_longest_wait() -> None:
    answers = {"soon": Later("busy"), "told when": Later("quota", timedelta(minutes=20))}
    channel = TrialChannel(lambda message: answers[message.body])
    with post.standing():
        person, phone = await post.phone()
        soon = [await post.row(await post.due(person, phone, "soon")) for _ in range(20)]
        waits = await post.due(person, phone, "told when")
        await post.postman(channel).deliver("fcm")

        found = [(await post.row(one["id"]))["next_at"] - now() for one in soon]
        late = (await post.row(waits))["next_at"] - now()

    assert (min(found) >= timedelta(0), max(found) <= backoff_max(1), len(set(found)) > 10, late) == (
        True,
        True,
        True,
        timedelta(minutes=20),
    )


async def test_what_could_only_be_tried_after_its_use_expires() -> None:
    channel = TrialChannel(lambda _: Later("quota", 2 * post.HOUR))
    delivery = await post.due(*await post.phone())

    await post.postman(channel).deliver("fcm")

    assert await post.state(delivery) == ("expired", "quota")


@pytest.mark.parametrize(
    ("outcome", "after"),
    [(Refused("too_big"), ("refused", "too_big")), (Gone("UNREGISTERED"), ("gone", "UNREGISTERED"))],
)
async def test_the_end_of_a_delivery_names_the_code(outcome: Refused | Gone, after: tuple[str, str]) -> None:
    delivery = await post.due(*await post.phone())

    await post.postman(TrialChannel(lambda _: outcome)).deliver("fcm")

    assert await post.state(delivery) == after


async def test_a_telling_that_came_while_the_last_was_on_its_way_goes_out_too() -> None:
    channel = TrialChannel()
    person, phone = await post.phone()
    delivery = await post.due(person, phone)

    async def raised(about: About, readers: list[Addressee]) -> list[Message | None]:
        if not channel.handed:
            await post.change(delivery, round=2)
        return [Message("Told", about["says"]) for _ in readers]

    man = post.postman(channel, kinds=[kind()._replace(word=raised)])  # type: ignore[arg-type]
    took = [await man.deliver("fcm") for _ in range(3)]

    assert (took, len({message.tag for message in channel.handed}), await post.state(delivery)) == (
        [1, 1, 0],
        1,
        ("sent", None),
    )


async def test_what_was_settled_while_on_its_way_was_sent_all_the_same() -> None:
    delivery = await post.due(*await post.phone())
    channel = TrialChannel()
    channel.gate.clear()
    worker = asyncio.create_task(post.postman(channel).deliver("fcm"))
    await channel.reached.wait()

    await post.change(delivery, state="moot", round=2)
    channel.gate.set()
    await worker

    assert await post.state(delivery) == ("sent", None)


async def test_a_phone_gets_only_what_is_its_own_channels(house: Settings) -> None:
    channel, web = TrialChannel(), TrialChannel(name="webpush")
    person = await make.person()
    await post.due(person, await device(person), "to the app")
    await post.due(person, await device(person, channel="webpush", platform="web"), "to the browser", channel="webpush")

    man = post.postman(channel, web)
    await man.deliver("fcm")
    await man.deliver("webpush")

    assert (channel.bodies, web.bodies) == (["to the app"], ["to the browser"])
