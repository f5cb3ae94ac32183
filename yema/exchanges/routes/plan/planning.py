"""The plan: slots, and telling it. Leaders only."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import Stale
from yema.exchanges.actions.plan import slots, splitting
from yema.exchanges.actions.told import release, undoing
from yema.exchanges.queries import memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan import itinerary
from yema.exchanges.queries.told import releases
from yema.exchanges.schemas.plan.plan import (
    Difference,
    ReleaseView,
    Scope,
    SlotChange,
    SlotDraft,
    SlotView,
    SplitDraft,
    SplitView,
)
from yema.http.conditional import expected_version

Which = Annotated[Scope, QueryParameter(name="scope")]  # `scope` itself is a word of Litestar's
Number = Annotated[int, PathParameter(ge=1, le=1_000_000)]


@post("/exchanges/{exchange_id:uuid}/slots", operation_id="scheduleSlot")
async def schedule_slot(
    exchange_id: FromPath[UUID],
    data: JSONBody[SlotDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> SlotView:
    """Put a slot on the plan, with `repeat` on many days; the first one is answered. Participants see it after the next release."""
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
    which: Which = "one",
) -> SlotView:
    """Move or change a slot of the plan. Needs `If-Match`; answers `stale` with the current view where somebody was faster.

    With `scope` the same change is made to the `following` or to `all` slots of its series: they move as far on the clock on the wall,
    and what the change does not name stays as it is in each. What is over or cancelled stays. `If-Match` is about the slot that is named.
    """
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    try:
        await slots.change_slot(membership, slot_id, data, person, await expected_version(request), scope=which)
    except Stale as stale:
        raise Stale(current=await _planned(membership, slot_id, person)) from stale
    return await _planned(membership, slot_id, person)


@delete("/slots/{slot_id:uuid}", operation_id="cancelSlot", status_code=200)
async def cancel_slot(
    request: Request[Any, Any, Any],
    slot_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
    which: Which = "one",
) -> SlotView:
    """Cancel a slot, with `scope` also others of its series. Needs `If-Match`.

    It stays, as cancelled, so that the next release tells of it.
    """
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    try:
        await slots.cancel_slot(membership, slot_id, await expected_version(request), scope=which)
    except Stale as stale:
        raise Stale(current=await _planned(membership, slot_id, person)) from stale
    return await _planned(membership, slot_id, person)


@post("/slots/{slot_id:uuid}/split", operation_id="splitSlot")
async def split_slot(
    request: Request[Any, Any, Any],
    slot_id: FromPath[UUID],
    data: JSONBody[SplitDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> SplitView:
    """Split a slot into parallel ones, each for chosen people. The first part stays the slot that it was. Needs `If-Match`."""
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    try:
        expected = await expected_version(request)
        parts = await splitting.split_slot(membership, slot_id, data, person, expected, once)
    except Stale as stale:
        raise Stale(current=await _planned(membership, slot_id, person)) from stale
    except MadeBefore as before:
        parts = splitting.parts_of(slot_id, before.version)
    found = {slot.id: slot.view(person) for slot in await itinerary.slots_by_id(membership.exchange, parts)}
    return SplitView(items=[found[part] for part in parts if part in found])


@get("/exchanges/{exchange_id:uuid}/releases/preview", operation_id="previewRelease")
async def preview_release(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Difference:
    """What a release would tell now. Nobody hears of it."""
    return await releases.next_release(await memberships.exchange_led_by(person, exchange_id), person)


@post("/exchanges/{exchange_id:uuid}/releases", operation_id="releasePlan")
async def release_plan(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], once: NamedDependency[Once | None]
) -> ReleaseView:
    """Tell everybody concerned what has changed since the last release; `nothing_to_release` where nothing has."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        released = await release.release_plan(membership, once)
    except MadeBefore as before:
        return await releases.release_of(membership, before.thing, person)
    return await asyncio.to_thread(released.view, person)


@post("/exchanges/{exchange_id:uuid}/releases/{number:int}/undo", operation_id="undoRelease")
async def undo_release(
    exchange_id: FromPath[UUID],
    number: Number,
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> ReleaseView:
    """Tell everybody again what was told before this release, by a release of its own. The plan stays as it is.

    Only the newest that is not undone: else `not_the_newest_release`. `release_cannot_be_undone` where it is too old.
    """
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        released = await undoing.undo_release(membership, number, once)
    except MadeBefore as before:
        return await releases.release_of(membership, before.thing, person)
    return await asyncio.to_thread(released.view, person)


async def _planned(membership: Membership, slot: UUID, person: SignedIn) -> SlotView:
    return (await itinerary.slot_of(membership, slot)).view(person)


handlers = [schedule_slot, change_slot, cancel_slot, split_slot, preview_release, release_plan, undo_release]
