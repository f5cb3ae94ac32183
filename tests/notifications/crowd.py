"""Builders: a thousand people at once, and what each transaction takes of the processors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time
from typing import Any
from uuid import UUID

import pytest

from tests.measuring import untraced
from yema.changes import transaction
from yema.database import engine
from yema.database.many import Rows, Values
from yema.ids import uuid7

PHONES = (("fcm", "android"), ("fcm", "ios"), ("webpush", "web"))

_PEOPLE = Rows("person", id="uuid", display_name="text", locale="text", made_at="timestamptz")
_SIGN_INS = Rows(
    "sign_in", id="uuid", person="uuid", via="text", rotation="text", made_at="timestamptz", last_used_at="timestamptz"
)
_DEVICES = Rows(
    "device",
    id="uuid",
    person="uuid",
    sign_in="uuid",
    platform="text",
    channel="text",
    address_kind="text",
    address="text",
    address_hash="text",
    locale="text",
    zone="text",
    made_at="timestamptz",
    registered_at="timestamptz",
)


async def crowd(number: int) -> list[UUID]:
    """So many people with three devices each."""
    at = datetime.now(UTC)
    people = [uuid7() for _ in range(number)]
    phones = [(uuid7(), person, uuid7(), *kind) for person in people for kind in PHONES]
    await _write(_PEOPLE, [(person, "Somebody", "en", at) for person in people])
    await _write(_SIGN_INS, [(its, person, "email", its.hex, at, at) for _, person, its, *_ in phones])
    rows = [
        (id_, person, its, platform, channel, "token", id_.hex, id_.hex, "en", "Europe/Warsaw", at, at)
        for id_, person, its, channel, platform in phones
    ]
    await _write(_DEVICES, rows)
    return people


async def _write(rows: Rows, values: Sequence[Values]) -> None:
    for start in range(0, len(values), 500):
        async with transaction() as tx:
            await rows.insert(values[start : start + 500])
            tx._check = _nobody_asks  # type: ignore[method-assign]


def _nobody_asks(written: set[str]) -> None:
    """None of them has an app that asks for changes."""


@contextmanager
def transactions_measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The seconds of a processor that each transaction of this block took: of ours, and of Postgres'."""
    found: list[float] = []
    begun: dict[int, float] = {}
    enter, leave = transaction.__aenter__, transaction.__aexit__

    async def timed_enter(self: transaction) -> Any:
        tx = await enter(self)
        begun[id(self)] = _spent()
        return tx

    async def timed_leave(self: transaction, *error: Any) -> None:
        found.append(_spent() - begun.pop(id(self)))
        began = thread_time()
        await leave(self, *error)
        found[-1] += thread_time() - began

    with monkeypatch.context() as patched, untraced():
        patched.setattr(transaction, "__aenter__", timed_enter)
        patched.setattr(transaction, "__aexit__", timed_leave)
        yield found


def _spent() -> float:
    connection: Any = getattr(engine().current_transaction.get(), "connection", None)
    if not hasattr(connection, "get_server_pid"):
        return thread_time()
    ran = Path(f"/proc/{connection.get_server_pid()}/schedstat").read_text().split()[0]
    return thread_time() + int(ran) / 1e9
