"""Statements for the hot paths: SQL with `{}` for each argument and `{now}` for the instant at which it runs, put into each database's
own form once.

Rows come back as plain tuples in the driver's own types: on SQLite a UUID is text and an instant is text in UTC, on Postgres both are
objects. Where that difference matters, use Piccolo's query builder, which hides it and costs some 50 microseconds more.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import count
from typing import Any, Protocol
from uuid import UUID

from yema.errors import YemaError
from yema.ids import now

Row = Sequence[Any]

_PLACE = re.compile(r"\{\}|\{now\}")
_WRITES = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)


def written_table(sql: str) -> str | None:
    """The name of the table that a statement writes, if it writes one."""
    match = _WRITES.match(sql)
    return match[1] if match else None


def as_id(value: UUID | str) -> UUID:
    """An id as either driver gives it."""
    return value if isinstance(value, UUID) else UUID(value)


def as_instant(value: datetime | str) -> datetime:
    """An instant as either driver gives it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class Statement:
    """One statement in the forms of both databases."""

    __slots__ = ("now_at", "postgres", "sqlite", "writes")

    def __init__(self, template: str, *, locks: bool = False, postgres: str | None = None) -> None:
        """`locks`: a SELECT that keeps its rows for this transaction; on SQLite the writer's turn has done it.

        `postgres`: the same, with the same arguments in the same order, where Postgres has other words for it.
        """
        numbers = count(1)
        places = _PLACE.findall(template)
        self.now_at = places.index("{now}") if "{now}" in places else None
        self.sqlite = _PLACE.sub("?", template)
        self.postgres = _PLACE.sub(lambda _: f"${next(numbers)}", postgres or template) + (
            " FOR UPDATE" if locks else ""
        )
        self.writes = written_table(template)


class RunsStatements(Protocol):
    """What both engines can do."""

    async def run_statement(self, statement: Statement, args: Sequence[Any]) -> list[Row]: ...

    def stamp(self) -> int | None:
        """A number that changes with every commit, by whomever; None where there is no such number."""


_engine: RunsStatements | None = None


def use(engine: RunsStatements | None) -> None:
    """Send statements to this engine from now on."""
    global _engine
    _engine = engine


class LookUps:
    """What was looked up while something was decided; the same answers now mean the same decision."""

    __slots__ = ("_asked_at", "_stamp", "complete", "seen")

    def __init__(self) -> None:
        self.seen: list[tuple[Statement, tuple[Any, ...], list[Row]]] = []
        self.complete = True
        self._stamp: int | None = None
        self._asked_at = 0.0

    async def still_so(self) -> bool:
        """Whether every look-up still has the same answer.

        They are not made again where nobody has committed anything since, but after a second at the latest: tokens expire by themselves.
        """
        stamp, at = (_engine.stamp() if _engine else None), time.time()
        if stamp is not None and stamp == self._stamp and abs(at - self._asked_at) < 1:
            return True
        if not await self._have_the_same_answers():
            return False
        self._stamp, self._asked_at = stamp, at
        return True

    async def _have_the_same_answers(self) -> bool:
        try:
            for statement, args, rows in self.seen:
                if await fetch(statement, *args) != rows:
                    return False
        except (YemaError, OSError, TimeoutError):  # a busy database: whoever asks properly gets a proper answer
            return False
        return True


_look_ups: ContextVar[LookUps | None] = ContextVar("look_ups", default=None)


@contextmanager
def recorded(look_ups: LookUps | None) -> Iterator[None]:
    """Record the look-ups of this block there, or none of them."""
    token = _look_ups.set(look_ups)
    try:
        yield
    finally:
        _look_ups.reset(token)


def not_recorded() -> None:
    """Something was read that is not a statement: what is being recorded is not all that was decided on."""
    if (look_ups := _look_ups.get()) is not None:
        look_ups.complete = False


async def fetch(statement: Statement, *args: Any) -> list[Row]:
    """The rows of a statement; inside a transaction, as that transaction sees them."""
    if _engine is None:
        raise RuntimeError("The database is not open.")
    asked = args
    if (place := statement.now_at) is not None:
        args = (*args[:place], now(), *args[place:])
    rows = await _engine.run_statement(statement, args)
    if (look_ups := _look_ups.get()) is not None:
        look_ups.seen.append((statement, asked, rows))
    return rows


execute = fetch
"""The same for a statement that writes; it must stand inside `transaction()`."""
