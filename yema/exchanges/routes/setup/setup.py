"""Exchanges: making one, changing one, copying one."""

from uuid import UUID

from litestar import patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.exchanges.actions.setup import copying, setting_up
from yema.exchanges.queries import exchange, memberships
from yema.exchanges.schemas.setup.exchange import ExchangeView
from yema.exchanges.schemas.setup.setup import CopyDraft, ExchangeChange, ExchangeDraft


@post("/exchanges", operation_id="makeExchange")
async def make_exchange(
    data: JSONBody[ExchangeDraft], person: NamedDependency[SignedIn], once: NamedDependency[Once | None]
) -> ExchangeView:
    """Make an exchange for an organisation, as one of its coordinators or administrators. I coordinate it.

    Answers `wrong_days`, `unknown_zone`, `organisers_only`.
    """
    try:
        made = await setting_up.make_exchange(person, data, once)
    except MadeBefore as before:
        made = before.thing
    return await _view(person, made)


@patch("/exchanges/{exchange_id:uuid}", operation_id="changeExchange")
async def change_exchange(
    exchange_id: FromPath[UUID], data: JSONBody[ExchangeChange], person: NamedDependency[SignedIn]
) -> ExchangeView:
    """Change what an exchange is. Coordinators only.

    With `starts_on` every slot and journey moves by as many days, at the same times on the wall, and `ends_on` too unless it is given.
    With `zone` the slots that had the old one keep their times on the wall. Participants hear of it with the next release.
    """
    membership = await memberships.exchange_coordinated_by(person, exchange_id)
    await setting_up.change_exchange(membership, data)
    return await _view(person, exchange_id)


@post("/exchanges/{exchange_id:uuid}/copies", operation_id="copyExchange")
async def copy_exchange(
    exchange_id: FromPath[UUID],
    data: JSONBody[CopyDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> ExchangeView:
    """A new exchange like this one, beginning on another day: with groups, venues, plan, materials and journeys, and without people.

    For its coordinators who may make exchanges for its organisation. Slots for chosen people and cancelled ones do not come along.
    """
    membership = await memberships.exchange_coordinated_by(person, exchange_id)
    try:
        made = await copying.copy_exchange(membership, data, person, once)
    except MadeBefore as before:
        made = before.thing
    return await _view(person, made)


async def _view(person: SignedIn, found: UUID) -> ExchangeView:
    return await exchange.exchange_view(person, await memberships.exchange_of(person, found))


handlers = [make_exchange, change_exchange, copy_exchange]
