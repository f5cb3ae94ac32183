"""Where a page of the inbox goes on: the instant and the id of its last line, as a cursor."""

import base64
from datetime import UTC, datetime
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.http.paging import bad_cursor, position
from yema.notifications.queries.inbox import Place
from yema.shapes import YEARS


def place(cursor: str | None) -> Place | None:
    """The place in a cursor. Raises `Invalid` for one that we did not make."""
    key = position(cursor)
    if key is None:
        return None
    told_at, _, one = key.partition(" ")
    try:
        instant, found = datetime.fromisoformat(told_at), UUID(one)
    except ValueError:
        raise bad_cursor() from None
    if instant.tzinfo is not UTC or instant.year not in YEARS:
        raise bad_cursor()
    return instant, found


def next_cursor(after: Place | None) -> str | UnsetType:
    """The cursor of a place, if there is one."""
    if after is None:
        return UNSET
    told_at, one = after
    text = f"{told_at.astimezone(UTC).isoformat()} {one}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
