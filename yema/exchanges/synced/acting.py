"""What all kinds of an exchange share: in whose name a phone acts."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries import memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan import itinerary

Views = dict[UUID, Any]
Ids = Sequence[UUID]


def by_id(views: Iterable[Any]) -> Views:
    return {view.id: view for view in views}


async def around(person: SignedIn, slot: UUID) -> Membership:
    """The exchange that the slot stands in, if the person leads it. Raises `NotFound`, `WaitsForApproval`, `LeadersOnly`."""
    return must_lead(await memberships.exchange_to_write_in(person, await itinerary.exchange_with_slot(slot)))


def must_lead(membership: Membership) -> Membership:
    """Raises `LeadersOnly`."""
    if not membership.leads:
        raise LeadersOnly
    return membership
