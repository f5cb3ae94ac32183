"""A message as FCM takes it: the words, the ids, and what its platform has to know of it.

Sources: the reference of `projects.messages` of FCM HTTP v1; Apple's "Sending notification requests to APNs"; RFC 8030 for browsers.
"""

from datetime import datetime, timedelta

import msgspec
from firebase_admin import messaging

from yema.notifications.channels import Outgoing

BYTES_MAX = 4096
"""Of a message, with what is for the platform and without the address; FCM counts a little less."""
LONGEST_LIFE = timedelta(days=28)
"""FCM keeps no message longer."""
RIGHT_TO_LEFT = ("ar",)


class TooBig(Exception):
    """FCM would not take it."""


def message_of(outgoing: Outgoing, now: datetime) -> messaging.Message:
    """Raises `TooBig`, and `ValueError` where firebase-admin sees that it is none."""
    life = min(max(outgoing.expires_at - now, timedelta()), LONGEST_LIFE)
    life = timedelta(seconds=int(life.total_seconds()))
    message = messaging.Message(
        data=dict(outgoing.data),
        notification=messaging.Notification(title=outgoing.title, body=outgoing.body),
    )
    if outgoing.address.platform == "android":
        message.android = _android(outgoing, life)
    elif outgoing.address.platform == "ios":
        message.apns = _apns(outgoing, min(outgoing.expires_at, now + LONGEST_LIFE))
    else:
        message.webpush = _webpush(outgoing, life)
    _address(message, outgoing)
    if _size(message) > BYTES_MAX:
        raise TooBig
    return message


def _address(message: messaging.Message, outgoing: Outgoing) -> None:
    """Phones of today know their installation's id, older ones a token; the constructor would warn of the latter each time."""
    if outgoing.address.kind == "fid":
        message.fid = outgoing.address.value
    else:
        message.token = outgoing.address.value


def _android(outgoing: Outgoing, life: timedelta) -> messaging.AndroidConfig:
    return messaging.AndroidConfig(
        collapse_key=outgoing.tag,
        priority="high" if outgoing.urgent else "normal",
        ttl=life,
        notification=messaging.AndroidNotification(
            tag=outgoing.tag,
            channel_id="urgent" if outgoing.urgent else "general",
            visibility="private",  # a locked phone may lie on a table among others
        ),
    )


def _apns(outgoing: Outgoing, expires_at: datetime) -> messaging.APNSConfig:
    level = "time-sensitive" if outgoing.urgent else "active"
    return messaging.APNSConfig(
        headers={
            "apns-collapse-id": outgoing.tag,
            "apns-expiration": str(int(expires_at.timestamp())),
            "apns-priority": "10",  # 5 is for what nobody sees
            "apns-push-type": "alert",
        },
        payload=messaging.APNSPayload(
            aps=messaging.Aps(
                sound="default",
                thread_id=outgoing.data.get("exchange"),
                mutable_content=True,  # the app puts in what it fetches by the ids
                custom_data={"interruption-level": level},
            )
        ),
    )


def _webpush(outgoing: Outgoing, life: timedelta) -> messaging.WebpushConfig:
    return messaging.WebpushConfig(
        headers={
            "TTL": str(int(life.total_seconds())),
            "Urgency": "high" if outgoing.urgent else "normal",
            "Topic": outgoing.tag,
        },
        notification=messaging.WebpushNotification(
            title=outgoing.title,
            body=outgoing.body,
            tag=outgoing.tag,
            language=outgoing.locale,
            direction="rtl" if outgoing.locale.split("-")[0] in RIGHT_TO_LEFT else "ltr",
        ),
    )


def _size(message: messaging.Message) -> int:
    encoded = messaging._MessagingService.encode_message(message)
    encoded.pop("token", None)
    encoded.pop("fid", None)
    return len(msgspec.json.encode(encoded))
