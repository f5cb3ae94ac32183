"""What is certain and reaches no phone goes by mail."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from yema.database import as_id, as_instant, fetch
from yema.database.listed import as_list, ids, with_list
from yema.database.many import Rows
from yema.ids import uuid7
from yema.notifications.delivering.checking import Fate
from yema.notifications.delivering.claiming import Batch

PATIENCE = timedelta(minutes=2)
"""So long a push may wait with trouble before a mail goes, too."""
AT_ONCE = 200
FAILED = ("gone", "refused", "expired", "logged")

_WAYS = with_list(
    "SELECT n.id, n.told_at, d.channel, d.state, d.trouble IS NOT NULL, d.made_at, d.next_at, d.sent_at, c.broken_since IS NOT NULL"
    " FROM <list> l JOIN notification n ON n.id = l.id JOIN delivery d ON d.notification = n.id"
    " LEFT JOIN notification_channel c ON c.channel = d.channel",
    id="uuid",
)
_LEFT = with_list(
    "SELECT d.notification FROM delivery d JOIN notification n ON n.id = d.notification JOIN person p ON p.id = d.person"
    " JOIN <list> k ON k.kind = n.kind"
    " WHERE d.state = 'waiting' AND d.channel = {} AND d.urgent = {} AND d.made_at <= {} AND n.seen_at IS NULL"
    " AND n.expires_at > {} AND p.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery m"
    " WHERE m.notification = n.id AND m.channel = 'email' AND m.made_at >= n.told_at) LIMIT {}",
    kind="text",
)
_MAILBOXES = with_list(
    "SELECT n.id, n.person, n.topic, n.urgent, n.expires_at FROM <list> l JOIN notification n ON n.id = l.id"
    " JOIN person p ON p.id = n.person"
    " WHERE n.seen_at IS NULL AND n.expires_at > {} AND p.email IS NOT NULL AND p.suspended_at IS NULL",
    id="uuid",
)
_MAILS = Rows(
    "delivery",
    conflict="ON CONFLICT (target, topic) WHERE state = 'waiting' DO NOTHING",
    id="uuid",
    notification="uuid",
    person="uuid",
    target="uuid",
    channel="text",
    cadence="text",
    topic="text",
    state="text",
    urgent="boolean",
    made_at="timestamptz",
    next_at="timestamptz",
    expires_at="timestamptz",
)


class Way(NamedTuple):
    """A delivery of a notification that was last told at `told_at`. `troubled`: it failed the last time, or its channel is broken."""

    told_at: datetime
    channel: str
    state: str
    troubled: bool
    made_at: datetime
    tried_at: datetime
    sent_at: datetime | None

    def reaches(self) -> bool:
        """It brought this telling, or soon brings it; mails that were made for it are let alone."""
        if self.channel == "email":
            return self.state == "waiting" or self.made_at >= self.told_at
        if self.state == "waiting":
            return not self.troubled or self.tried_at - self.made_at <= PATIENCE
        return self.sent_at is not None and self.sent_at >= self.told_at

    def fails(self) -> bool:
        return self.channel != "email" and self.state in (*FAILED, "waiting")


def unreached(ways: Iterable[Way]) -> bool:
    """Whether something was tried, and all of it failed."""
    known = list(ways)
    return any(way.fails() for way in known) and not any(way.reaches() for way in known)


async def mail_instead(
    batch: Batch, fates: Sequence[Fate], certain: Collection[str], at: datetime, *, broken: bool
) -> None:
    """Mail what of these kinds reaches no device by now, where there is a mailbox; of a `broken` channel also what waits for it.

    After the fates are written, inside their transaction.
    """
    if batch.channel == "email" or not certain:
        return
    missing = {one.delivery for one in fates if one.state in FAILED or (one.state == "waiting" and one.trouble)}
    told = {due.told.id for due in batch.due if due.id in missing and due.told and due.told.kind in certain}
    if broken:
        kinds = as_list([name] for name in sorted(certain))
        rows = await fetch(_LEFT, kinds, batch.channel, True, at - PATIENCE, at, AT_ONCE)
        told |= {as_id(row[0]) for row in rows}
    if told and (lost := await _unreached(told, at)):
        rows = await fetch(_MAILBOXES, ids(lost), at)
        await _MAILS.insert(_mail(row, at) for row in rows)


async def _unreached(told: Collection[UUID], at: datetime) -> list[UUID]:
    ways: dict[UUID, list[Way]] = defaultdict(list)
    for id_, told_at, channel, state, troubled, made_at, next_at, sent_at, broken in await fetch(_WAYS, ids(told)):
        tried_at = max(at, as_instant(next_at)) if troubled else at
        sent = as_instant(sent_at) if sent_at else None
        way = Way(as_instant(told_at), channel, state, bool(troubled or broken), as_instant(made_at), tried_at, sent)
        ways[as_id(id_)].append(way)
    return sorted(one for one, its in ways.items() if unreached(its))


def _mail(row: Sequence[Any], at: datetime) -> tuple[Any, ...]:
    id_, person, topic, urgent, expires_at = row
    return (
        uuid7(),
        as_id(id_),
        as_id(person),
        as_id(person),
        "email",
        "immediate",
        topic,
        "waiting",
        bool(urgent),
        at,
        at,
        as_instant(expires_at),
    )
