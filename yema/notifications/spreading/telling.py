"""Writing down what is told: a line in each inbox, one for each topic while it is unseen, and the ways to the phones."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from yema.changes.notified import About, NotificationKind, Telling
from yema.database import as_id, as_instant, execute
from yema.database.listed import as_list, with_list
from yema.database.many import Rows
from yema.ids import uuid7
from yema.notifications.spreading.audience import Someone
from yema.notifications.spreading.ways import Way, ways

_OF_PAIRS = "FROM <list> l JOIN notification n ON n.person = l.person AND n.topic = l.topic"
_EVER = with_list(f"SELECT DISTINCT n.person, n.topic {_OF_PAIRS}", person="uuid", topic="text")
# Held, so that whoever looks into their inbox at this moment has seen either the old telling, and gets a new one, or both.
_HOLD_UNSEEN = with_list(
    f"SELECT n.person, n.topic, n.id, n.kind, n.about, n.round, n.urgent, n.expires_at {_OF_PAIRS}"
    " WHERE n.seen_at IS NULL ORDER BY n.id<tail>",
    tail=" FOR UPDATE OF n",
    person="uuid",
    topic="text",
)
_CHANGED: dict[str, str] = {
    "id": "uuid",
    "kind": "text",
    "exchange": "uuid",
    "about": "json",
    "zone": "text",
    "urgent": "boolean",
    "round": "integer",
    "told_at": "timestamptz",
    "expires_at": "timestamptz",
}
_NOTIFICATIONS = Rows("notification", **_CHANGED, person="uuid", topic="text", made_at="timestamptz")
_AGAIN = Rows("notification", **_CHANGED)
# What waits already goes with it. It is not sent later than before, and at once where this is urgent; unless somebody is sending it at
# this moment, who then sees the round.
_DELIVERIES = Rows(
    "delivery",
    conflict="ON CONFLICT (target, topic) WHERE state = 'waiting' DO UPDATE SET round = delivery.round + 1,"
    " notification = excluded.notification, person = excluded.person, channel = excluded.channel,"
    " urgent = delivery.urgent OR excluded.urgent,"
    " expires_at = CASE WHEN excluded.expires_at > delivery.expires_at THEN excluded.expires_at ELSE delivery.expires_at END,"
    " next_at = CASE WHEN excluded.urgent AND delivery.lease IS NULL AND excluded.made_at < delivery.next_at"
    " THEN excluded.made_at ELSE delivery.next_at END",
    target="uuid",
    topic="text",
    notification="uuid",
    person="uuid",
    device="uuid",
    channel="text",
    cadence="text",
    urgent="boolean",
    next_at="timestamptz",
    expires_at="timestamptz",
    id="uuid",
    state="text",
    made_at="timestamptz",
)

Pair = tuple[UUID, str]
"""A person, and a topic."""


class Told(NamedTuple):
    """What one person is told of one topic."""

    kind: NotificationKind
    telling: Telling
    urgent: bool

    def after(self, other: "Told") -> "Told":
        """One of both, where the same is told twice at once."""
        about = self.telling.about
        if self.kind.name == other.kind.name:
            about = self.kind.merge(other.telling.about, about)
        expires_at = max(self.telling.expires_at, other.telling.expires_at)
        telling = self.telling._replace(
            about=about, expires_at=expires_at, once=self.telling.once and other.telling.once
        )
        return Told(self.kind, telling, self.urgent or other.urgent)


async def tell(told: Mapping[Pair, Told], people: Mapping[UUID, Someone], at: datetime) -> None:
    """Write all that is told, and its ways, with a few statements. Inside a transaction that holds the people."""
    told = await _without_those_who_know(told)
    if not told:
        return
    notifications = await _into_inboxes(told, at)
    found: dict[tuple[UUID, str], Way] = {}
    for (person, topic), one in told.items():
        notification = notifications[person, topic]
        for way in ways(one.kind, one.telling, notification, people[person], at, urgent=one.urgent):
            found.setdefault((way.target, way.topic), way)
    # In one order for all, as they are locked.
    await _DELIVERIES.insert((*found[key], uuid7(), "waiting", at) for key in sorted(found))


async def _without_those_who_know(told: Mapping[Pair, Told]) -> Mapping[Pair, Told]:
    once = [pair for pair, one in told.items() if one.telling.once]
    if not once:
        return told
    known = {(as_id(person), topic) for person, topic in await execute(_EVER, as_list(once))} & set(once)
    return {pair: one for pair, one in told.items() if pair not in known}


async def _into_inboxes(told: Mapping[Pair, Told], at: datetime) -> dict[Pair, UUID]:
    """A line for each, or another round of the one that has not been seen: their ids."""
    ids: dict[Pair, UUID] = {}
    again: list[tuple[Any, ...]] = []
    for person, topic, *row in await execute(_HOLD_UNSEEN, as_list(told)):
        pair = (as_id(person), topic)
        old_id, old_kind, old_about, old_round, old_urgent, old_expires_at = row
        ids[pair] = as_id(old_id)
        one = told[pair]
        about = one.telling.about
        if old_kind == one.kind.name:
            about = one.kind.merge(msgspec.json.decode(old_about), about)
        expires_at = max(one.telling.expires_at, as_instant(old_expires_at))
        urgent = one.urgent or bool(old_urgent)
        again.append(_row(ids[pair], one, about, urgent, old_round + 1, at, expires_at))
    new = {pair: uuid7() for pair in told if pair not in ids}
    await _AGAIN.update(again)
    await _NOTIFICATIONS.insert(
        (
            *_row(new[person, topic], one, one.telling.about, one.urgent, 1, at, one.telling.expires_at),
            person,
            topic,
            at,
        )
        for (person, topic), one in told.items()
        if (person, topic) in new
    )
    return ids | new


def _row(
    notification: UUID, one: Told, about: About, urgent: bool, number: int, at: datetime, expires_at: datetime
) -> tuple[Any, ...]:
    text = msgspec.json.encode(about).decode()
    telling = one.telling
    return (notification, one.kind.name, telling.exchange, text, telling.zone, urgent, number, at, expires_at)
