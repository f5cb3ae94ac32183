"""Messages ready to be sent, for the tests of channels."""

from datetime import UTC, datetime, timedelta
from typing import Any

from yema.ids import uuid7
from yema.notifications.channels import Address, Outgoing

NOTIFICATION = "01900000-0000-7000-8000-000000000001"
TAG = "a" * 31 + "_"


def outgoing(address: Address, **fields: Any) -> Outgoing:
    """A message in English that is good for an hour; what a test does not name does not matter to it."""
    made: dict[str, Any] = {
        "delivery": uuid7(),
        "address": address,
        "locale": "en",
        "title": "The plan has changed",
        "body": "3 changes on Monday",
        "tag": TAG,
        "data": {"notification": NOTIFICATION, "kind": "plan_changed"},
        "urgent": False,
        "expires_at": datetime.now(UTC) + timedelta(hours=1),
    }
    return Outgoing(**(made | fields))


def mailbox(address: str) -> Address:
    return Address("mailbox", address, "mail")
