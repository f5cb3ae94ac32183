"""Who changed what in the plan: for those who lead."""

from uuid import UUID

import msgspec

from yema.accounts.signed_in import Reader
from yema.database import Row, Statement, as_id, as_instant, fetch
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.plan.history import PlanChangeView
from yema.exchanges.telling import fields_between, what_changed

_CHANGES = (
    'SELECT c.id, c.slot, c."by", p.display_name, c.at, c.before, c.after FROM plan_change c JOIN person p ON p.id = c."by"'
    " WHERE c.exchange = {} AND c.id < {}"
)
_ORDER = " ORDER BY c.id DESC LIMIT {}"
_ALL = Statement(_CHANGES + _ORDER)
_OF_SLOT = Statement(_CHANGES + " AND c.slot = {}" + _ORDER)
_LAST = UUID(int=(1 << 128) - 1)
_BODY = msgspec.json.Decoder(SlotBody)


async def plan_changes(
    membership: Membership, reader: Reader, limit: int, before: UUID | None, slot: UUID | None = None
) -> list[PlanChangeView]:
    """The changes of a plan, or of one slot of it, the newest first; one more than `limit` where there are more."""
    start = (membership.exchange, before or _LAST)
    if slot is None:
        rows = await fetch(_ALL, *start, limit + 1)
    else:
        rows = await fetch(_OF_SLOT, *start, slot, limit + 1)
    return [_view(row, reader) for row in rows]


def _view(row: Row, reader: Reader) -> PlanChangeView:
    change, slot, by, name, at, was, now = row
    before, after = _BODY.decode(was) if was else None, _BODY.decode(now)
    seen = after.view(reader)
    return PlanChangeView(
        id=as_id(change),
        slot=as_id(slot),
        by=as_id(by),
        by_name=name,
        at=as_instant(at),
        what=what_changed(before, after),
        fields=fields_between(before, after, reader),
        title=seen.title,
        title_locale=seen.title_locale,
    )
