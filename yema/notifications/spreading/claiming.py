"""Taking up occurrences: for half a minute nobody else does, and then whoever has ended them was the one who did it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.changes import transaction
from yema.changes.notified import About
from yema.changes.transaction import OUTBOX
from yema.database import Row, Statement, as_id, as_instant, execute, fetch
from yema.ids import uuid7

LEASE = timedelta(seconds=30)
PUT_OFF_MIN, PUT_OFF_MAX = timedelta(seconds=2), timedelta(minutes=15)
_TRIES_COUNTED = 10

IS_DUE = Statement("SELECT 1 FROM outbox WHERE done_at IS NULL AND not_before <= {now} LIMIT 1")
DUE = "SELECT id FROM outbox WHERE done_at IS NULL AND not_before <= {} ORDER BY not_before LIMIT {}"
_CLAIM = "UPDATE outbox SET not_before = {} WHERE id"
_CLAIMED = "RETURNING id, event, about, made_at, expires_at"
CLAIM = Statement(
    f"{_CLAIM} IN ({DUE}) {_CLAIMED}",
    # An array is made once, before the first row is written; rows that somebody else is taking up just now are passed by.
    postgres=f"{_CLAIM} = ANY(ARRAY({DUE} FOR UPDATE SKIP LOCKED)) {_CLAIMED}",
)
_HOLD = Statement("SELECT id FROM outbox WHERE id = {} AND not_before = {} AND done_at IS NULL", locks=True)
# Of what was told only that it was is of use: no ids of people stay behind.
_END = Statement("UPDATE outbox SET done_at = {}, about = {} WHERE id = {} AND not_before = {} AND done_at IS NULL")
_MOVE = Statement("UPDATE outbox SET not_before = {} WHERE id = {} AND not_before = {} AND done_at IS NULL")

_tries: dict[UUID, int] = {}
"""How often something has failed in this process; forgotten when it ends."""


class Part(NamedTuple):
    """The people of a large occurrence whom one row tells: from this id on, up to that one, which is not among them; None: no bound."""

    first: UUID | None = None
    end: UUID | None = None

    def __contains__(self, person: object) -> bool:
        return (
            isinstance(person, UUID)
            and (self.first is None or self.first <= person)
            and (self.end is None or person < self.end)
        )


class Claimed(NamedTuple):
    """An occurrence that is ours until `lease`, which nobody else's claim has. `part`: only these people are told by this row."""

    id: UUID
    event: str
    about: About
    made_at: datetime
    expires_at: datetime
    lease: datetime
    part: Part | None = None


NOTHING = "{}"
"""What a row that is done is about."""
_PART = "_part"
"""Where the outbox keeps it, beside what the slices wrote there."""


def _claimed(row: Row, lease: datetime) -> Claimed:
    id_, event, text, made_at, expires_at = row
    about: About = msgspec.json.decode(text)
    kept = about.pop(_PART, None)
    part = None if kept is None else Part(*(None if one is None else UUID(one) for one in kept))
    return Claimed(as_id(id_), event, about, as_instant(made_at), as_instant(expires_at), lease, part)


async def claim(limit: int) -> list[Claimed]:
    """Take up what is due, the oldest first; nothing is written where nothing is."""
    if not await fetch(IS_DUE):
        return []
    async with transaction() as tx:
        lease = tx.at + LEASE
        rows = await execute(CLAIM, lease, tx.at, limit)
    return sorted((_claimed(row, lease) for row in rows), key=lambda one: one.id)


async def hold(one: Claimed) -> bool:
    """Keep the row for this transaction: False where somebody else has taken it up meanwhile, since our time was over."""
    return bool(await execute(_HOLD, one.id, one.lease))


async def end(claimed: Iterable[Claimed]) -> None:
    """These need no telling: nobody's, or too late."""
    over = list(claimed)
    if over:
        async with transaction() as tx:
            for one in over:
                await end_one(one, tx.at)


async def end_one(one: Claimed, at: datetime) -> None:
    """It has been told. Inside a transaction."""
    await execute(_END, at, NOTHING, one.id, one.lease)
    _tries.pop(one.id, None)


async def move(one: Claimed, to: datetime) -> None:
    """It is to be looked at again at that instant. Inside a transaction."""
    await execute(_MOVE, to, one.id, one.lease)


async def split(one: Claimed, back: Mapping[str, datetime]) -> None:
    """For these kinds it comes back by itself, at their instants, while it is ended for the others. Inside a transaction."""
    await OUTBOX.insert(
        (uuid7(), f"{one.id}@{kind}", _only(one, kind), _text(one.about, one.part), one.made_at, at, one.expires_at)
        for kind, at in back.items()
    )


async def divide(one: Claimed, parts: Mapping[str, Sequence[Part]], at: datetime) -> None:
    """These kinds tell their people part by part, each a row of its own, due at once. Inside a transaction."""
    await OUTBOX.insert(
        (
            uuid7(),
            f"{one.id}@{kind}:{number}",
            _only(one, kind),
            _text(one.about, part),
            one.made_at,
            at,
            one.expires_at,
        )
        for kind, its in parts.items()
        for number, part in enumerate(its)
    )


def _only(one: Claimed, kind: str) -> str:
    return f"{one.event.partition('@')[0]}@{kind}"


def _text(about: About, part: Part | None) -> str:
    return msgspec.json.encode(about if part is None else about | {_PART: part}).decode()


async def put_off(one: Claimed) -> None:
    """Something failed: it comes back, each time after a longer while."""
    async with transaction() as tx:
        await move(one, tx.at + longer(one))


def longer(one: Claimed) -> timedelta:
    """How long to wait before this is tried once more: two seconds, doubled each time, a quarter of an hour at most."""
    tries = _tries[one.id] = min(_tries.get(one.id, 0) + 1, _TRIES_COUNTED)
    return min(PUT_OFF_MIN * (1 << (tries - 1)), PUT_OFF_MAX) * uniform(0.8, 1)  # noqa: S311 - nobody guesses it
