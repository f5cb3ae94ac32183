"""The secret address of somebody's calendar: 192 bits that only this house can make, and what the database holds of them."""

import base64
from datetime import datetime
from uuid import UUID

from yema.vault import derive, digest

PATH = "/api/v1/calendar"
_SECRET_BYTES = 24


def secret_of(person: UUID, generation: int, made_at: datetime) -> str:
    """The secret of that generation. It follows from the server's key, so that it can be shown again and stands nowhere.

    `made_at` makes it another one where a restored backup counts a generation for the second time.
    """
    moment = int(made_at.timestamp())
    made = derive("calendar", person.bytes, generation.to_bytes(4), moment.to_bytes(8))
    return base64.urlsafe_b64encode(made[:_SECRET_BYTES]).decode()


def kept_of(secret: str) -> str:
    """What is stored instead of the secret, and found by it."""
    return digest("calendar address", secret)


def url_of(secret: str) -> str:
    """The path of the iCalendar file."""
    return f"{PATH}/{secret}.ics"
