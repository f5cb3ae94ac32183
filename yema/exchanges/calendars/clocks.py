"""Times as calendars of others write them: in UTC, by the clock of a named zone, or by whatever clock hangs on the wall."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from yema.exchanges.calendars.content_lines import Line
from yema.exchanges.errors import UnknownZone
from yema.exchanges.rules import FIRST, LAST, at_wall, known_zone

_TIME = re.compile(r"(\d{8})T(\d{6})(Z?)", re.ASCII)
_DATE = re.compile(r"\d{8}", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?", re.ASCII
)


class Clock(NamedTuple):
    """What a clock shows (`wall`, naive), whose clock it is, and in which zone it is to be shown to people.

    `known` is False where the file names a zone that nobody knows.
    """

    wall: datetime
    of: str
    zone: str
    known: bool = True

    @property
    def instant(self) -> datetime:
        """In UTC."""
        return at_wall(self.wall.date(), self.wall.time(), self.of)

    def on(self, day: date) -> "Clock":
        """The same hour on another day."""
        return self._replace(wall=datetime.combine(day, self.wall.time()))


def clock_of(line: Line, value: str, here: str) -> Clock | None:
    """The time that a property says; None for what is no time. Without a zone, or with an unknown one, it is by the clocks `here`."""
    match = _TIME.fullmatch(value.strip())
    if match is None:
        return None
    try:
        wall = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")  # noqa: DTZ007 - a clock on the wall
    except ValueError:
        return None
    if not FIRST + timedelta(days=1) < wall.replace(tzinfo=UTC) < LAST - timedelta(days=1):
        return None
    if match[3]:
        return Clock(wall, "UTC", here)
    named = line.parameters.get("TZID")
    zone = zone_meant(named) if named else here
    return Clock(wall, zone or here, zone or here, known=zone is not None)


def day_of(value: str) -> date | None:
    """The date that a property says; None for what is none."""
    if not _DATE.fullmatch(value.strip()):
        return None
    try:
        return datetime.strptime(value.strip(), "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None


def length_of(value: str) -> timedelta | None:
    """A DURATION (3.3.6); None for what is none, or runs backwards."""
    match = _DURATION.fullmatch(value.strip())
    if match is None or value.strip().endswith(("P", "T")):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def zone_meant(name: str) -> str | None:
    """The IANA zone that is meant by a name: Outlook has its own, and others put a path before it."""
    parts = name.strip("/").split("/")[-3:]
    meant = WINDOWS_TO_OLSON.get(name, name)
    for candidate in (meant, *("/".join(parts[at:]) for at in range(len(parts) - 1))):
        try:
            return known_zone(candidate)
        except UnknownZone:
            continue
    return None
