"""What a browser gets: a declarative message (Push API, `web_push` 8030), which it can show by itself, or hand to the app."""

from typing import Any

import msgspec

from yema.i18n import is_right_to_left
from yema.notifications.channels import Outgoing
from yema.notifications.channels.links import link_to
from yema.settings import Settings

DECLARATIVE = "application/notification+json"
OPAQUE = "application/octet-stream"


def payload_of(message: Outgoing, settings: Settings) -> tuple[bytes, str]:
    """The JSON, and of which type it is. Without `public_url` there is no `navigate`, and the app's worker has to show it."""
    shown: dict[str, Any] = {
        "title": message.title,
        "body": message.body,
        "lang": message.locale,
        "dir": "rtl" if is_right_to_left(message.locale) else "ltr",
        "tag": message.tag,
        "data": dict(message.data),
    }
    if not message.urgent:
        shown["silent"] = True
    if not (link := link_to(message, settings)):
        return msgspec.json.encode({"notification": shown}), OPAQUE
    shown["navigate"] = link
    return msgspec.json.encode({"web_push": 8030, "notification": shown}), DECLARATIVE
