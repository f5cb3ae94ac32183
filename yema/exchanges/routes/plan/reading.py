"""Reading an exchange: what and who it is, and what happens when."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import SignedIn
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries import exchange, memberships
from yema.exchanges.queries.plan import itinerary
from yema.exchanges.queries.told import releases
from yema.exchanges.schemas.plan.plan import ItineraryView, ReleaseView, SlotView
from yema.exchanges.schemas.setup.exchange import ExchangeView, GroupView, MeView, VenueView
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, bad_cursor, id_position, page, position
from yema.http.ready import ReadyBytes

_ready = ReadyBytes()


@get("/me", operation_id="readMe")
async def read_me(person: NamedDependency[SignedIn]) -> MeView:
    """I, and the exchanges that I belong to or wait for."""
    return await exchange.me(person)


@get("/exchanges", operation_id="listExchanges")
async def list_exchanges(
    person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[ExchangeView]:
    """The exchanges that I belong to."""
    found = await exchange.exchanges_of(person, id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


@get("/exchanges/{exchange_id:uuid}", operation_id="readExchange")
async def read_exchange(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> ExchangeView:
    """One exchange, with countries and languages named in my language."""
    return await exchange.exchange_view(person, await memberships.exchange_of(person, exchange_id))


@get("/exchanges/{exchange_id:uuid}/groups", operation_id="listGroups")
async def list_groups(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[GroupView]:
    """The national groups."""
    return Page(items=await exchange.groups_of(person, await memberships.exchange_of(person, exchange_id)))


@get("/exchanges/{exchange_id:uuid}/venues", operation_id="listVenues")
async def list_venues(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[VenueView]:
    """The places."""
    return Page(items=await exchange.venues_of(await memberships.exchange_of(person, exchange_id)))


@get(
    "/exchanges/{exchange_id:uuid}/itinerary",
    operation_id="readItinerary",
    responses={200: ResponseSpec(ItineraryView, description="The itinerary by days", generate_examples=False)},
)
async def read_itinerary(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
    view: Annotated[Literal["plan", "released"], QueryParameter()] = "released",
) -> ASGIResponse:
    """What happens when, for me: the last release; for leaders also `view=plan`."""
    membership = await memberships.exchange_of(person, exchange_id)
    plan = view == "plan"
    if plan and not membership.leads:
        raise LeadersOnly
    key = (person.wanted, await itinerary.basis_of(membership, plan=plan))

    async def build() -> bytes:
        slots = await (itinerary.plan_of(exchange_id) if plan else itinerary.released_to(membership))
        return msgspec.json.encode(itinerary.by_days(membership, person, slots))

    return await _ready.serve(request, key, build, language=person.language)


@get("/slots/{slot_id:uuid}", operation_id="readSlot")
async def read_slot(slot_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> SlotView:
    """One slot: for leaders as planned, for everybody else as last released to them."""
    membership = await memberships.exchange_of(person, await itinerary.exchange_with_slot(slot_id))
    if membership.leads:
        return (await itinerary.slot_of(membership, slot_id)).view(person)
    return (await itinerary.released_slot_of(membership, slot_id)).view(person)


@get("/exchanges/{exchange_id:uuid}/releases", operation_id="listReleases")
async def list_releases(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[ReleaseView]:
    """The releases of the plan, the newest first. Leaders only."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    before = position(cursor)
    if before is not None and not (before.isdecimal() and len(before) < 10):
        raise bad_cursor()
    found = await releases.releases_of(membership, person, limit, int(before) if before else None)
    return page(found, limit, lambda last: last.number)


handlers = [
    read_me,
    list_exchanges,
    read_exchange,
    list_groups,
    list_venues,
    read_itinerary,
    read_slot,
    list_releases,
]
