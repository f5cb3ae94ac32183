"""Statements for the hot paths: SQL with `{}` for each argument, put into each database's own form once.

Rows come back as plain tuples in the driver's own types: on SQLite a UUID is text and an instant is text in UTC, on Postgres both are
objects. Where that difference matters, use Piccolo's query builder, which hides it and costs some 50 microseconds more.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any, Protocol
from uuid import UUID

Row = Sequence[Any]

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

    __slots__ = ("postgres", "sqlite", "writes")

    def __init__(self, template: str) -> None:
        numbers = count(1)
        self.sqlite = template.replace("{}", "?")
        self.postgres = re.sub(r"\{\}", lambda _: f"${next(numbers)}", template)
        self.writes = written_table(template)


class RunsStatements(Protocol):
    """What both engines can do."""

    async def run_statement(self, statement: Statement, args: Sequence[Any]) -> list[Row]: ...


_engine: RunsStatements | None = None


def use(engine: RunsStatements | None) -> None:
    """Send statements to this engine from now on."""
    global _engine
    _engine = engine


async def fetch(statement: Statement, *args: Any) -> list[Row]:
    """The rows of a statement; inside a transaction, as that transaction sees them."""
    if _engine is None:
        raise RuntimeError("The database is not open.")
    return await _engine.run_statement(statement, args)


execute = fetch
"""The same for a statement that writes; it must stand inside `transaction()`."""
