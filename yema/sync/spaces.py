"""Which spaces a person sees, and how far each of them is: one look-up."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from yema.accounts.signed_in import SignedIn
from yema.changes import PUBLIC, SpaceKey, SpaceKind
from yema.database import Statement, as_id, fetch
from yema.exchanges.rules import circles

_COLUMNS = "s.id, s.kind, s.owner, s.version, s.epoch, s.min_seq"
_NOBODY = "CAST(NULL AS UUID), CAST(NULL AS VARCHAR), CAST(NULL AS UUID), 0"
# One statement is of one moment, so nothing can come between.
_SEEN = Statement(
    f"SELECT {_COLUMNS}, {_NOBODY} FROM space s WHERE s.kind = 'person' AND s.owner = {{}}"
    f" UNION ALL SELECT {_COLUMNS}, {_NOBODY} FROM space s WHERE s.kind = 'library' AND s.owner = {{}}"
    f" UNION ALL SELECT {_COLUMNS}, {_NOBODY} FROM space s WHERE s.kind = 'library'"
    " AND s.owner IN (SELECT organisation FROM staff WHERE person = {})"
    f' UNION ALL SELECT {_COLUMNS}, m.exchange, m.role, m."group", m.epoch FROM member m JOIN space s'
    " ON s.kind IN ('exchange', 'exchange_leaders', 'exchange_coordinators') AND s.owner = m.exchange"
    " WHERE m.person = {} AND m.state = 'active'"
    f' UNION ALL SELECT {_COLUMNS}, m.exchange, m.role, m."group", m.epoch FROM member m JOIN space s'
    " ON s.kind IN ('group', 'group_leaders') AND s.owner = m.\"group\" WHERE m.person = {} AND m.state = 'active'"
    " ORDER BY 1"
)
_KIND = Statement("SELECT kind FROM space WHERE id = {}")


class Seen(NamedTuple):
    """A space as one of its readers sees it. `joined` is the epoch of the membership by which they see it, 0 where there is none."""

    id: int
    key: SpaceKey
    version: int
    epoch: int
    min_seq: int
    joined: int


async def spaces_seen_by(person: SignedIn) -> list[Seen]:
    """The spaces of this person, by id. Those in which nothing has ever happened are not there yet."""
    rows = await fetch(_SEEN, person.id, PUBLIC, person.id, person.id, person.id)
    return [_seen(row) for row in rows if _may_see(row)]


async def kind_of(space: int) -> SpaceKind | None:
    """What kind a space is that is no longer seen; None where there is no such space (any more)."""
    rows = await fetch(_KIND, space)
    return rows[0][0] if rows else None


def _seen(row: Sequence[Any]) -> Seen:
    space, kind, owner, version, epoch, min_seq, *_, joined = row
    return Seen(space, SpaceKey(kind, as_id(owner)), version, epoch, min_seq, joined)


def _may_see(row: Sequence[Any]) -> bool:
    """A membership opens the circles of its role and group, and no more."""
    _, kind, owner, _, _, _, exchange, role, group, _ = row
    if exchange is None:
        return True
    return SpaceKey(kind, as_id(owner)) in circles(as_id(exchange), role, as_id(group) if group else None)
