"""What people can bear: days with pauses, and nights. And the days of the exchange."""

from collections.abc import Callable
from datetime import time, timedelta

from yema.exchanges.rules import at_wall
from yema.exchanges.warnings.timetable import HOUR, MINUTE, Finding, Life, Stretch, Timetable, in_order

WITHOUT_PAUSE_MAX = 4 * HOUR
PAUSE_MIN = 15 * MINUTE
NIGHT_MIN = 9 * HOUR
"""The numbers are those that leaders gave us."""

_Span = dict[tuple[int, int], Finding]


def outside(table: Timetable) -> list[Finding]:
    """`outside_exchange`: slots that begin before its first day or end after the last one, on the wall of its zone."""
    zone = table.exchange.zone
    first = at_wall(table.exchange.starts_on, time(), zone).timestamp()
    last = at_wall(table.exchange.ends_on + timedelta(1), time(), zone).timestamp()
    return [
        Finding("outside_exchange", [stretch], start=stretch.start)
        for stretch in table.all_slots
        if stretch.start < first or stretch.end > last
    ]


def long_stretches(lives: list[Life]) -> list[Finding]:
    """`no_pause`: more than four hours in which the same people never have fifteen minutes for themselves.

    Meals, free time and gaps in the plan are pauses. A journey is none, but sitting in a bus for long is not what this is about: what
    is nothing but journeys is left out. Groups that have no pause in the same hours are one finding.
    """
    found: _Span = {}
    for life in lives:
        begin = end = first = 0
        for number, stretch in enumerate(life.slots):
            if not stretch.busy:
                continue
            if stretch.start - end >= PAUSE_MIN:
                if end - begin > WITHOUT_PAUSE_MAX:
                    _note(found, life, "no_pause", begin, end, life.slots[first:number])
                begin, first = stretch.start, number
            if stretch.end > end:
                end = stretch.end
        if end - begin > WITHOUT_PAUSE_MAX:
            _note(found, life, "no_pause", begin, end, life.slots[first:])
    return _united(found, lambda start, end: end - start - WITHOUT_PAUSE_MAX)


def short_nights(lives: list[Life]) -> list[Finding]:
    """`short_night`: less than nine hours between the end of what began on one day and what begins first on another, for the same people.

    A day lasts until three in the morning (`UP_UNTIL`). Groups whose nights have the same hours are one finding.
    """
    found: _Span = {}
    for life in lives:
        end, day, last = 0, 0, None
        for stretch in life.slots:
            if stretch.waking != day:
                if last is not None and 0 <= stretch.start - end < NIGHT_MIN:
                    _add(found, life, "short_night", (end, stretch.start), [last, stretch])
                day = stretch.waking
            if stretch.end >= end:
                end, last = stretch.end, stretch
    return _united(found, lambda start, end: NIGHT_MIN - (end - start))


def _note(found: _Span, life: Life, code: str, begin: int, end: int, slots: list[Stretch]) -> None:
    busy = [stretch for stretch in slots if stretch.busy]
    if any(stretch.slot.kind != "travel" for stretch in busy):
        _add(found, life, code, (begin, end), busy)


def _add(found: _Span, life: Life, code: str, span: tuple[int, int], slots: list[Stretch]) -> None:
    finding = found.setdefault(span, Finding(code, [], start=span[0], end=span[1]))
    finding.people |= life.people
    finding.slots += slots


def _united(found: _Span, missing: Callable[[int, int], int]) -> list[Finding]:
    for finding in found.values():
        finding.slots = in_order(finding.slots)
        finding.by = -(-missing(finding.start, finding.end) // MINUTE)
    return list(found.values())
