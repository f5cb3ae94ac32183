"""Who reads: people as members of an exchange, looked up for all of them at once."""

from functools import partial
from typing import NamedTuple
from uuid import UUID

from yema.changes.one_look import read_once
from yema.database import Statement, as_id, fetch
from yema.exchanges.rules import may_plan

_MEMBERS = Statement(
    'SELECT m.person, m.role, m."group" FROM member m JOIN person p ON p.id = m.person'
    " WHERE m.exchange = {} AND m.state = 'active' AND p.suspended_at IS NULL ORDER BY m.person"
)
_ZONE = Statement("SELECT zone FROM exchange WHERE id = {}")

EVERYBODY = frozenset({"participant", "leader", "facilitator", "coordinator"})
"""The roles of all members."""


class Standing(NamedTuple):
    """What somebody is in an exchange."""

    role: str
    group: UUID | None

    @property
    def leads(self) -> bool:
        return may_plan(self.role)


async def standings_in(exchange: UUID) -> dict[UUID, Standing]:
    """The active members by person, without those who are suspended: whoever is not among them must hear nothing of the exchange."""
    return await read_once(("standings", exchange), partial(_standings, exchange))


async def _standings(exchange: UUID) -> dict[UUID, Standing]:
    rows = await fetch(_MEMBERS, exchange)
    return {as_id(person): Standing(role, as_id(group) if group else None) for person, role, group in rows}


async def zone_in(exchange: UUID) -> str | None:
    """The zone of the exchange; None where there is no such exchange any more."""
    rows = await fetch(_ZONE, exchange)
    return rows[0][0] if rows else None
