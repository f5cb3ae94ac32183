"""What the tests of the doors put behind them: lines of inboxes, with their ways to the phones."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from tests.notifications import post
from yema.notifications.tables import Delivery

BEGAN = datetime(2027, 7, 14, 8, tzinfo=UTC)
_numbers = count(1)


async def line(person: UUID, says: str = "hello", *, minutes: int = 0, **fields: Any) -> UUID:
    """A line of somebody's inbox, told so many minutes after the beginning; its id."""
    told_at = BEGAN + timedelta(minutes=minutes)
    times = {"made_at": BEGAN, "told_at": told_at, "expires_at": told_at + timedelta(1)}
    return await post.told(person, says, **times | fields)


async def way(notification: UUID, person: UUID, device: UUID | None = None, **fields: Any) -> UUID:
    """The way of a line to one device, or to the mailbox; its id."""
    made_at = BEGAN + timedelta(microseconds=next(_numbers))
    times = {"made_at": made_at, "next_at": BEGAN, "expires_at": BEGAN + timedelta(1)}
    of = {"notification": notification, "topic": str(notification), "channel": "fcm" if device else "email"}
    return await post.delivery(person, device, **times | of | fields)


async def states() -> list[str]:
    """The states of all deliveries, in the order in which they were made."""
    return [row["state"] for row in await Delivery.select(Delivery.state).order_by(Delivery.made_at)]
