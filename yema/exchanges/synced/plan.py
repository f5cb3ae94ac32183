"""The plan and what was released of it, as phones pull them and leaders' phones push them."""

from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import Stale
from yema.exchanges.actions.plan import slots
from yema.exchanges.queries import memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan import itinerary
from yema.exchanges.schemas.plan.plan import Scope, SlotChange, SlotDraft
from yema.exchanges.synced.acting import Ids, Views, around, must_lead
from yema.shapes import Draft


class SlotPush(SlotDraft, kw_only=True):
    """A new slot that a leader made offline, and the exchange that it is for."""

    exchange: UUID


class SlotChangePush(SlotChange, kw_only=True):
    """A change that a leader made offline, to one slot or to others of its series as well."""

    scope: Scope = "one"


class SlotCancelPush(Draft):
    """Which slots of a series a leader cancelled offline; without data, the one."""

    scope: Scope = "one"


async def _slots(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return {body.id: body.view(person) for body in await itinerary.slots_by_id(space.owner, ids)}


async def _released_slots(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    """In a person's own space there may be slots of exchanges that they have left: they are not seen."""
    found = await itinerary.released_in(space, ids)
    mine = {
        exchange
        for exchange in {exchange for exchange, _ in found}
        if await memberships.membership_in(person, exchange)
    }
    return {body.id: body.view(person) for exchange, body in found if exchange in mine}


async def _schedule(person: SignedIn, mutation: Mutation, draft: SlotPush) -> Applied:
    membership = must_lead(await memberships.exchange_to_write_in(person, draft.exchange))
    await slots.schedule_slot(membership, draft, person, mutation.once, mutation.id)
    return Applied(1)


async def _change(person: SignedIn, mutation: Mutation, change: SlotChangePush) -> Applied:
    membership = await around(person, mutation.id)
    try:
        version = await slots.change_slot(
            membership, mutation.id, change, person, mutation.base_version, mutation.once, change.scope
        )
    except Stale as stale:
        raise await _stale(person, membership, mutation.id) from stale
    return Applied(version)


async def _cancel(person: SignedIn, mutation: Mutation, cancel: SlotCancelPush | None) -> Applied:
    membership, scope = await around(person, mutation.id), cancel.scope if cancel else "one"
    try:
        return Applied(await slots.cancel_slot(membership, mutation.id, mutation.base_version, mutation.once, scope))
    except Stale as stale:
        raise await _stale(person, membership, mutation.id) from stale


async def _stale(person: SignedIn, membership: Membership, slot: UUID) -> Stale:
    return Stale(current=(await itinerary.slot_of(membership, slot)).view(person))


pulled = [
    Pulled("slot", _slots, worded=True),
    Pulled("released_slot", _released_slots, worded=True),
]

pushed = [
    Pushed("slot", "make", _schedule, SlotPush),
    Pushed("slot", "change", _change, SlotChangePush),
    Pushed("slot", "delete", _cancel, SlotCancelPush),
]
