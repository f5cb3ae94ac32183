"""What leaders should look at in their plan."""

import asyncio
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from yema.accounts.signed_in import SignedIn
from yema.exchanges.queries.memberships import exchange_led_by
from yema.exchanges.queries.overview.whole import whole_exchange
from yema.exchanges.schemas.overview.warnings import WarningsView
from yema.exchanges.warnings import warnings_of


@get("/exchanges/{exchange_id:uuid}/warnings", operation_id="listWarnings")
async def list_warnings(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> WarningsView:
    """What may go wrong with the plan, in my language and in the order of time. Nothing of it is forbidden. Leaders only.

    Which people are under age, `minors_without_adult` names for the groups that I lead, and for coordinators. Others are told of a group's
    minors only where there are three of them or more.
    """
    membership = await exchange_led_by(person, exchange_id)
    # Not kept as ready bytes: birthdays, languages and names change it too, and no one version holds all of these.
    exchange = await whole_exchange(membership, person)
    # Up to some tenths of a second of arithmetic; the loop answers others meanwhile.
    return await asyncio.to_thread(warnings_of, exchange, person.wanted, membership.acts_for)


handlers = [list_warnings]
