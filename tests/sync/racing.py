"""Writers in a process of their own: each commit puts a venue on an exchange, and now and then it is about its writer's own space too.

`python -m tests.sync.racing` takes its `Work` as JSON, and prints the ids of the venues that it has committed.
"""

import asyncio
import sys
from importlib import import_module
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from yema.changes import SpaceKey, transaction
from yema.database import Statement
from yema.exchanges.tables.exchange import Venue
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings

OWN_EVERY = 5

SEQUENCE = "CREATE SEQUENCE race START 1000"
_BY_SEQUENCE = Statement("SELECT id, nextval('race') FROM space WHERE 1 = {} AND kind = {} AND owner = {}")
"""The number comes when the transaction runs, and nobody waits for anybody."""


class Work(Struct):
    """So many commits by each of these people, who write at the same time."""

    data: str
    database_url: str
    exchange: UUID
    people: list[UUID]
    commits: int
    by_sequence: bool


async def write(work: Work) -> list[UUID]:
    """Do it; the venues."""
    settings = Settings(data=Path(work.data), database_url=work.database_url)
    async with open_house(settings, checkpoints=False):
        each = await asyncio.gather(*(_write(work, person) for person in work.people))
    return [venue for venues in each for venue in venues]


async def _write(work: Work, person: UUID) -> list[UUID]:
    return [await _commit(work.exchange, person, own=number % OWN_EVERY == 0) for number in range(work.commits)]


async def _commit(exchange: UUID, person: UUID, *, own: bool) -> UUID:
    row = Venue(id=uuid7(), exchange=exchange, name="Lawn", address="", accessibility="")
    async with transaction() as tx:
        await Venue.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "venue", row.id)
        if own:
            tx.touched(SpaceKey("person", person), "me", person)
    return row.id


if __name__ == "__main__":
    todo = msgspec.json.decode(sys.argv[1], type=Work)
    if todo.by_sequence:
        import_module("yema.changes.transaction")._ADVANCE = _BY_SEQUENCE  # type: ignore[attr-defined]
    print("\n".join(str(venue) for venue in asyncio.run(write(todo))))  # noqa: T201 - that is its answer
