"""The exchange, its groups, people and places, as phones pull them."""

from yema.accounts.signed_in import SignedIn
from yema.changes import Pulled, SpaceKey
from yema.exchanges.queries import exchange
from yema.exchanges.queries.memberships import membership_behind
from yema.exchanges.queries.people import people
from yema.exchanges.synced.acting import Ids, Views, by_id


async def _me(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return {person.id: await exchange.me(person)}


async def _exchanges(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    membership = await membership_behind(person, space)
    return {space.owner: await exchange.exchange_view(person, membership)}


async def _groups(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return by_id(await exchange.groups_of(person, await membership_behind(person, space), ids))


async def _members(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return by_id(await people.members_in(await membership_behind(person, space), space, ids))


async def _venues(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return by_id(await exchange.venues_of(await membership_behind(person, space), ids))


pulled = [
    Pulled("me", _me),
    Pulled("exchange", _exchanges, worded=True),
    Pulled("group", _groups, worded=True),
    Pulled("member", _members),
    Pulled("venue", _venues),
]
