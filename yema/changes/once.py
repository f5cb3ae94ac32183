"""Idempotency-Key: the same POST twice makes one thing. Kept for a day: a keyed hash of the body and the id that was made."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from yema.database import Statement, as_id, execute, fetch
from yema.errors import N_, YemaError
from yema.ids import now

KEPT = timedelta(hours=24)

_CLAIM = Statement(
    "INSERT INTO once (key, body, made_at) VALUES ({}, {}, {}) ON CONFLICT (key) DO NOTHING RETURNING key"
)
_FIND = Statement("SELECT body, thing FROM once WHERE key = {}")
_MADE = Statement("UPDATE once SET thing = {} WHERE key = {}")
_FORGET = Statement("DELETE FROM once WHERE made_at < {}")


class KeyUsedOtherwise(YemaError):
    """The same Idempotency-Key came with another body."""

    status = 422
    code = "idempotency_key_reused"
    title = N_("This Idempotency-Key was already used for something else.")


class MadeBefore(Exception):
    """The thing was made by an earlier request with the same key: show it again."""

    def __init__(self, thing: UUID) -> None:
        super().__init__(str(thing))
        self.thing = thing


class Once(NamedTuple):
    """Keyed hashes of (person, method, path, key) and of the body."""

    key: str
    body: str

    async def claim(self) -> None:
        """Take the key, first thing in a transaction. Raises `MadeBefore` or `KeyUsedOtherwise`."""
        at = now()
        await execute(_FORGET, at - KEPT)
        if await execute(_CLAIM, self.key, self.body, at):
            return
        [[body, thing]] = await fetch(_FIND, self.key)
        if body != self.body:
            raise KeyUsedOtherwise
        raise MadeBefore(as_id(thing))

    async def made(self, thing: UUID) -> None:
        await execute(_MADE, thing, self.key)
