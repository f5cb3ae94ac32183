"""Builders: what was told, and its ways to the phones, as rows."""

from datetime import datetime, timedelta
from uuid import UUID

from yema.changes import transaction
from yema.ids import uuid7
from yema.notifications.tables import Delivery, Notification


async def notification(person: UUID, *, topic: str = "weather", expires_at: datetime) -> UUID:
    """A line of somebody's inbox."""
    async with transaction() as tx:
        row = Notification(
            id=uuid7(),
            person=person,
            kind="trial",
            topic=topic,
            about="{}",
            made_at=tx.at,
            told_at=tx.at,
            expires_at=expires_at,
        )
        await Notification.insert(row)
    return row.id


async def delivery(person: UUID, device: UUID, *, topic: str = "weather", state: str = "waiting", at: datetime) -> UUID:
    """A way to one device, made at that instant and due then."""
    row = Delivery(
        id=uuid7(),
        person=person,
        device=device,
        target=device,
        channel="fcm",
        cadence="immediate",
        topic=topic,
        state=state,
        made_at=at,
        next_at=at,
        expires_at=at + timedelta(1),
    )
    async with transaction():
        await Delivery.insert(row)
    return row.id
