"""The channels of this house: those that are set up, and the log in place of the others."""

from collections.abc import Mapping

from yema.notifications.channels import Channel
from yema.notifications.channels.log import LogChannel
from yema.settings import Settings


def open_channels(settings: Settings) -> dict[str, Channel]:
    """Each channel under its name: `fcm`, `webpush` and `email`. Their libraries are loaded only where they are used."""
    from yema.notifications.channels.email import EmailChannel
    from yema.notifications.channels.fcm import FcmChannel
    from yema.notifications.channels.webpush import WebPushChannel

    return {
        "fcm": FcmChannel(settings) if FcmChannel.configured(settings) else LogChannel("fcm"),
        "webpush": WebPushChannel(settings) if WebPushChannel.configured(settings) else LogChannel("webpush"),
        "email": EmailChannel(settings) if EmailChannel.configured(settings) else LogChannel("email"),
    }


async def close_channels(channels: Mapping[str, Channel]) -> None:
    """Let go of all connections."""
    for channel in channels.values():
        await channel.close()
