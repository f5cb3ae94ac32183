"""The ways of the groups, as phones pull them and leaders' phones push them."""

from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import Stale
from yema.exchanges.actions.plan import travel as planning
from yema.exchanges.queries import memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan import travel
from yema.exchanges.schemas.plan.travel import TravelLegChange, TravelLegDraft
from yema.exchanges.synced.acting import Ids, Views, by_id, must_lead


class TravelLegPush(TravelLegDraft, kw_only=True):
    """A new stretch that a leader planned offline, and the exchange that it is for."""

    exchange: UUID


async def _legs(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return by_id(await travel.legs_in(await memberships.membership_behind(person, space), space, ids))


async def _plan(person: SignedIn, mutation: Mutation, push: TravelLegPush) -> Applied:
    membership = must_lead(await memberships.exchange_to_write_in(person, push.exchange))
    draft = TravelLegDraft(**{field: getattr(push, field) for field in TravelLegDraft.__struct_fields__})
    await planning.plan_leg(membership, draft, mutation.once, mutation.id)
    return Applied(1)


async def _change(person: SignedIn, mutation: Mutation, change: TravelLegChange) -> Applied:
    membership = await _around(person, mutation.id)
    try:
        return Applied(await planning.change_leg(membership, mutation.id, change, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await travel.leg_of(membership, mutation.id)) from stale


async def _drop(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    membership = await _around(person, mutation.id)
    try:
        return Applied(await planning.drop_leg(membership, mutation.id, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await travel.leg_of(membership, mutation.id)) from stale


async def _around(person: SignedIn, leg: UUID) -> Membership:
    return must_lead(await memberships.exchange_to_write_in(person, await travel.exchange_with_leg(leg)))


pulled = [Pulled("travel_leg", _legs, since=3)]

pushed = [
    Pushed("travel_leg", "make", _plan, TravelLegPush),
    Pushed("travel_leg", "change", _change, TravelLegChange),
    Pushed("travel_leg", "delete", _drop),
]
