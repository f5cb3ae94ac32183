"""Taking slots to change them: whoever is second waits, and sees."""

from datetime import datetime
from typing import Any
from uuid import UUID

from yema.database import Row, Statement, as_id, as_instant, execute
from yema.errors import NotFound, Stale
from yema.exchanges.errors import SlotCancelled
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.slots import Planned, planned
from yema.exchanges.schemas.plan.plan import Scope

# Held so that others may still refer to the rows. In the order of ids, else two who change one series wait in a circle.
_HELD = " ORDER BY id FOR NO KEY UPDATE"
_TAKE = "SELECT id, version, state, starts_at, ends_at FROM slot WHERE exchange = {} AND id = {}"
_TAKE_SERIES = (
    "SELECT id, version, state, starts_at, ends_at FROM slot WHERE exchange = {}"
    " AND (id = {} OR series = (SELECT one.series FROM slot one WHERE one.id = {}))"
)
_ONE = Statement(_TAKE, postgres=_TAKE + _HELD)
_SERIES = Statement(_TAKE_SERIES, postgres=_TAKE_SERIES + _HELD)


async def take_slots(by: Membership, slot: UUID, expected: int | None, scope: Scope, at: datetime) -> list[Planned]:
    """Hold a slot until the transaction ends, and those of its series that change with it; the one that was named comes first.

    `expected` is the version of that one, None for any. What is over at that moment or cancelled does not change with it. Raises
    `NotFound`, `Stale`, `SlotCancelled`.
    """
    rows = await execute(_ONE, by.exchange, slot) if scope == "one" else await execute(_SERIES, by.exchange, slot, slot)
    named = next((row for row in rows if as_id(row[0]) == slot), None)
    if named is None:
        raise NotFound
    if expected not in (None, named[1]):
        raise Stale
    if named[2] == "cancelled":
        raise SlotCancelled
    chosen = {slot, *(as_id(row[0]) for row in rows if _goes_along(row, named, scope, at))}
    return sorted(await planned(by.exchange, chosen), key=lambda one: one.body.id != slot)


def _goes_along(row: Row, named: Row, scope: Scope, at: datetime) -> Any:
    _, _, state, starts_at, ends_at = row
    if state == "cancelled" or as_instant(ends_at) <= at:
        return False
    return scope == "all" or as_instant(starts_at) > as_instant(named[3])
