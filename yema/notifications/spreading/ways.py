"""By which ways something reaches a person, as they chose. Pure: rows come in, rows go out."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yema.changes.notified import Cadence, NotificationKind, Telling
from yema.notifications.rules import DIGEST_KEPT_FOR, next_digest
from yema.notifications.spreading.audience import Someone

Target = tuple[UUID, UUID | None, str]
"""Whose it is or which one, the device (None: a mailbox), and its channel."""


class Way(NamedTuple):
    """A delivery to be made. Without a `notification` it is that of a digest."""

    target: UUID
    topic: str
    notification: UUID | None
    person: UUID
    device: UUID | None
    channel: str
    cadence: Cadence
    urgent: bool
    next_at: datetime
    expires_at: datetime


def ways(
    kind: NotificationKind, telling: Telling, notification: UUID, someone: Someone, at: datetime, *, urgent: bool
) -> Iterator[Way]:
    """The ways of one notification to one person; none where they want to find it in their inbox only."""
    push = "immediate" if kind.certain else someone.chosen.get((kind.name, "push"), kind.push)
    email = someone.chosen.get((kind.name, "email"), kind.email)
    if kind.certain and not someone.devices:
        email = "immediate"
    if kind.covered:
        email = "off"

    def way(target: Target, cadence: Cadence, zone: str) -> Way:
        of, device, channel = target
        if cadence == "immediate":
            topic, about, next_at, expires_at = telling.topic, notification, at + telling.hold, telling.expires_at
            return Way(of, topic, about, someone.id, device, channel, cadence, urgent, next_at, expires_at)
        next_at = next_digest(at, telling.zone or zone, cadence)
        expires_at = next_at + DIGEST_KEPT_FOR[cadence]
        return Way(of, f"digest:{cadence}", None, someone.id, device, channel, cadence, False, next_at, expires_at)

    if push != "off":
        for device in someone.devices:
            yield way((device.id, device.id, device.channel), push, device.zone)
    if email != "off" and someone.email:
        yield way((someone.id, None, "email"), email, someone.zone())
