"""The people who are to be mixed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.mixing import Guest
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import parties_of, people_of
from yema.exchanges.whole import Party, Someone


async def guests_of(membership: Membership, chosen: Sequence[UUID] | None) -> list[Guest]:
    """All participants, or the `chosen` members, each once. Raises `NotOfThisExchange`. What it holds is for leaders.

    Of chosen people it holds gender and languages only where the asker acts for them: how two people mix would tell the other's.
    """
    people, parties = await people_of(membership.exchange), await parties_of(membership.exchange)
    if chosen is None:
        return [_guest(one, parties, known=True) for one in people.values() if one.role == "participant"]
    if not people.keys() >= {*chosen}:
        raise NotOfThisExchange
    found = map(people.__getitem__, dict.fromkeys(chosen))
    return [_guest(one, parties, known=membership.acts_for(one.group)) for one in found]


def _guest(one: Someone, parties: Mapping[UUID, Party], *, known: bool) -> Guest:
    return Guest(
        id=one.id,
        country=parties[one.group].country if one.group else None,
        gender=one.gender if known else None,
        languages=one.languages if known else frozenset(),
    )
