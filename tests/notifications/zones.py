"""Every zone of the world, and when its clocks change in 2026 and 2027."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)
"""Clocks change, and nights and slots begin, at whole quarters of an hour."""
DAY = timedelta(days=1)
ORDINARY = datetime(2027, 7, 14, 12, tzinfo=UTC)


class Days(NamedTuple):
    """A night and a day of a zone with their instants, a quarter of an hour each, and the minutes that its walls show then."""

    zone: str
    instants: list[datetime]
    walls: list[int]

    def nights(self, quiet_from: str, quiet_until: str) -> list[bool]:
        """Which of them lie in the quiet hours, by what the wall shows and nothing else."""
        begins, ends = minutes(quiet_from), minutes(quiet_until)
        if begins <= ends:
            return [begins <= wall < ends for wall in self.walls]
        return [wall >= begins or wall < ends for wall in self.walls]


def minutes(hour: str) -> int:
    return int(hour[:2]) * 60 + int(hour[3:])


@cache
def changes_of(zone: str) -> list[datetime]:
    """The instants at which its clocks change, found by asking on every day."""
    wall, found = ZoneInfo(zone), []
    for days in range((END - START).days):
        at = START + days * DAY
        if at.astimezone(wall).utcoffset() != (at + DAY).astimezone(wall).utcoffset():
            before = at.astimezone(wall).utcoffset()
            while at.astimezone(wall).utcoffset() == before:
                at += STEP
            found.append(at)
    return found


def days_of(zone: str) -> Iterator[Days]:
    """A day and a half around each change of its clocks, and around an ordinary noon."""
    wall = ZoneInfo(zone)
    for middle in [ORDINARY, *changes_of(zone)]:
        instants = [middle - DAY + number * STEP for number in range(3 * 96)]
        shown = [instant.astimezone(wall) for instant in instants]
        yield Days(zone, instants, [one.hour * 60 + one.minute for one in shown])


def every_zone() -> list[str]:
    return sorted(available_timezones())
