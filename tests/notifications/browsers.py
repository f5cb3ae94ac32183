"""A house that pushes to services on this machine, for the tests of the channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from yema.notifications.channels.webpush import WebPushChannel
from yema.settings import Settings

SUBJECT = "mailto:post@house.example"


def pushing(data: Path, **fields: Any) -> Settings:
    """Settings that let browsers name services on loopback."""
    made: dict[str, Any] = {
        "vapid_subject": SUBJECT,
        "public_url": "https://house.example",
        "push_to_private": True,
    }
    return Settings(data=data, **(made | fields))


@asynccontextmanager
async def channel_of(settings: Settings, **fields: Any) -> AsyncIterator[WebPushChannel]:
    channel = WebPushChannel(settings, **fields)
    try:
        yield channel
    finally:
        await channel.close()
