"""Slots that come again: on which days, and how all of them move with one. Pure.

Everything is reckoned on the clock on the wall: a reflection at 21:00 stays one at 21:00 when the clocks change in between.
"""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

import msgspec
from msgspec import UNSET, Struct

from yema.errors import N_, FieldError, Invalid
from yema.exchanges.errors import TooManyRepeats
from yema.exchanges.plan import SlotBody
from yema.exchanges.rules import at_wall, check_span, moved_end, on_wall
from yema.exchanges.schemas.plan.plan import RepeatDraft, SlotChange

REPEATS_MAX = 60
"""So many slots, the first one counted."""
DAYS_MAX = 366


class Move(Struct, frozen=True):
    """How far start and end go on the wall; `end_by` is None where the end goes along. `zone` is None where each keeps its own."""

    start_by: timedelta
    end_by: timedelta | None
    zone: str | None


def days_of(first: date, repeat: RepeatDraft) -> list[date]:
    """The days, `first` among them. Raises `Invalid` for an end before it, `TooManyRepeats`."""
    if repeat.until < first:
        raise Invalid(FieldError("/repeat/until", "invalid", N_("This value is not allowed here.")))
    if (repeat.until - first).days > DAYS_MAX:
        raise TooManyRepeats
    found = [
        day
        for late in range(0, (repeat.until - first).days + 1, repeat.every)
        if (day := first + timedelta(late)) == first or repeat.weekdays is UNSET or day.isoweekday() in repeat.weekdays
    ]
    if len(found) > REPEATS_MAX:
        raise TooManyRepeats
    return found


def repeated(first: SlotBody, repeat: RepeatDraft) -> list[SlotBody]:
    """The slot and those that repeat it, with one `series`. Ids follow from the first one's and the day, so a phone can ask twice."""
    wall = on_wall(first.starts_at, first.zone)
    first = msgspec.structs.replace(first, series=first.id)
    return [first, *(_on(first, day, wall) for day in days_of(wall.date(), repeat)[1:])]


def _on(first: SlotBody, day: date, wall: datetime) -> SlotBody:
    starts_at = at_wall(day, wall.time(), first.zone)
    ends_at = moved_end(first.starts_at, first.ends_at, starts_at, first.zone)
    check_span(starts_at, ends_at)
    return msgspec.structs.replace(first, id=_id_on(first.id, day), starts_at=starts_at, ends_at=ends_at)


def _id_on(first: UUID, day: date) -> UUID:
    return uuid5(first, day.isoformat())


def move_of(before: SlotBody, after: SlotBody, change: SlotChange) -> Move | None:
    """What a change of one slot's times means for the others of its series; None where no time was named."""
    if change.starts_at is UNSET and change.ends_at is UNSET and change.zone is UNSET:
        return None
    return Move(
        start_by=_wall(after.starts_at, after.zone) - _wall(before.starts_at, before.zone),
        end_by=None
        if change.ends_at is UNSET
        else _wall(after.ends_at, after.zone) - _wall(before.ends_at, before.zone),
        zone=None if change.zone is UNSET else after.zone,
    )


def moved(slot: SlotBody, move: Move) -> SlotBody:
    """The slot with its times moved so far on the wall. Raises `EndsBeforeItStarts`."""
    zone = move.zone or slot.zone
    starts_at = _later(slot.starts_at, slot.zone, move.start_by, zone)
    if move.end_by is None:
        ends_at = moved_end(slot.starts_at, slot.ends_at, starts_at, zone)
    else:
        ends_at = _later(slot.ends_at, slot.zone, move.end_by, zone)
    check_span(starts_at, ends_at)
    return msgspec.structs.replace(slot, starts_at=starts_at, ends_at=ends_at, zone=zone)


def _later(instant: datetime, zone: str, by: timedelta, new_zone: str) -> datetime:
    if not by and zone == new_zone:
        return instant  # in an hour that comes twice it stays the showing that it was
    wall = _wall(instant, zone) + by
    return at_wall(wall.date(), wall.time(), new_zone)


def _wall(instant: datetime, zone: str) -> datetime:
    return on_wall(instant, zone).replace(tzinfo=None)
