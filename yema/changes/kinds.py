"""Which tables are seen by phones, and under which name: writing one of them must touch a space."""

from collections.abc import Callable
from typing import TypeVar

from piccolo.table import Table

KINDS: dict[str, str] = {}
"""Table name -> kind on the wire."""

T = TypeVar("T", bound=type[Table])


def synced(kind: str) -> Callable[[T], T]:
    """Declare that rows of this table are (part of) things of that kind, so that `transaction()` can miss the touch."""

    def declare(table: T) -> T:
        KINDS[table._meta.tablename] = kind
        return table

    return declare
