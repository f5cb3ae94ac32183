"""The only way to write: apply, then say which spaces were touched and what is to be told, all of it or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yema.changes.kinds import KINDS
from yema.changes.once import Once
from yema.changes.spaces import SpaceKey
from yema.database import Statement, WrittenAround, engine, execute
from yema.database.many import Rows
from yema.ids import now, uuid7

TOLD_FOR = timedelta(days=2)

_ADVANCE = Statement("UPDATE space SET version = version + {} WHERE kind = {} AND owner = {} RETURNING id, version")
# After a restore all spaces have the epoch of that restore, and so has each that is founded later: an old cursor fits none of them.
_FOUND = Statement(
    "INSERT INTO space (kind, owner, version, epoch)"
    " VALUES ({}, {}, {}, coalesce((SELECT epoch FROM space ORDER BY id LIMIT 1), 1))"
    " ON CONFLICT (kind, owner) DO UPDATE SET version = space.version + excluded.version RETURNING id, version"
)
_LATEST = "ON CONFLICT (space, kind, thing) DO UPDATE SET seq = excluded.seq, op = excluded.op, at = excluded.at"
_RECORD = Statement(
    f"INSERT INTO change (space, kind, thing, seq, op, at) VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {{}}) {_LATEST}"
)
_RECORD_ALL = Rows(
    "change", conflict=_LATEST, space="bigint", kind="text", thing="uuid", seq="bigint", op="text", at="timestamptz"
)
_FEW = 4
"""So many single statements take no longer than one with a list."""
OUTBOX = Rows(
    "outbox",
    conflict="ON CONFLICT (dedupe_key) DO NOTHING",
    id="uuid",
    dedupe_key="text",
    event="text",
    about="json",
    made_at="timestamptz",
    not_before="timestamptz",
    expires_at="timestamptz",
)
"""New rows of the outbox; one that is told already stays as it is."""
_listeners: list[Callable[[], None]] = []


def when_told(listener: Callable[[], None]) -> Callable[[], None]:
    """Call this whenever something to be told is on the disk; what comes back ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


class Transaction:
    """What happens together. Collects what was touched and told, and writes that down as its last step."""

    def __init__(self, once: Once | None) -> None:
        self.at = now()
        self._once = once
        self._touched: dict[SpaceKey, dict[tuple[str, UUID], str]] = {}
        self._told: list[tuple[Any, ...]] = []

    def touched(self, space: SpaceKey, kind: str, thing: UUID) -> None:
        """The thing is new or different for the readers of this space."""
        self._touched.setdefault(space, {})[kind, thing] = "put"

    def gone(self, space: SpaceKey, kind: str, thing: UUID) -> None:
        """The thing is no longer there for the readers of this space; a tombstone stays."""
        self._touched.setdefault(space, {})[kind, thing] = "gone"

    def tell(
        self,
        event: str,
        *,
        once_per: str,
        not_before: datetime | None = None,
        expires: datetime | None = None,
        **about: Any,
    ) -> None:
        """Something happened that people may want to hear: `about` holds ids, `once_per` makes twice the same one."""
        start = not_before or self.at
        text = msgspec.json.encode(about).decode()
        self._told.append((uuid7(), f"{event}:{once_per}", event, text, self.at, start, expires or start + TOLD_FOR))

    @property
    def has_told(self) -> bool:
        """Whether there is something to be told."""
        return bool(self._told)

    async def made(self, thing: UUID, version: int = 0) -> None:
        """Remember what this request made or changed, in case its answer is lost and it comes again."""
        if self._once is not None:
            await self._once.made(thing, version)

    async def leave_behind(self, written: set[str]) -> None:
        """Lock the touched spaces in ascending order, number the changes, write them and the outbox."""
        self._check(written)
        for space in sorted(self._touched):
            changes = self._touched[space]
            count = len(changes)
            rows = await execute(_ADVANCE, count, space.kind, space.owner)
            [[space_id, version]] = rows or await execute(_FOUND, space.kind, space.owner, count)
            rows = [
                (space_id, kind, thing, seq, op, self.at)
                for seq, ((kind, thing), op) in enumerate(changes.items(), version - count + 1)
            ]
            if count > _FEW:
                await _RECORD_ALL.insert(rows)
            else:
                for row in rows:
                    await execute(_RECORD, *row)
        await OUTBOX.insert(self._told)

    def _check(self, written: set[str]) -> None:
        touched = {kind for changes in self._touched.values() for kind, _ in changes}
        for table in written & KINDS.keys():
            if KINDS[table] not in touched:
                raise WrittenAround(f"{table} was written, but no space was told of a {KINDS[table]}.")


class transaction:  # noqa: N801 - it reads as a verb: `async with transaction() as tx`
    """Write something, all of it or nothing. It is on the disk when the block has been left.

    With `once`, raises `MadeBefore` where the same request was already carried out. Transactions do not nest, and none may take
    longer than 50 ms: the next one waits for it.
    """

    __slots__ = ("_once", "_raw", "_tx")

    def __init__(self, once: Once | None = None) -> None:
        self._once = once

    async def __aenter__(self) -> Transaction:
        self._raw = engine().begin()
        await self._raw.__aenter__()
        self._tx = Transaction(self._once)
        if self._once is not None:
            try:
                await self._once.claim()
            except BaseException as error:
                await self._raw.__aexit__(type(error), error, None)
                raise
        return self._tx

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None:
            try:
                await self._tx.leave_behind(self._raw.written)
            except BaseException as broken:
                await self._raw.__aexit__(type(broken), broken, None)
                raise
        await self._raw.__aexit__(kind, error, trace)
        if error is None and self._tx.has_told:
            for listener in _listeners:
                listener()
