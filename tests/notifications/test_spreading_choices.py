"""How often, and by which channel: as somebody chose, or as it comes; some things always at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from tests import make
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from yema.accounts.tables import Device, SignIn
from yema.changes import transaction
from yema.changes.notified import Cadence, NotificationKind
from yema.ids import uuid7
from yema.notifications.spreading import spread
from yema.notifications.tables import Choice, Delivery, Notification
from yema.settings import Settings

WEDNESDAY = datetime(2027, 7, 14, 10, tzinfo=UTC)
EVENING = datetime(2027, 7, 14, 16, tzinfo=UTC)  # 18:00 in Warsaw
MONDAY = datetime(2027, 7, 19, 7, tzinfo=UTC)  # 09:00 in Warsaw


async def choose(person: UUID, channel: str, cadence: str, kind: str = "trial") -> None:
    async with transaction():
        await Choice.insert(Choice(id=uuid7(), person=person, kind=kind, channel=channel, cadence=cadence))


async def ways(person: UUID, kind: NotificationKind, topic: str = "weather", **more: Any) -> list[tuple[Any, ...]]:
    """(target, channel, cadence, topic, due) of each way by which somebody hears of something on that Wednesday."""
    with time_machine.travel(WEDNESDAY, tick=False):
        await happen(kind.name, topic, [person], expires_at=WEDNESDAY + timedelta(hours=8), **more)
        await spread([kind])
    rows = await Delivery.select().where(Delivery.person == person).order_by(Delivery.channel, Delivery.topic)
    return [(row["target"], row["channel"], row["cadence"], row["topic"], row["next_at"]) for row in rows]


async def test_a_kind_comes_as_its_defaults_say_to_who_chose_nothing(house: Settings) -> None:
    person = await make.person(email="person@yema.example")
    phone = await device(person)

    assert await ways(person, kind(push="immediate", email="weekly")) == [
        (person, "email", "weekly", "digest:weekly", MONDAY),
        (phone, "fcm", "immediate", "weather", WEDNESDAY),
    ]


async def test_what_somebody_chose_counts_for_that_kind_and_that_channel(house: Settings) -> None:
    person = await make.person(email="person@yema.example")
    phone = await device(person)
    await choose(person, "push", "daily")
    await choose(person, "email", "immediate")
    await choose(person, "push", "off", kind="another")

    assert await ways(person, kind()) == [
        (person, "email", "immediate", "weather", WEDNESDAY),
        (phone, "fcm", "daily", "digest:daily", EVENING),
    ]


async def test_a_kind_that_is_off_is_in_the_inbox_only(house: Settings) -> None:
    person = await make.person(email="person@yema.example")
    await device(person)
    await choose(person, "push", "off")

    assert (await ways(person, kind()), await Notification.count()) == ([], 1)


async def test_a_certain_kind_cannot_be_off(house: Settings) -> None:
    person = await make.person(email="person@yema.example")
    phone = await device(person)
    await choose(person, "push", "off")

    assert await ways(person, kind(certain=True)) == [(phone, "fcm", "immediate", "weather", WEDNESDAY)]


@pytest.mark.parametrize("certain", [True, False])
async def test_a_certain_kind_comes_by_mail_where_there_is_no_phone(house: Settings, certain: bool) -> None:
    person = await make.person(email="person@yema.example")

    mails = [(person, "email", "immediate", "weather", WEDNESDAY)] if certain else []
    assert await ways(person, kind(certain=certain)) == mails


async def test_who_has_no_address_gets_no_mail(house: Settings) -> None:
    person = await make.person()

    assert (await ways(person, kind(email="immediate", certain=True)), await Notification.count()) == ([], 1)


async def test_a_phone_that_is_gone_or_signed_out_gets_nothing(house: Settings) -> None:
    person = await make.person()
    gone, signed_out, phone = [await device(person) for _ in range(3)]
    async with transaction() as tx:
        await Device.update({Device.gone_at: tx.at}).where(Device.id == gone)
        [row] = await Device.select(Device.sign_in).where(Device.id == signed_out)
        await SignIn.update({SignIn.ended_at: tx.at}).where(SignIn.id == row["sign_in"])

    assert await ways(person, kind()) == [(phone, "fcm", "immediate", "weather", WEDNESDAY)]


@pytest.mark.parametrize(
    ("cadence", "kept_until"), [("daily", EVENING + timedelta(days=1)), ("weekly", MONDAY + timedelta(days=3))]
)
async def test_a_digest_gathers_several_topics_in_one_delivery(
    house: Settings, cadence: Cadence, kept_until: datetime
) -> None:
    person = await make.person()
    phone = await device(person)
    gathering = kind(push=cadence)
    await ways(person, gathering, "rain")

    assert len(await ways(person, gathering, "wind")) == 1
    [row] = await Delivery.select()
    assert (row["target"], row["notification"], row["round"], row["urgent"]) == (phone, None, 2, False)
    assert (row["expires_at"], await Notification.count()) == (kept_until, 2)


async def test_a_digest_goes_by_the_clock_of_the_place(house: Settings) -> None:
    person = await make.person()
    phone = await device(person, zone="Europe/Warsaw")

    assert await ways(person, kind(push="daily"), zone="Europe/Lisbon") == [
        (phone, "fcm", "daily", "digest:daily", EVENING + timedelta(hours=1))
    ]
