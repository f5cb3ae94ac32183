"""Builders: what was told and its ways to the phones, at an instant of one's own."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.notifications import post


async def notification(person: UUID, *, topic: str = "weather", expires_at: datetime) -> UUID:
    """A line of somebody's inbox."""
    return await post.told(person, topic=topic, expires_at=expires_at)


async def delivery(person: UUID, device: UUID, *, topic: str = "weather", state: str = "waiting", at: datetime) -> UUID:
    """A way to one device, made at that instant and due then."""
    return await post.delivery(
        person, device, topic=topic, state=state, made_at=at, next_at=at, expires_at=at + timedelta(1)
    )
