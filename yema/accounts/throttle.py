"""Slowing down who guesses, without ever locking anybody out.

Failures are counted by account, by network and in all, and forgotten after a quarter of an hour. Past what is free, the next try has to
wait: at most half a minute for an account, ten seconds for a network (a hostel is one network address, so much is free there), two for all.
A success clears the account's count.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from yema.accounts.errors import TryLater
from yema.changes import transaction
from yema.database import Statement, as_instant, execute, fetch
from yema.ids import now
from yema.vault import digest

WINDOW = timedelta(minutes=15)


class Budget(NamedTuple):
    """So many failures are free in a window; after them the wait doubles up to a longest one, in seconds."""

    free: int
    wait_max: int


BUDGETS = {"account": Budget(5, 30), "network": Budget(60, 10), "all": Budget(600, 2)}

_FIND = Statement("SELECT failures, since, last_at FROM throttle WHERE key = {}")
_COUNT = Statement(
    "INSERT INTO throttle (key, failures, since, last_at) VALUES ({}, 1, {}, {}) ON CONFLICT (key) DO UPDATE SET"
    " failures = CASE WHEN throttle.since < {} THEN 1 ELSE throttle.failures + 1 END,"
    " since = CASE WHEN throttle.since < {} THEN excluded.since ELSE throttle.since END, last_at = excluded.last_at"
)
_CLEAR = Statement("DELETE FROM throttle WHERE key = {}")
_FORGET = Statement("DELETE FROM throttle WHERE since < {}")


class Tries:
    """The tries of one caller: who they say they are, None where a long secret says nothing about that, and where they come from."""

    def __init__(self, account: str | None, network: str) -> None:
        self._account = None if account is None else _key("account", account)
        self._keys = {"network": _key("network", network), "all": _key("all", "")}
        if self._account:
            self._keys["account"] = self._account

    async def may_try(self) -> None:
        """Raises `TryLater` with the seconds to wait."""
        at = now()
        waits = [await _wait(BUDGETS[scope], key, at) for scope, key in self._keys.items()]
        if longest := max(waits):
            raise TryLater(retry_after=longest)

    async def failed(self) -> None:
        """Counts for the account, the network and all."""
        await _count(*self._keys.values())

    async def asked(self) -> None:
        """Counts for the account alone: asking is no failure of the network."""
        if self._account:
            await _count(self._account)

    async def succeeded(self) -> None:
        if self._account and await fetch(_FIND, self._account):
            async with transaction():
                await execute(_CLEAR, self._account)


async def _count(*keys: str) -> None:
    at = now()
    async with transaction():
        await execute(_FORGET, at - WINDOW)
        for key in sorted(keys):  # the same order for everybody, so that nobody waits in a ring
            await execute(_COUNT, key, at, at, at - WINDOW, at - WINDOW)


async def _wait(budget: Budget, key: str, at: datetime) -> int:
    rows = await fetch(_FIND, key)
    if not rows:
        return 0
    failures, since, last_at = rows[0]
    over = failures - budget.free
    if over < 0 or as_instant(since) < at - WINDOW:
        return 0
    seconds = min(2 ** min(over, 10), budget.wait_max) - (at - as_instant(last_at)).total_seconds()
    return max(0, int(seconds + 0.999))


def _key(scope: str, value: str) -> str:
    return digest("throttle", f"{scope}:{value}")
