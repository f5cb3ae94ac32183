"""Writing down who changed what in the plan; part of the transaction that changes it."""

from collections.abc import Iterable

import msgspec

from yema.changes import Transaction
from yema.database.many import Rows
from yema.exchanges.plan import SlotBody, is_same
from yema.exchanges.queries.memberships import Membership
from yema.ids import uuid7

_CHANGES = Rows(
    "plan_change", id="uuid", exchange="uuid", slot="uuid", by="uuid", at="timestamptz", before="text", after="text"
)


async def record(tx: Transaction, by: Membership, before: SlotBody | None, after: SlotBody) -> None:
    """Write down a change of one slot; `before` is None for a new one. A change that changes nothing is not written down."""
    await record_all(tx, by, [(before, after)])


async def record_all(tx: Transaction, by: Membership, changes: Iterable[tuple[SlotBody | None, SlotBody]]) -> None:
    """Write down changes of many slots at once."""
    await _CHANGES.insert(
        (uuid7(), by.exchange, after.id, by.person, tx.at, before and _json(before), _json(after))
        for before, after in changes
        if before is None or not is_same(before, after)
    )


def _json(body: SlotBody) -> str:
    return msgspec.json.encode(body).decode()
