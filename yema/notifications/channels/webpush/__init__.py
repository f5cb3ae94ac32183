"""Web Push: to browsers, and to phones with UnifiedPush, through the push service that each of them names (RFC 8030, 8291, 8292)."""

from yema.notifications.channels.webpush.channel import WebPushChannel
from yema.notifications.channels.webpush.keys import VapidKeyBroken, public_key

__all__ = ["VapidKeyBroken", "WebPushChannel", "public_key"]
