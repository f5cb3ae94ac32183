"""Lists a page at a time: `{items, next_cursor}`. A cursor is the sort key of the last item; it is opaque to phones."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from litestar.params import QueryParameter
from msgspec import UNSET, UnsetType

from yema.errors import N_, FieldError, Invalid
from yema.shapes import View

LIMIT_MAX = 200
LIMIT_DEFAULT = 50

T = TypeVar("T")

# The bounds stand in `QueryParameter`: Litestar does not look at a `Meta` beside it.
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)]
Cursor = Annotated[str | None, QueryParameter(max_length=200)]


class Page(View, Generic[T]):
    """Some items, and where to go on; without `next_cursor` this was all."""

    items: list[T]
    next_cursor: str | UnsetType = UNSET


def page(items: list[T], limit: int, key: Callable[[T], object]) -> Page[T]:
    """A page of `limit` items, of which one more was read to know whether there are more; `key` is what they are sorted by."""
    shown = items[:limit]
    if len(items) <= limit:
        return Page(items=shown)
    after = str(key(shown[-1])).encode()
    return Page(items=shown, next_cursor=base64.urlsafe_b64encode(after).decode().rstrip("="))


def position(cursor: str | None) -> str | None:
    """The sort key in a cursor. Raises `Invalid` for one that we did not make."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise bad_cursor() from None


def id_position(cursor: str | None) -> UUID | None:
    """The same where the sort key is an id."""
    key = position(cursor)
    try:
        return None if key is None else UUID(key)
    except ValueError:
        raise bad_cursor() from None


def bad_cursor() -> Invalid:
    return Invalid(FieldError("/cursor", "bad_cursor", N_("This cursor is not one of ours.")))
