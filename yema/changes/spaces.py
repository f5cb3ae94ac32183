"""Spaces by name: who hears of what.

| kind | owner | its readers |
|---|---|---|
| `exchange` | an exchange | its active members |
| `exchange_leaders` | an exchange | leaders, facilitators and coordinators of it |
| `exchange_coordinators` | an exchange | its coordinators |
| `group` | a group | the group's members |
| `group_leaders` | a group | the group's leaders |
| `person` | a person | that person |
| `library` | an organisation | its staff; under `PUBLIC`, everybody |
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple
from uuid import UUID

from yema.database import Statement, fetch

SpaceKind = Literal[
    "exchange", "exchange_leaders", "exchange_coordinators", "group", "group_leaders", "person", "library"
]

PUBLIC = UUID(int=0)
"""The owner of the library that everybody may read."""


class SpaceKey(NamedTuple):
    """How the code names a space. The order of these is the order in which they are locked."""

    kind: SpaceKind
    owner: UUID


_VERSION = Statement("SELECT version, epoch FROM space WHERE kind = {} AND owner = {}")


async def version_of(key: SpaceKey) -> tuple[int, int]:
    """(version, epoch) of one space; (0, 0) while nothing ever happened in it."""
    rows = await fetch(_VERSION, key.kind, key.owner)
    return (rows[0][0], rows[0][1]) if rows else (0, 0)


async def versions_of(keys: Iterable[SpaceKey]) -> tuple[tuple[int, int], ...]:
    """The version vector of a few spaces, in their order."""
    return tuple([await version_of(key) for key in keys])
