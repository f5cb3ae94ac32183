"""What phones see and change, declared by the slice that it belongs to.

A table is marked with the kind that its rows are on the wire (`synced`); writing it must touch a space. A slice says in its `synced.py`
how the Views of a kind are read (`Pulled`) and how a phone's mutation of it is carried out (`Pushed`). Sync knows no slice's nouns.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar
from uuid import UUID

from msgspec import Struct
from piccolo.table import Table

from yema.changes.once import Once
from yema.changes.spaces import SpaceKey

KINDS: dict[str, str] = {}
"""Table name -> kind on the wire."""

T = TypeVar("T", bound=type[Table])

Views = Callable[[Any, SpaceKey, Sequence[UUID]], Awaitable[dict[UUID, Any]]]
"""(the signed-in person, one of their spaces, ids) -> the Views of those that this person may see there."""


def synced(kind: str) -> Callable[[T], T]:
    """Declare that rows of this table are (part of) things of that kind, so that `transaction()` can miss the touch."""

    def declare(table: T) -> T:
        KINDS[table._meta.tablename] = kind
        return table

    return declare


class Pulled(NamedTuple):
    """A kind of thing that phones pull.

    `since`: the `kinds_version` with which phones learned of it. `worded`: in the reader's language, so that it is sent again when that
    changes. `diary`: closed to an operator's token, and sent again when older pages open.
    """

    kind: str
    views: Views
    since: int = 1
    worded: bool = False
    diary: bool = False


class Mutation(NamedTuple):
    """What a phone did while it was away: `id` is the thing's, `base_version` what the phone knew of it, `made_at` its clock.

    Whoever carries it out gives `once` to the transaction, so that it is done once.
    """

    id: UUID
    base_version: int
    made_at: datetime
    once: Once


class Applied(NamedTuple):
    """The version that the thing has now; `overtaken` is what stood there where the phone had not known of it."""

    version: int
    overtaken: Any = None


Act = Callable[[Any, Mutation, Any], Awaitable[Applied]]
"""(the signed-in person, the mutation, its data). Raises what the route would raise."""


class Pushed(NamedTuple):
    """How one kind of mutation is carried out. `op`: `make` (`put` with base version 0), `change` (`put` with another) or `delete`."""

    kind: str
    op: Literal["make", "change", "delete"]
    act: Act
    draft: type[Struct] | None = None


class Kinds:
    """All that phones pull and push in this house. `version` is the newest `kinds_version` that has anything of its own here."""

    def __init__(self, pulled: Iterable[Pulled], pushed: Iterable[Pushed]) -> None:
        self.pulled = {kind.kind: kind for kind in pulled}
        self.version = max((kind.since for kind in self.pulled.values()), default=1)
        self.pushed = {(kind.kind, kind.op): kind for kind in pushed}
