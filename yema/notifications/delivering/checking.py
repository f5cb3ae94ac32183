"""What has become of a delivery since it was made, before anything is sent. Pure."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from yema.notifications.delivering.claiming import Due
from yema.notifications.rules import night_ends

State = Literal["waiting", "sent", "logged", "moot", "expired", "refused", "gone"]


class Fate(NamedTuple):
    """What is to be written of a delivery. `next_at` counts where it waits on; `counted`: the attempt was one."""

    delivery: UUID
    round: int
    state: State
    next_at: datetime
    trouble: str | None = None
    counted: bool = True
    sent_at: datetime | None = None


def fate(due: Due, state: State, at: datetime, trouble: str | None = None) -> Fate:
    """The end of a delivery."""
    return Fate(due.id, due.round, state, at, trouble)


def look_again(due: Due, channel: str, at: datetime, *, certain: bool = False) -> Fate | None:
    """What becomes of it without being sent; None where it is to be sent now.

    Who was suspended, has signed out, or gave the phone to somebody else gets nothing; nor is anything told that was seen, that is of no
    use any more, or that they have turned off meanwhile, unless its kind is `certain`. At night only what is urgent comes by push: the
    rest waits for the morning.
    """
    if due.suspended or not _still_theirs(due, channel) or (due.told is not None and due.told.seen):
        return fate(due, "moot", at)
    if not certain and due.chosen not in (None, due.cadence):
        return fate(due, "moot", at)
    if due.expires_at <= at:
        return fate(due, "expired", at)
    if due.device is None or due.urgent:
        return None
    zone = (due.told.zone if due.told else None) or due.device.zone
    morning = night_ends(at, zone, due.quiet_from, due.quiet_until)
    return None if morning is None else Fate(due.id, due.round, "waiting", morning, counted=False)


def _still_theirs(due: Due, channel: str) -> bool:
    if due.by_mail:
        return bool(due.email)
    device = due.device
    return device is not None and not device.ended and device.person == due.person and device.channel == channel
