"""Doing things once: a POST with an Idempotency-Key for a day, a phone's mutation for 400 days.

Kept are keyed hashes of what was asked and how, the id that was made or the version that it has; never an answer.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from yema.database import Statement, as_id, execute, fetch
from yema.errors import N_, YemaError
from yema.ids import now

KEPT = timedelta(hours=24)
MUTATIONS_KEPT = timedelta(days=400)

_CLAIM = Statement(
    "INSERT INTO once (key, body, made_at, kept_until) VALUES ({}, {}, {}, {}) ON CONFLICT (key) DO UPDATE SET body = excluded.body,"
    " thing = NULL, version = 0, made_at = excluded.made_at, kept_until = excluded.kept_until"
    " WHERE once.kept_until <= excluded.made_at RETURNING key"
)
_FIND = Statement("SELECT body, thing, version FROM once WHERE key = {} AND kept_until > {}")
_MADE = Statement("UPDATE once SET thing = {}, version = {} WHERE key = {}")


class KeyUsedOtherwise(YemaError):
    """The same Idempotency-Key came with another body."""

    status = 422
    code = "idempotency_key_reused"
    title = N_("This Idempotency-Key was already used for something else.")


class MadeBefore(Exception):
    """The thing was made by an earlier request with the same key: show it again. `version` is what it then had."""

    def __init__(self, thing: UUID, version: int) -> None:
        super().__init__(str(thing))
        self.thing = thing
        self.version = version


class Once(NamedTuple):
    """Keyed hashes of what was asked, by whom and where (`key`), and of how it was asked (`body`)."""

    key: str
    body: str
    kept: timedelta = KEPT

    async def claim(self) -> None:
        """Take the key, first thing in a transaction. Raises `MadeBefore` or `KeyUsedOtherwise`."""
        at = now()
        if not await execute(_CLAIM, self.key, self.body, at, at + self.kept):
            await self.check()

    async def check(self) -> None:
        """Raises `MadeBefore` or `KeyUsedOtherwise` where the key was taken."""
        for body, thing, version in await fetch(_FIND, self.key, now()):
            if body != self.body:
                raise KeyUsedOtherwise
            raise MadeBefore(as_id(thing), version)

    async def made(self, thing: UUID, version: int) -> None:
        await execute(_MADE, thing, version, self.key)
