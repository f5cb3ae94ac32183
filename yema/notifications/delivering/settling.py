"""Writing down what became of a batch: in one transaction, and only where it is still ours."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yema.changes import transaction
from yema.database import execute
from yema.notifications.channels import Broken, Gone, Later, Outcome, Refused, Sent
from yema.notifications.delivering import brake, circuit
from yema.notifications.delivering.checking import Fate, fate
from yema.notifications.delivering.claiming import Batch, Due
from yema.notifications.delivering.listed import as_list, with_list
from yema.notifications.delivering.waiting import next_try

TROUBLE_LENGTH_MAX = 60
log = logging.getLogger("yema")

# Another telling came meanwhile: it goes out, too. Only what waits can have had one; what became moot in flight was sent all the same.
_AGAIN = "delivery.state = 'waiting' AND delivery.round > v.round AND v.state NOT IN ('waiting', 'gone')"
_SETTLE = with_list(
    f"UPDATE delivery SET state = CASE WHEN {_AGAIN} THEN 'waiting' ELSE v.state END,"
    f" next_at = CASE WHEN {_AGAIN} THEN v.at ELSE v.next_at END,"
    f" attempts = CASE WHEN {_AGAIN} THEN 0 ELSE delivery.attempts - v.uncounted END,"
    " lease = NULL, trouble = v.trouble, sent_at = coalesce(v.sent_at, delivery.sent_at)"
    " FROM <list> v WHERE delivery.id = v.id AND delivery.lease = {}"
    " AND (delivery.state = 'waiting' OR (delivery.state = 'moot' AND v.state = 'sent'))",
    id="uuid",
    round="integer",
    state="text",
    next_at="timestamptz",
    trouble="text",
    uncounted="integer",
    sent_at="timestamptz",
    at="timestamptz",
)


async def settle(batch: Batch, fates: Sequence[Fate], outcomes: Mapping[Due, Outcome], *, probed: bool) -> None:
    """Write the fates of what was not sent, and what the outcomes make of the rest.

    `probed`: something was sent while the circuit was open.
    """
    async with transaction() as tx:
        removal = await _remove(batch.channel, outcomes, tx.at)
        written = [*fates, *(_become(due, outcome, removal, batch, tx.at) for due, outcome in outcomes.items())]
        await _write(batch.lease, written, tx.at)
        await _switch(batch, outcomes.values(), probed, tx.at)
    if removal.braked:
        log.error("removal_braked", extra={"kind": batch.channel, "count": len(removal.braked)})


async def _remove(channel: str, outcomes: Mapping[Due, Outcome], at: datetime) -> brake.Removal:
    gone = [
        brake.GoneDevice(due.device.id, due.device.address_hash)
        for due, outcome in outcomes.items()
        if isinstance(outcome, Gone) and due.device is not None
    ]
    return await brake.remove(channel, gone, at) if gone else brake.Removal(frozenset(), frozenset())


def _become(due: Due, outcome: Outcome, removal: brake.Removal, batch: Batch, at: datetime) -> Fate:
    """What an outcome makes of a delivery."""
    match outcome:
        case Sent():
            # A digest holds what there was when it was put together, and not what came while it was on its way.
            return Fate(due.id, due.round, "sent", at, sent_at=at if due.told else batch.at)
        case Later(code, after):
            again = next_try(due.attempts, after, at, due.expires_at)
            return fate(due, "expired", at, code) if again is None else Fate(due.id, due.round, "waiting", again, code)
        case Gone(code):
            return _gone(due, code, removal, at)
        case Refused(code):
            return fate(due, "refused", at, code)
        case Broken(code):
            return Fate(due.id, due.round, "waiting", at, code, counted=False)


def _gone(due: Due, code: str, removal: brake.Removal, at: datetime) -> Fate:
    if due.device is not None and due.device.id in removal.braked:
        return fate(due, "refused", at, "removal_braked")
    if due.device is None or due.device.id in removal.removed:
        return fate(due, "gone", at, code)
    # Registered anew while it was on its way: the new address has not been tried.
    return Fate(due.id, due.round, "waiting", at, code)


def as_trouble(code: str) -> str:
    """A code as it is kept: it may come from a server far away, and what cannot be written down would be sent again and again."""
    return "".join(letter for letter in code if letter.isprintable())[:TROUBLE_LENGTH_MAX]


async def _write(lease: UUID, fates: Sequence[Fate], at: datetime) -> None:
    rows = [
        (
            one.delivery,
            one.round,
            one.state,
            one.next_at,
            one.trouble and as_trouble(one.trouble),
            0 if one.counted else 1,
            one.sent_at,
            at,
        )
        for one in fates
    ]
    if rows:
        await execute(_SETTLE, as_list(rows), lease)


async def _switch(batch: Batch, outcomes: Collection[Outcome], probed: bool, at: datetime) -> None:
    """Open the circuit where we are not accepted; close it where a probe shows that we are."""
    refusals = [one.code for one in outcomes if isinstance(one, Broken)]
    delays = [one.code for one in outcomes if isinstance(one, Later)]
    if refusals:
        await circuit.keep_open(batch.channel, as_trouble(refusals[0]), at)
    elif batch.probing and not probed:
        await circuit.give_back_probe(batch.channel, at)
    elif batch.probing and len(delays) == len(outcomes):
        await circuit.keep_open(batch.channel, as_trouble(delays[0]), at)  # shows neither
    elif batch.probing:
        await circuit.close(batch.channel)
