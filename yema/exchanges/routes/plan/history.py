"""Who changed what in the plan. Leaders only."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from yema.accounts.signed_in import SignedIn
from yema.exchanges.queries import memberships
from yema.exchanges.queries.plan import history, itinerary
from yema.exchanges.schemas.plan.history import PlanChangeView
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, id_position, page


@get("/exchanges/{exchange_id:uuid}/history", operation_id="listPlanChanges")
async def list_plan_changes(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[PlanChangeView]:
    """Who changed what in the plan, the newest first. Leaders only."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    found = await history.plan_changes(membership, person, limit, id_position(cursor))
    return page(found, limit, lambda last: last.id)


@get("/slots/{slot_id:uuid}/history", operation_id="listSlotChanges")
async def list_slot_changes(
    slot_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[PlanChangeView]:
    """Who changed this slot, and how, the newest first. Leaders only."""
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    found = await history.plan_changes(membership, person, limit, id_position(cursor), slot_id)
    return page(found, limit, lambda last: last.id)


handlers = [list_plan_changes, list_slot_changes]
