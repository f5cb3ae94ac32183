"""Nights, digests and minutes before: when somebody wants to hear. Pure, and by the clock on the wall of a place.

An hour that comes twice, since the clocks go back, is judged each time; one that is left out is nobody's night.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from yema.changes.notified import About, Cadence
from yema.i18n.zones import zone_or_utc

MINUTES_BEFORE = (5, 10, 15, 20, 30, 45, 60, 90, 120)
"""How long before a slot somebody may want to be told, beside not at all (0)."""

DIGEST_KEPT_FOR = {"daily": timedelta(days=1), "weekly": timedelta(days=3)}
"""So long after its instant a digest is still worth sending."""

BEGINS_FOR = timedelta(minutes=2)
"""So long something is only just beginning: whoever's night ends as it begins is still told."""

_DAY = timedelta(days=1)
_DAILY_AT, _WEEKLY_AT = time(18), time(9)
_MONDAY = 0


class Habit(NamedTuple):
    """How many minutes before a slot somebody wants to be told (0: not at all), and when their phone is quiet, on a wall's clock."""

    minutes_before: int = 15
    quiet_from: str = "22:00"
    quiet_until: str = "07:00"


USUAL = Habit()
"""Of whoever has chosen nothing."""


class Reminder(NamedTuple):
    """When somebody is told of what begins; `urgent` also in their night."""

    at: datetime
    urgent: bool


def night_ends(at: datetime, zone: str, quiet_from: str, quiet_until: str) -> datetime | None:
    """The instant (UTC) at which the present night ends on the wall's clock, None when it is not night.

    The night is `HH:MM` to `HH:MM`, without its last minute, past midnight where the first is later; the same twice is no night. Where
    the clocks leave out its end, it ends as they change.
    """
    wall, begins, ends = zone_or_utc(zone), _minute(quiet_from), _minute(quiet_until)

    def is_night(instant: datetime) -> bool:
        now = _since_midnight(instant, wall)
        return begins <= now < ends if begins <= ends else now >= begins or now < ends

    at = at.astimezone(UTC)
    if not is_night(at):
        return None
    while True:
        end = at + ((ends - _since_midnight(at, wall)) % _DAY or _DAY)
        changed = _clocks_change(at, end, wall)
        if changed is None:
            return end
        if not is_night(changed):
            return changed
        at = changed


def next_digest(at: datetime, zone: str, cadence: Cadence) -> datetime:
    """The first instant (UTC) after this one at which what was gathered is told: at 18:00, or on Monday at 09:00."""
    wall = zone_or_utc(zone)
    today = at.astimezone(wall).date()
    hour = _DAILY_AT if cadence == "daily" else _WEEKLY_AT
    for days in range(9):
        day = today + days * _DAY
        instant = datetime.combine(day, hour, wall).astimezone(UTC)
        if instant > at and (cadence == "daily" or day.weekday() == _MONDAY):
            return instant
    raise AssertionError("Each week has a Monday.")


def due_at(begins_at: datetime, minutes: int) -> datetime:
    """So many minutes before; real ones, whatever the clocks do meanwhile."""
    return begins_at - timedelta(minutes=minutes)


def reminder(begins_at: datetime, zone: str, habit: Habit, *, urgent: bool = False) -> Reminder | None:
    """When to tell somebody of what begins; None where they do not want it.

    What begins in their night is told at its minute, and wakes them. What begins later, but would be told in the night, waits for the
    night's end, which is its beginning at the latest.
    """
    if not habit.minutes_before:
        return None
    due, quiet = due_at(begins_at, habit.minutes_before), (habit.quiet_from, habit.quiet_until)
    if urgent or night_ends(begins_at, zone, *quiet):
        return Reminder(due, urgent=True)
    return Reminder(night_ends(due, zone, *quiet) or due, urgent=False)


def next_look(at: datetime, begins_at: datetime, reminders: list[datetime]) -> datetime | None:
    """When to look again who is to be told: people may change how many minutes they want until the last of them is told."""
    looks = [due_at(begins_at, minutes) for minutes in MINUTES_BEFORE]
    return min((look for look in [*looks, *reminders] if look > at), default=None)


@lru_cache(maxsize=1440)
def _minute(hour: str) -> timedelta:
    read = time.fromisoformat(hour)
    return timedelta(hours=read.hour, minutes=read.minute)


def as_texts(about: About) -> dict[str, str]:
    """The ids and numbers by which an app opens what it was told, all as text, as push services carry them."""
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in about.items()
        if value is not None
    }


def _since_midnight(at: datetime, wall: ZoneInfo) -> timedelta:
    shown = at.astimezone(wall)
    return timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)


def _clocks_change(start: datetime, end: datetime, wall: ZoneInfo) -> datetime | None:
    """The instant in (start, end] from which on the clock goes differently. There is no second one within a day."""

    def differs(instant: datetime) -> bool:
        return instant.astimezone(wall).utcoffset() != start.astimezone(wall).utcoffset()

    return _first(start, end, differs) if differs(end) else None


def _first(start: datetime, end: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """The first whole second in (start, end] at which it holds, where it does at the end and from somewhere on."""
    low, high = int(start.timestamp()), int(-(-end.timestamp() // 1))
    while high - low > 1:
        middle = (low + high) // 2
        if holds(datetime.fromtimestamp(middle, UTC)):
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
