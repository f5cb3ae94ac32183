"""The people who are to be mixed."""

from collections.abc import Sequence
from uuid import UUID

from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.mixing import Guest
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.whole import parties_of, people_of


async def guests_of(membership: Membership, chosen: Sequence[UUID] | None) -> list[Guest]:
    """All participants, or the `chosen` members, each once. Raises `NotOfThisExchange`. What it holds is for leaders."""
    people, parties = await people_of(membership.exchange), await parties_of(membership.exchange)
    if chosen is None:
        chosen = [one.id for one in people.values() if one.role == "participant"]
    if not people.keys() >= {*chosen}:
        raise NotOfThisExchange
    countries = {party.id: party.country for party in parties.values()}
    return [
        Guest(
            id=one.id,
            country=countries[one.group] if one.group else None,
            gender=one.gender,
            languages=one.languages,
        )
        for one in map(people.__getitem__, dict.fromkeys(chosen))
    ]
