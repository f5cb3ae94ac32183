"""The plan: slots and releases. Leaders only."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import Stale
from yema.exchanges.actions import release, slots
from yema.exchanges.queries import itinerary, memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.plan import ReleaseView, SlotChange, SlotDraft, SlotView
from yema.http.conditional import expected_version


@post("/exchanges/{exchange_id:uuid}/slots", operation_id="scheduleSlot")
async def schedule_slot(
    exchange_id: FromPath[UUID],
    data: JSONBody[SlotDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> SlotView:
    """Put a slot on the plan. Participants see it after the next release."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        slot = await slots.schedule_slot(membership, data, person, once)
    except MadeBefore as before:
        slot = before.thing
    return await _planned(membership, slot, person)


@patch("/slots/{slot_id:uuid}", operation_id="changeSlot")
async def change_slot(
    request: Request[Any, Any, Any],
    slot_id: FromPath[UUID],
    data: JSONBody[SlotChange],
    person: NamedDependency[SignedIn],
) -> SlotView:
    """Move or change a slot of the plan. Needs `If-Match`; answers `stale` with the current view where somebody was faster."""
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    try:
        await slots.change_slot(membership, slot_id, data, person, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await _planned(membership, slot_id, person)) from stale
    return await _planned(membership, slot_id, person)


@delete("/slots/{slot_id:uuid}", operation_id="cancelSlot", status_code=200)
async def cancel_slot(
    request: Request[Any, Any, Any], slot_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> SlotView:
    """Cancel a slot. Needs `If-Match`. It stays, as cancelled, so that the next release tells of it."""
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    try:
        await slots.cancel_slot(membership, slot_id, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await _planned(membership, slot_id, person)) from stale
    return await _planned(membership, slot_id, person)


@post("/exchanges/{exchange_id:uuid}/releases", operation_id="releasePlan")
async def release_plan(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], once: NamedDependency[Once | None]
) -> ReleaseView:
    """Tell everybody concerned what has changed since the last release; `nothing_to_release` where nothing has."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        return await release.release_plan(membership, once)
    except MadeBefore as before:
        return await itinerary.release_of(membership, before.thing)


async def _planned(membership: Membership, slot: UUID, person: SignedIn) -> SlotView:
    return (await itinerary.slot_of(membership, slot)).view(person)


handlers = [schedule_slot, change_slot, cancel_slot, release_plan]
