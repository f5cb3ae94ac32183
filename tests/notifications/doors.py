"""What the tests of the doors put behind them: lines of inboxes, with their ways to the phones."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from yema.changes import transaction
from yema.ids import uuid7
from yema.notifications.tables import Delivery, Notification

BEGAN = datetime(2027, 7, 14, 8, tzinfo=UTC)
_numbers = count(1)


async def line(
    person: UUID, says: str = "hello", *, minutes: int = 0, topic: str = "", kind: str = "trial", **fields: Any
) -> UUID:
    """A line of somebody's inbox, told so many minutes after the beginning; its id."""
    told_at = BEGAN + timedelta(minutes=minutes)
    about = msgspec.json.encode(fields.pop("about", {"says": says})).decode()
    row = Notification(
        id=uuid7(),
        person=person,
        kind=kind,
        topic=topic or str(uuid7()),
        about=about,
        made_at=BEGAN,
        told_at=told_at,
        expires_at=told_at + timedelta(1),
        **fields,
    )
    async with transaction():
        await Notification.insert(row)
    return row.id


async def way(notification: UUID, person: UUID, device: UUID | None = None, **fields: Any) -> UUID:
    """The way of a line to one device, or to the mailbox; its id."""
    row = Delivery(
        **{
            "id": uuid7(),
            "notification": notification,
            "person": person,
            "device": device,
            "target": device or person,
            "channel": "fcm" if device else "email",
            "cadence": "immediate",
            "topic": str(notification),
            "state": "waiting",
            "made_at": BEGAN + timedelta(microseconds=next(_numbers)),
            "next_at": BEGAN,
            "expires_at": BEGAN + timedelta(1),
            **fields,
        }
    )
    async with transaction():
        await Delivery.insert(row)
    return row.id


async def states() -> list[str]:
    """The states of all deliveries, in the order in which they were made."""
    return [row["state"] for row in await Delivery.select(Delivery.state).order_by(Delivery.made_at)]
