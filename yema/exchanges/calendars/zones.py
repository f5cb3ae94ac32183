"""VTIMEZONE: how a zone's clock goes over some days, for programs that do not know the zone by its name.

The icalendar library makes these too, but looks 64 days ahead at a time, and so misses Morocco's Ramadan.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from yema.exchanges.rules import zone_of

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock on the wall


@lru_cache(64)
def vtimezone(zone: str, first: datetime, last: datetime) -> Timezone:
    """The zone from one instant to another; one observance for each stretch between two changes of its clock."""
    info = zone_of(zone)
    found = Timezone()
    found.add("tzid", zone)
    found.add_component(_observance(info, first - _DAY, None))
    for change in _changes(info, first - _DAY, last + _DAY):
        found.add_component(_observance(info, change, _offset(info, change - _SECOND)))
    return found


def _observance(info: ZoneInfo, since: datetime, before: timedelta | None) -> TimezoneStandard | TimezoneDaylight:
    """From `since` on. It starts when the clock, still going as `before`, shows that time (RFC 5545, 3.6.5)."""
    there = since.astimezone(info)
    offset = _offset(info, since)
    made = TimezoneDaylight() if there.dst() else TimezoneStandard()
    made.add("dtstart", _LONG_AGO if before is None else (since + before).replace(tzinfo=None))
    made.add("tzoffsetfrom", offset if before is None else before)
    made.add("tzoffsetto", offset)
    made.add("tzname", there.tzname() or "")
    return made


def _changes(info: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The instants (UTC) in between at which the clock is changed. None was ever changed and changed back within a day."""
    found, day = [], first
    while day < last:
        following = min(day + _DAY, last)
        if _offset(info, day) != _offset(info, following):
            found.append(_change(info, day, following))
        day = following
    return found


def _change(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = _offset(info, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if _offset(info, middle) == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _offset(info: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(info).utcoffset() or timedelta()


def is_universal(zone: str) -> bool:
    """Whether the zone is UTC by one of its names; that needs no description."""
    return zone_of(zone).utcoffset(_LONG_AGO) == timedelta() and zone.rpartition("/")[2] in (
        "UTC",
        "UCT",
        "Zulu",
        "Universal",
    )
