"""Telling how the activity of a slot went: for those who lead its exchange."""

from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.activities.actions import reporting
from yema.activities.schemas.runs import RunDraft
from yema.changes import Once
from yema.database import Statement, as_id, fetch
from yema.exchanges.errors import NoActivity
from yema.exchanges.queries.memberships import Membership

_RUN = Statement(
    "SELECT a.id, coalesce(e.number, p.latest) FROM slot s JOIN activity a ON a.id = s.activity JOIN pack p ON p.id = a.pack"
    " LEFT JOIN exchange_pack e ON e.pack = p.id AND e.exchange = s.exchange WHERE s.id = {} AND s.exchange = {}"
)
"""The activity of a slot, and the version of its pack that the exchange planned with, else the one on the shelf."""


async def tell_run(
    by: Membership, slot: UUID, draft: RunDraft, person: SignedIn, expected: int | None, once: Once | None = None
) -> int:
    """Say how it went; the report's version. `expected` is the one that the author knew, 0 for none yet, None for any.

    Raises `NoActivity`; `Stale`, and `NotFound` where a version was named and there is none.
    """
    rows = await fetch(_RUN, slot, by.exchange)
    if not rows:
        raise NoActivity
    activity, number = rows[0]
    return await reporting.tell_run(person, slot, as_id(activity), number, draft, expected, once)
