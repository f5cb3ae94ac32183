"""Writing down what became of a batch: in one transaction, and only where it is still ours."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yema.changes import transaction
from yema.database import execute
from yema.database.listed import as_list, ids, with_list
from yema.notifications.channels import Broken, Gone, Later, Logged, Outcome, Refused, Sent
from yema.notifications.delivering import brake, circuit
from yema.notifications.delivering.checking import Fate, fate
from yema.notifications.delivering.claiming import Batch, Due
from yema.notifications.delivering.digests import wait_for_next
from yema.notifications.delivering.mailing import mail_instead
from yema.notifications.delivering.sending import Doubted, Found, Handed
from yema.notifications.delivering.still import Passed
from yema.notifications.delivering.waiting import backoff_max, next_try

TROUBLE_LENGTH_MAX = 60
log = logging.getLogger("yema")

# Another telling came meanwhile: it goes out, too. Only what waits can have had one; what became moot in flight was sent all the same.
_AGAIN = "delivery.state = 'waiting' AND delivery.round > v.round AND v.state NOT IN ('waiting', 'gone')"
# What has become urgent meanwhile does not wait for a morning, nor as long as a push service would like.
_AWAKE = "delivery.state = 'waiting' AND delivery.round > v.round AND v.state = 'waiting' AND delivery.urgent AND NOT v.urgent"
_SETTLE = with_list(
    f"UPDATE delivery SET state = CASE WHEN {_AGAIN} THEN 'waiting' ELSE v.state END,"
    f" next_at = CASE WHEN {_AGAIN} OR ({_AWAKE}) THEN v.at ELSE v.next_at END,"
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
    urgent="boolean",
)


# Those that are told anew, or seen, at this moment are held in the same order (`telling`), and before their deliveries are.
_SENT = "UPDATE notification SET sent_at = {} WHERE id IN"
_MARK_SENT = with_list(
    f"{_SENT} (SELECT n.id FROM <list> v JOIN notification n ON n.id = v.id WHERE n.sent_at IS NULL"
    " ORDER BY n.id<tail>)",
    id="uuid",
    tail=" FOR NO KEY UPDATE OF n",
)


async def settle(
    batch: Batch,
    fates: Sequence[Fate],
    handed: Handed,
    held: Mapping[Due, Sequence[UUID]],
    certain: Collection[str],
) -> None:
    """Write the fates of what was not sent, and what the outcomes make of the rest.

    `held` are the notifications that each message told; `certain` the kinds that go by mail where no push arrives.
    """
    outcomes = handed.outcomes
    async with transaction() as tx:
        await _mark_sent(outcomes, held, tx.at)
        removal = await _remove(batch.channel, outcomes, tx.at)
        wait = await _switch(batch, handed, tx.at)
        written = [*fates, *(_become(due, outcome, removal, batch, tx.at, wait) for due, outcome in outcomes.items())]
        await _write(batch, written, tx.at)
        ended = {one.delivery for one in written if one.state != "waiting"}
        await wait_for_next([due for due in batch.due if not due.told and due.id in ended], tx.at)
        await mail_instead(batch, written, certain, tx.at, broken=handed.standing in ("refused", "doubted", "unclear"))
    if removal.braked:
        log.error("removal_braked", extra={"kind": batch.channel, "count": len(removal.braked)})


async def _mark_sent(outcomes: Found, held: Mapping[Due, Sequence[UUID]], at: datetime) -> None:
    sent = {told for due, outcome in outcomes.items() if isinstance(outcome, Sent) for told in held[due]}
    if sent:
        await execute(_MARK_SENT, at, ids(sent))


async def _remove(channel: str, outcomes: Found, at: datetime) -> brake.Removal:
    gone = [
        brake.GoneDevice(due.device.id, due.device.address_hash)
        for due, outcome in outcomes.items()
        if isinstance(outcome, Gone) and due.device is not None
    ]
    return await brake.remove(channel, gone, at) if gone else brake.Removal(frozenset(), frozenset())


def _become(
    due: Due, outcome: Outcome | Doubted | Passed, removal: brake.Removal, batch: Batch, at: datetime, wait: timedelta
) -> Fate:
    """What an outcome makes of a delivery; so long the channel is left alone."""
    match outcome:
        case Sent():
            # A digest holds what there was when it was put together, and not what came while it was on its way.
            return Fate(due.id, due.round, "sent", at, sent_at=at if due.told else batch.at)
        case Passed(again):
            return Fate(due.id, due.round, "waiting", at, counted=False) if again else fate(due, "moot", at)
        case Later(code, _, counted=False):
            return Fate(due.id, due.round, "waiting", at, code, counted=False)
        case Logged():
            return Fate(due.id, due.round, "logged", at, sent_at=None if due.told else batch.at)
        case Doubted(code):
            least = min(circuit.LONGEST, backoff_max(due.attempts))
            return Fate(due.id, due.round, "waiting", at + max(wait, least), code)
        case Later(code, after):
            return _later(due, code, after, at)
        case Gone(code):
            return _gone(due, code, removal, at)
        case Refused(code):
            return fate(due, "refused", at, code)
        case Broken(code):
            return Fate(due.id, due.round, "waiting", at, code, counted=False)


def _later(due: Due, code: str, after: timedelta | None, at: datetime) -> Fate:
    then = next_try(due.attempts, after, at, due.expires_at)
    return fate(due, "expired", at, code) if then is None else Fate(due.id, due.round, "waiting", then, code)


def _gone(due: Due, code: str, removal: brake.Removal, at: datetime) -> Fate:
    if due.device is not None and due.device.id in removal.braked:
        return _later(due, "removal_braked", None, at)
    if due.device is None or due.device.id in removal.removed:
        return fate(due, "gone", at, code)
    # Registered anew while it was on its way: the new address has not been tried.
    return Fate(due.id, due.round, "waiting", at, code)


def as_trouble(code: str) -> str:
    """A code as it is kept: it may come from a server far away, and what cannot be written down would be sent again and again."""
    return "".join(letter for letter in code if letter.isprintable())[:TROUBLE_LENGTH_MAX]


async def _write(batch: Batch, fates: Sequence[Fate], at: datetime) -> None:
    urgent = {due.id for due in batch.due if due.urgent}
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
            one.delivery in urgent,
        )
        for one in fates
    ]
    if rows:
        await execute(_SETTLE, as_list(rows), batch.lease)


async def _switch(batch: Batch, handed: Handed, at: datetime) -> timedelta:
    """Open the circuit where we are not accepted, close it where we are; how long whoever was refused is left alone."""
    match handed.standing:
        case "accepted":
            await circuit.close(batch.channel)
        case "refused" | "doubted":
            believed = handed.standing == "refused"
            return await circuit.keep_open(batch.channel, as_trouble(handed.code), at, believed=believed)
        case "unclear" if batch.probing:
            await circuit.give_back_probe(batch.channel, at + circuit.FIRST)  # others are tried next
        case "unknown" if batch.probing:
            await circuit.give_back_probe(batch.channel, at)
    return circuit.FIRST
