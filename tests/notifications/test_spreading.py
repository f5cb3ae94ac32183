"""What happened becomes a line in each inbox, and a way to each phone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import time_machine

from tests import make
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from yema.accounts.tables import Device, SignIn
from yema.changes import transaction
from yema.changes.notified import About, NotificationKind
from yema.changes.tables import Outbox
from yema.notifications.spreading import spread
from yema.notifications.tables import Delivery, Notification
from yema.settings import Settings

HOUR = timedelta(hours=1)


def in_an_hour() -> datetime:
    return datetime.now(UTC) + HOUR


def counting(old: About, new: About) -> About:
    return {"says": new["says"], "count": old.get("count", 1) + 1}


async def told(person: UUID) -> list[tuple[str, str, int]]:
    """(topic, what it says, round) of each line of somebody's inbox."""
    rows = await Notification.select().where(Notification.person == person).order_by(Notification.made_at)
    return [(row["topic"], msgspec.json.decode(row["about"])["says"], row["round"]) for row in rows]


async def waiting(person: UUID) -> list[dict[str, Any]]:
    return await Delivery.select().where(Delivery.person == person).order_by(Delivery.made_at)


async def is_done() -> list[bool]:
    return [row["done_at"] is not None for row in await Outbox.select().order_by(Outbox.made_at)]


async def tell(topic: str, people: list[UUID], kinds: list[NotificationKind] | None = None, **more: Any) -> int:
    await happen("trial", topic, people, expires_at=more.pop("expires_at", in_an_hour()), **more)
    return await spread(kinds or [kind()])


async def test_everybody_concerned_is_told_on_each_of_their_devices(house: Settings) -> None:
    one, other, nobody = [await make.person() for _ in range(3)]
    phone, tablet, browser = [await device(one), await device(one), await device(other, channel="webpush")]

    count = await tell("weather", [one, other], says="rain")

    assert (count, await is_done()) == (1, [True])
    assert [await told(person) for person in (one, other, nobody)] == [[("weather", "rain", 1)]] * 2 + [[]]
    assert sorted((row["target"], row["device"], row["channel"]) for row in await waiting(one)) == sorted(
        [(phone, phone, "fcm"), (tablet, tablet, "fcm")]
    )
    assert [(row["target"], row["channel"], row["state"]) for row in await waiting(other)] == [
        (browser, "webpush", "waiting")
    ]


async def test_twenty_of_one_topic_within_the_hold_are_one_line_and_one_message(house: Settings) -> None:
    person = await make.person()
    phones = [await device(person), await device(person)]
    start, counts = datetime(2027, 7, 14, 10, tzinfo=UTC), kind(merge=counting)
    for number in range(20):
        with time_machine.travel(start + timedelta(seconds=3 * number), tick=False):
            await tell("plan", [person], [counts], says=str(number), hold=60, expires_at=start + HOUR)

    [line] = await Notification.select()
    rows = await waiting(person)
    assert (line["round"], msgspec.json.decode(line["about"])) == (20, {"says": "19", "count": 20})
    assert {row["target"] for row in rows} == set(phones)
    assert [(row["round"], row["next_at"]) for row in rows] == [(20, start + timedelta(minutes=1))] * 2


async def test_what_was_seen_is_told_anew(house: Settings) -> None:
    person = await make.person()
    await tell("weather", [person], says="rain")
    await happen("trial_settled", "weather", [person], expires_at=in_an_hour())
    await spread([kind()])

    await tell("weather", [person], says="sun")

    assert await told(person) == [("weather", "rain", 1), ("weather", "sun", 1)]


async def test_a_newer_telling_takes_the_later_expiry_and_stays_urgent(house: Settings) -> None:
    person, late = await make.person(), in_an_hour() + HOUR
    await device(person)
    await tell("bus", [person], urgent=True, expires_at=late)

    await tell("bus", [person])

    [line], [way] = await Notification.select(), await waiting(person)
    assert (line["urgent"], line["expires_at"]) == (True, late)
    assert (way["urgent"], way["expires_at"], way["round"]) == (True, late, 2)


async def test_an_urgent_telling_hurries_what_waits_for_more(house: Settings) -> None:
    person = await make.person()
    await device(person)
    start = datetime(2027, 7, 14, 10, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        await tell("plan", [person], hold=60, expires_at=start + HOUR)
    with time_machine.travel(start + timedelta(seconds=5), tick=False):
        await tell("plan", [person], hold=60, urgent=True, expires_at=start + HOUR)

    [way] = await waiting(person)
    assert (way["next_at"], way["urgent"]) == (start + timedelta(seconds=5), True)


async def test_a_shared_phone_hears_what_its_new_owner_is_told(house: Settings) -> None:
    """What waited for the old one under the same topic gives way: it would never be sent."""
    one, other = await make.person(), await make.person()
    phone = await device(one)
    await tell("weather", [one])
    await _hand_over(phone, other)

    await tell("weather", [other])

    [way] = await Delivery.select(Delivery.person, Delivery.notification.person.as_alias("of"))
    assert (way["person"], way["of"]) == (other, other)


async def _hand_over(phone: UUID, person: UUID) -> None:
    async with transaction():
        [row] = await Device.select(Device.sign_in).where(Device.id == phone)
        await Device.update({Device.person: person}).where(Device.id == phone)
        await SignIn.update({SignIn.person: person}).where(SignIn.id == row["sign_in"])


async def test_who_is_suspended_is_not_told(house: Settings) -> None:
    person = await make.person()
    await device(person)
    await make.suspend(person)

    await tell("weather", [person])

    assert (await told(person), await waiting(person), await is_done()) == ([], [], [True])


async def test_what_is_told_once_is_not_told_again_even_if_it_was_seen(house: Settings) -> None:
    one, other = await make.person(), await make.person()
    await tell("welcome", [one], once=True, says="first")
    await happen("trial_settled", "welcome", [one], expires_at=in_an_hour())
    await spread([kind()])

    await tell("welcome", [one, other], once=True, says="second")

    assert [await told(person) for person in (one, other)] == [[("welcome", "first", 1)], [("welcome", "second", 1)]]


async def test_what_is_settled_is_seen_and_its_ways_end(house: Settings) -> None:
    one, other = await make.person(), await make.person()
    for person in (one, other):
        await device(person)
        await tell("help", [person])
        await tell("weather", [person])

    await happen("trial_settled", "help", [one], expires_at=in_an_hour())
    await spread([kind()])

    unseen = await Notification.select().where(Notification.seen_at.is_null()).order_by(Notification.made_at)
    assert [(row["person"], row["topic"]) for row in unseen] == [(one, "weather"), (other, "help"), (other, "weather")]
    assert [(row["topic"], row["state"]) for row in await waiting(one)] == [("help", "moot"), ("weather", "waiting")]


async def test_what_needs_telling_no_more_is_settled_for_everybody(house: Settings) -> None:
    people = [await make.person(), await make.person()]
    for person in people:
        await device(person)
    await tell("help", people)
    async with transaction() as tx:
        tx.tell("trial_settled", once_per="all", topic="help")
    await spread([kind()])

    assert [row["seen_at"] is not None for row in await Notification.select()] == [True, True]
    assert [row["state"] for row in await Delivery.select()] == ["moot", "moot"]
