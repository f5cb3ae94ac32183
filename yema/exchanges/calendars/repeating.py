"""Repeated events (RRULE): every so many days or weeks, on some weekdays, until a day or so many times. Nothing else is understood."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from yema.exchanges.calendars.clocks import Clock, day_of

TIMES_MAX = 60
_BACK_DAYS_MAX = 400
"""What began longer ago is not counted through."""
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
_NUMBER = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_DAY = timedelta(days=1)


class Rule(Struct, frozen=True):
    """How an event repeats. `until` is what the clock in UTC shows, or the last day."""

    weekly: bool
    every: int
    weekdays: frozenset[int]
    times: int | None
    until: datetime | date | None
    week_begins: int


def rule_of(value: str) -> Rule | None:
    """The rule; None for one that is not understood."""
    parts = dict(part.split("=", 1) for part in value.strip().upper().split(";") if "=" in part)
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    numbers = [parts[name] for name in ("INTERVAL", "COUNT") if name in parts]
    until = _until(parts["UNTIL"]) if "UNTIL" in parts else None
    understood = (
        parts.keys() <= _PARTS
        and parts.get("FREQ") in ("DAILY", "WEEKLY")
        and all(_NUMBER.fullmatch(number) for number in numbers)
        and all(day in _WEEKDAYS for day in [*days, parts.get("WKST", "MO")])
        and ("UNTIL" in parts) == (until is not None)
    )
    if not understood:
        return None
    return Rule(
        weekly=parts["FREQ"] == "WEEKLY",
        every=int(parts.get("INTERVAL", 1)),
        weekdays=frozenset(_WEEKDAYS[day] for day in days),
        times=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=until,
        week_begins=_WEEKDAYS[parts.get("WKST", "MO")],
    )


def repetitions(start: Clock, rule: Rule, first: date, last: date) -> list[Clock] | None:
    """When it happens from one day to another (by the clock that it goes by), one more than `TIMES_MAX` at most.

    None where it began too long ago.
    """
    if first - start.wall.date() > timedelta(days=_BACK_DAYS_MAX):
        return None
    found: list[Clock] = []
    for number, day in enumerate(_days(start.wall.date(), last, rule)):
        clock = start.on(day)
        if (rule.times is not None and number >= rule.times) or _is_over(clock, rule.until):
            break
        if day >= first:
            found.append(clock)
        if len(found) > TIMES_MAX:
            break
    return found


def _days(start: date, last: date, rule: Rule) -> Iterator[date]:
    """The days up to the last; the first is always one of them."""
    begun = (start.weekday() - rule.week_begins) % 7
    wanted = rule.weekdays or frozenset([start.weekday()] if rule.weekly else range(7))
    for number in range(min((last - start).days, 2 * _BACK_DAYS_MAX) + 1):
        turn = (begun + number) // 7 if rule.weekly else number
        if number == 0 or (turn % rule.every == 0 and (start.weekday() + number) % 7 in wanted):
            yield start + number * _DAY


def _is_over(clock: Clock, until: datetime | date | None) -> bool:
    if isinstance(until, datetime):
        return (clock.instant if until.tzinfo else clock.wall) > until
    return until is not None and clock.wall.date() > until


def _until(value: str) -> datetime | date | None:
    if day := day_of(value):
        return day
    form = "%Y%m%dT%H%M%S%z" if value.endswith("Z") else "%Y%m%dT%H%M%S"
    try:
        return datetime.strptime(value, form)  # noqa: DTZ007 - without a Z, it is a clock on the wall
    except ValueError:
        return None
