"""Taking up what is due: under a lease, so that nobody else sends it, and with all that has to be looked at again."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from yema.changes import transaction
from yema.database import Row, Statement, as_id, as_instant, execute, fetch
from yema.database.listed import ids, with_list
from yema.ids import now
from yema.notifications.delivering import circuit
from yema.notifications.rules import USUAL

LEASE = timedelta(seconds=60)
"""Longer than any channel takes for a batch; a delivery whose worker was killed comes back after that."""

_WAITS = "SELECT 1 FROM delivery WHERE state = 'waiting' AND channel = {} AND urgent = {} AND next_at <= {}"
_LOOK = Statement(
    f"SELECT EXISTS ({_WAITS}), EXISTS ({_WAITS}),"
    " (SELECT try_at FROM notification_channel WHERE channel = {} AND broken_since IS NOT NULL)"
)
_DUE = (
    "SELECT id FROM delivery WHERE state = 'waiting' AND channel = {} AND urgent = {} AND next_at <= {}"
    " ORDER BY next_at LIMIT {}"
)
_CLAIM = "UPDATE delivery SET lease = {}, next_at = {}, attempts = attempts + 1 WHERE id"
CLAIM = Statement(
    f"{_CLAIM} IN ({_DUE}) RETURNING id",
    postgres=f"{_CLAIM} = ANY (ARRAY({_DUE} FOR UPDATE SKIP LOCKED)) RETURNING id",
)
# An address that somebody else has typed in, and at which nobody has read a code, may be a stranger's.
_CONFIRMED = "CASE WHEN EXISTS (SELECT 1 FROM sign_in e WHERE e.person = d.person AND e.via = 'email') THEN p.email END"
_FACTS = with_list(
    "SELECT d.id, d.round, d.attempts, d.urgent, d.expires_at, d.topic, d.cadence, d.person, d.target, d.device IS NOT NULL,"
    " v.id, v.person, v.channel, v.gone_at, s.ended_at, v.address_kind, v.address, v.address_hash, v.platform,"
    f" v.p256dh, v.auth, v.locale, v.zone, p.locale, {_CONFIRMED}, p.suspended_at,"
    " n.id, n.kind, n.about, n.zone, n.seen_at, h.quiet_from, h.quiet_until, c.cadence"
    " FROM <list> l JOIN delivery d ON d.id = l.id JOIN person p ON p.id = d.person"
    " LEFT JOIN device v ON v.id = d.device LEFT JOIN sign_in s ON s.id = v.sign_in"
    " LEFT JOIN notification n ON n.id = d.notification LEFT JOIN notification_habits h ON h.id = d.person"
    " LEFT JOIN notification_choice c ON c.person = d.person AND c.kind = n.kind"
    " AND c.channel = CASE WHEN d.device IS NULL THEN 'email' ELSE 'push' END"
    " ORDER BY d.urgent DESC, d.made_at, d.id",
    id="uuid",
)


class DeviceNow(NamedTuple):
    """A device as it is at this moment."""

    id: UUID
    person: UUID
    channel: str
    ended: bool
    """It is gone, or its sign-in has ended."""
    kind: str
    address: str
    address_hash: str
    platform: str
    p256dh: str
    auth: str
    locale: str
    zone: str


class ToldNow(NamedTuple):
    """The notification that a delivery carries. `about` is JSON."""

    id: UUID
    kind: str
    about: str
    zone: str | None
    seen: bool


class Due(NamedTuple):
    """A delivery that was taken up, and all that has to be looked at again. Without `told` it is a digest.

    `chosen`: how they want to hear of this kind by this way now, where they have chosen.
    """

    id: UUID
    round: int
    attempts: int
    urgent: bool
    expires_at: datetime
    topic: str
    cadence: str
    person: UUID
    target: UUID
    by_mail: bool
    device: DeviceNow | None
    locale: str
    email: str | None
    suspended: bool
    told: ToldNow | None
    quiet_from: str
    quiet_until: str
    chosen: str | None = None


class Batch(NamedTuple):
    """Deliveries of one channel that were taken up together. `probing`: the circuit is open, and this tries it."""

    channel: str
    lease: UUID
    at: datetime
    due: tuple[Due, ...]
    probing: bool


async def take_up(channel: str, limit: int) -> Batch | None:
    """So many of what is due, urgent first; None where there is nothing, or the circuit is open.

    Only looks where there is nothing: a transaction each second would keep the disk awake.
    """
    at = now()
    [[urgent, rest, try_at]] = await fetch(_LOOK, channel, True, at, channel, False, at, channel)
    broken = try_at is not None
    if not (urgent or rest) or (broken and not circuit.is_due(as_instant(try_at), at)):
        return None
    lease = uuid4()
    async with transaction() as tx:
        if broken and not await circuit.take_probe(channel, tx.at):
            return None
        claimed = await claim(channel, lease, tx.at, limit)
        if not claimed and broken:
            await circuit.give_back_probe(channel, tx.at)
        due = tuple(_due(row) for row in await fetch(_FACTS, ids(claimed))) if claimed else ()
    return Batch(channel, lease, tx.at, due, broken) if due else None


async def claim(channel: str, lease: UUID, at: datetime, limit: int) -> list[UUID]:
    """The ids of so many that are due, which nobody else gets until the lease ends. Inside a transaction."""
    claimed: list[UUID] = []
    for urgent in (True, False):
        if left := limit - len(claimed):
            rows = await execute(CLAIM, lease, at + LEASE, channel, urgent, at, left)
            claimed += [as_id(row[0]) for row in rows]
    return claimed


def _due(row: Row) -> Due:
    """A row of `_FACTS`, in the order of its columns."""
    id_, round_, attempts, urgent, expires_at, topic, cadence, person, target, by_device = row[:10]
    locale, email, suspended_at = row[23:26]
    quiet_from, quiet_until, chosen = row[31:]
    return Due(
        id=as_id(id_),
        round=round_,
        attempts=attempts,
        urgent=bool(urgent),
        expires_at=as_instant(expires_at),
        topic=topic,
        cadence=cadence,
        person=as_id(person),
        target=as_id(target),
        by_mail=not by_device,
        device=_device(row[10:23]),
        locale=locale,
        email=email,
        suspended=suspended_at is not None,
        told=_told(row[26:31]),
        quiet_from=quiet_from or USUAL.quiet_from,
        quiet_until=quiet_until or USUAL.quiet_until,
        chosen=chosen,
    )


def _device(part: Any) -> DeviceNow | None:
    id_, person, channel, gone_at, ended_at, kind, address, hash_, platform, p256dh, auth, locale, zone = part
    if id_ is None:
        return None
    ended = gone_at is not None or ended_at is not None
    return DeviceNow(
        as_id(id_),
        as_id(person),
        channel,
        ended,
        kind,
        address,
        hash_,
        platform,
        p256dh or "",
        auth or "",
        locale,
        zone,
    )


def _told(part: Any) -> ToldNow | None:
    id_, kind, about, zone, seen_at = part
    return None if id_ is None else ToldNow(as_id(id_), kind, about, zone, seen_at is not None)
