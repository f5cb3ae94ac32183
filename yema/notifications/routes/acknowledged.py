"""How far an announcement came. A door of notifications, who know what was sent and shown; whose it is, exchanges know."""

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from yema.accounts.signed_in import SignedIn
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries import memberships
from yema.exchanges.queries.told import announcements
from yema.http.response import speaks
from yema.i18n import catalogue_for
from yema.notifications.queries.acknowledged import acknowledgement_of
from yema.notifications.schemas import AcknowledgementView


@get("/announcements/{announcement_id:uuid}/acknowledgement", operation_id="readAcknowledgement")
async def read_acknowledgement(
    request: Request[Any, Any, Any], announcement_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> AcknowledgementView:
    """To how many it was sent, on how many screens it stood, how many have seen it, and who is missing. Leaders only."""
    exchange = await announcements.exchange_with_announcement(announcement_id)
    membership = await memberships.exchange_of(person, exchange)
    told = await announcements.told_of(membership, announcement_id)
    if not membership.leads:
        raise LeadersOnly
    speaks(request, catalogue_for(person.wanted))
    return await acknowledgement_of(person, membership, told)


handlers = [read_acknowledgement]
