"""Builders: deliveries that are due, and looking at what became of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
import time_machine

from tests import make
from tests.notifications.kinds import kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.changes import transaction
from yema.changes.notified import About, NotificationKind
from yema.ids import now, uuid7
from yema.notifications.delivering import Postman
from yema.notifications.tables import Delivery, Notification

NOON = datetime(2026, 7, 1, 10, tzinfo=UTC)
"""In Warsaw, where the phones are."""
HOUR = timedelta(hours=1)

_numbers = count(1)


@contextmanager
def standing(at: datetime = NOON) -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def postman(*channels: TrialChannel, kinds: Sequence[NotificationKind] = ()) -> Postman:
    return Postman(kinds or [kind()], {channel.name: channel for channel in channels}, failed=lambda _: None)


async def phone(**fields: Any) -> tuple[UUID, UUID]:
    """Somebody and their device."""
    person = await make.person()
    return person, await device(person, **fields)


async def told(person: UUID, says: str = "hello", *, about: About | None = None, **fields: Any) -> UUID:
    """A notification in somebody's inbox, told now."""
    at = now()
    row = Notification(
        **{
            "id": uuid7(),
            "person": person,
            "kind": "trial",
            "topic": f"topic-{next(_numbers)}",
            "about": msgspec.json.encode(about or {"says": says}).decode(),
            "made_at": at,
            "told_at": at,
            "expires_at": at + HOUR,
            **fields,
        }
    )
    async with transaction():
        await Notification.insert(row)
    return row.id


async def due(person: UUID, device: UUID, says: str = "hello", **fields: Any) -> UUID:
    """A notification, and its delivery to this device, due now."""
    topic = f"topic-{next(_numbers)}"
    notification = await told(person, says, topic=topic)
    return await delivery(person, device, notification=notification, topic=topic, **fields)


async def delivery(person: UUID, device: UUID | None, **fields: Any) -> UUID:
    row = _delivery(person, device, **fields)
    async with transaction():
        await Delivery.insert(row)
    return row.id


async def digest(person: UUID, device: UUID | None = None, *, cadence: str = "daily", channel: str = "fcm") -> UUID:
    """A digest that is due now."""
    return await delivery(person, device, topic=f"digest:{cadence}", cadence=cadence, channel=channel)


def _delivery(person: UUID, device: UUID | None, **fields: Any) -> Delivery:
    at = now()
    return Delivery(
        **{
            "id": uuid7(),
            "person": person,
            "device": device,
            "target": device or person,
            "channel": "fcm",
            "cadence": "immediate",
            "topic": f"topic-{next(_numbers)}",
            "state": "waiting",
            "made_at": at,
            "next_at": at,
            "expires_at": at + HOUR,
            **fields,
        }
    )


async def many(person: UUID, device: UUID, number: int, **fields: Any) -> None:
    """So many deliveries to one device, each with a topic of its own."""
    notification = await told(person)
    rows = [_delivery(person, device, notification=notification, **fields) for _ in range(number)]
    for start in range(0, number, 500):
        async with transaction():
            await Delivery.insert(*rows[start : start + 500])


async def row(delivery: UUID) -> dict[str, Any]:
    [found] = await Delivery.select().where(Delivery.id == delivery)
    return dict(found)


async def state(delivery: UUID) -> tuple[str, str | None]:
    """Its state, and its trouble."""
    found = await row(delivery)
    return found["state"], found["trouble"]


async def states() -> dict[str, int]:
    """How many there are of each state."""
    counted: dict[str, int] = {}
    for one in await Delivery.select(Delivery.state):
        counted[one["state"]] = counted.get(one["state"], 0) + 1
    return counted


async def change(delivery: UUID, **fields: Any) -> None:
    async with transaction():
        await Delivery.update({getattr(Delivery, name): value for name, value in fields.items()}).where(
            Delivery.id == delivery
        )
