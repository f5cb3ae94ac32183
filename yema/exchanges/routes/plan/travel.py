"""The ways of the groups."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import Stale
from yema.exchanges.actions.plan import travel as planning
from yema.exchanges.queries import memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan import travel
from yema.exchanges.schemas.plan.travel import TravelLegChange, TravelLegDraft, TravelLegView
from yema.http.conditional import expected_version
from yema.http.paging import Page


@get("/exchanges/{exchange_id:uuid}/travel", operation_id="listTravel")
async def list_travel(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[TravelLegView]:
    """How my group travels; for leaders, how all do."""
    return Page(items=await travel.travel_of(await memberships.exchange_of(person, exchange_id)))


@post("/exchanges/{exchange_id:uuid}/travel", operation_id="planTravelLeg")
async def plan_travel_leg(
    exchange_id: FromPath[UUID],
    data: JSONBody[TravelLegDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> TravelLegView:
    """Plan a stretch of a group's way. Its own leaders and coordinators; the group sees it at once."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        leg = await planning.plan_leg(membership, data, once)
    except MadeBefore as before:
        leg = before.thing
    return await travel.leg_of(membership, leg)


@get("/travel-legs/{leg_id:uuid}", operation_id="readTravelLeg")
async def read_travel_leg(leg_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> TravelLegView:
    """One stretch of the way of my group; for leaders, of any."""
    return await travel.leg_of(await memberships.exchange_of(person, await travel.exchange_with_leg(leg_id)), leg_id)


@patch("/travel-legs/{leg_id:uuid}", operation_id="changeTravelLeg")
async def change_travel_leg(
    request: Request[Any, Any, Any],
    leg_id: FromPath[UUID],
    data: JSONBody[TravelLegChange],
    person: NamedDependency[SignedIn],
) -> TravelLegView:
    """Change a stretch. Needs `If-Match`; answers `stale` with the current view where somebody was faster."""
    membership = await _led(person, leg_id)
    try:
        await planning.change_leg(membership, leg_id, data, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await travel.leg_of(membership, leg_id)) from stale
    return await travel.leg_of(membership, leg_id)


@delete("/travel-legs/{leg_id:uuid}", operation_id="dropTravelLeg")
async def drop_travel_leg(
    request: Request[Any, Any, Any], leg_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Take a stretch away. Needs `If-Match`."""
    membership = await _led(person, leg_id)
    try:
        await planning.drop_leg(membership, leg_id, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await travel.leg_of(membership, leg_id)) from stale


async def _led(person: SignedIn, leg: UUID) -> Membership:
    return await memberships.exchange_led_by(person, await travel.exchange_with_leg(leg))


handlers = [list_travel, plan_travel_leg, read_travel_leg, change_travel_leg, drop_travel_leg]
