"""What phones pull of an exchange, and what they push into it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.activities.actions.reporting import take_run_back
from yema.activities.queries.reporting import own_run, own_runs_by_slot
from yema.activities.runs import RunDraft
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import NotFound, Stale
from yema.exchanges.actions import runs, slots
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries import exchange, itinerary, memberships, people
from yema.exchanges.queries.memberships import Membership, membership_behind
from yema.exchanges.queries.packs import planned_packs
from yema.exchanges.schemas.plan import SlotChange, SlotDraft

Views = dict[UUID, Any]
Ids = Sequence[UUID]


class SlotPush(SlotDraft, kw_only=True):
    """A new slot that a leader made offline, and the exchange that it is for."""

    exchange: UUID


async def _me(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return {person.id: await exchange.me(person)}


async def _exchanges(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    membership = await membership_behind(person, space)
    return {space.owner: await exchange.exchange_view(person, membership)}


async def _groups(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await exchange.groups_of(person, await membership_behind(person, space), ids))


async def _members(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await people.members_in(await membership_behind(person, space), space, ids))


async def _venues(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await exchange.venues_of(await membership_behind(person, space), ids))


async def _slots(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return {body.id: body.view(person) for body in await itinerary.slots_by_id(space.owner, ids)}


async def _released_slots(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    """In a person's own space there may be slots of exchanges that they have left: they are not seen."""
    found = await itinerary.released_in(space, ids)
    mine = {exchange for exchange in {exchange for exchange, _ in found} if await _is_member(person, exchange)}
    return {body.id: body.view(person) for exchange, body in found if exchange in mine}


async def _planned_packs(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    found = await planned_packs(await membership_behind(person, space), person)
    return {view.pack: view for view in found if view.pack in ids}


async def _is_member(person: SignedIn, exchange: UUID) -> bool:
    try:
        await memberships.exchange_of(person, exchange)
    except NotFound:
        return False
    return True


async def _run_reports(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return await own_runs_by_slot(person, ids)


def _by_id(views: Iterable[Any]) -> Views:
    return {view.id: view for view in views}


async def _schedule(person: SignedIn, mutation: Mutation, draft: SlotPush) -> Applied:
    membership = _must_lead(await memberships.exchange_to_write_in(person, draft.exchange))
    await slots.schedule_slot(membership, draft, person, mutation.once, mutation.id)
    return Applied(1)


async def _change(person: SignedIn, mutation: Mutation, change: SlotChange) -> Applied:
    membership = await _around(person, mutation.id)
    try:
        version = await slots.change_slot(membership, mutation.id, change, person, mutation.base_version, mutation.once)
    except Stale as stale:
        raise await _stale(person, membership, mutation.id) from stale
    return Applied(version)


async def _cancel(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    membership = await _around(person, mutation.id)
    try:
        return Applied(await slots.cancel_slot(membership, mutation.id, mutation.base_version, mutation.once))
    except Stale as stale:
        raise await _stale(person, membership, mutation.id) from stale


async def _tell_run(person: SignedIn, mutation: Mutation, draft: RunDraft) -> Applied:
    """A report's id is that of its slot: in a person's own space there is one for each."""
    membership = await _around(person, mutation.id)
    try:
        return Applied(
            await runs.tell_run(membership, mutation.id, draft, person, mutation.base_version, mutation.once)
        )
    except Stale as stale:
        raise Stale(current=await own_run(person, mutation.id)) from stale


async def _take_run_back(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    try:
        return Applied(await take_run_back(person, mutation.id, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await own_run(person, mutation.id)) from stale


async def _around(person: SignedIn, slot: UUID) -> Membership:
    """The exchange that the slot stands in, if the person leads it."""
    return _must_lead(await memberships.exchange_to_write_in(person, await itinerary.exchange_with_slot(slot)))


def _must_lead(membership: Membership) -> Membership:
    if not membership.leads:
        raise LeadersOnly
    return membership


async def _stale(person: SignedIn, membership: Membership, slot: UUID) -> Stale:
    return Stale(current=(await itinerary.slot_of(membership, slot)).view(person))


pulled = [
    Pulled("me", _me),
    Pulled("exchange", _exchanges, worded=True),
    Pulled("group", _groups, worded=True),
    Pulled("member", _members),
    Pulled("venue", _venues),
    Pulled("slot", _slots, worded=True),
    Pulled("released_slot", _released_slots, worded=True),
    Pulled("planned_pack", _planned_packs, since=2, worded=True),
    Pulled("run_report", _run_reports, since=2),
]

pushed = [
    Pushed("slot", "make", _schedule, SlotPush),
    Pushed("slot", "change", _change, SlotChange),
    Pushed("slot", "delete", _cancel),
    Pushed("run_report", "make", _tell_run, RunDraft),
    Pushed("run_report", "change", _tell_run, RunDraft),
    Pushed("run_report", "delete", _take_run_back),
]
