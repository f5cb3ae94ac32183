"""An iCalendar file (RFC 5545) of somebody else as what could become slots.

Events by a clock on the wall (floating ones) are by the clocks of the exchange. What repeats is taken on the days of the exchange only;
whatever else is outside them is taken with a note, since a plan may begin before everybody is there.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from yema.exchanges.calendars.clocks import Clock, clock_of, day_of, length_of
from yema.exchanges.calendars.content_lines import Component, Line, components
from yema.exchanges.calendars.event import clean
from yema.exchanges.calendars.found import Days, Found, Reading
from yema.exchanges.calendars.ics import UID_END
from yema.exchanges.calendars.repeating import TIMES_MAX, repetitions, rule_of
from yema.exchanges.errors import CalendarUnreadable
from yema.exchanges.kinds import kind_meant
from yema.exchanges.rules import SLOT_MAX
from yema.exchanges.schemas.common import SlotKind
from yema.i18n import nearest

_HOUR = timedelta(hours=1)
_PEOPLE = ("ATTENDEE", "ORGANIZER", "CONTACT")
_TEXTS = ("DESCRIPTION", "ATTACH", "URL", "COMMENT", "CONFERENCE")


def read_ics(body: bytes, days: Days) -> Reading:
    """What is in the file. Raises `CalendarUnreadable`, `TooManyEvents`."""
    reading = Reading()
    events: list[Component] = []
    for component in components(text_of(body)):
        if component.name == "VEVENT":
            reading.begin_event()
            events.append(component)
        elif component.name != "VTIMEZONE":
            reading.note("not_an_event", component.number)
    moved = _moved(events, days)
    for event in events:
        _Event(event, days, reading).read(moved)
    return reading


def text_of(body: bytes) -> str:
    """The text of a file, which is UTF-8 and holds no NUL. Raises `CalendarUnreadable`."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CalendarUnreadable from None
    if "\x00" in text or not text.strip():
        raise CalendarUnreadable
    return text


def _moved(events: list[Component], days: Days) -> dict[str, set[datetime]]:
    """Of events that repeat, which times stand in the file as an event of their own."""
    found: dict[str, set[datetime]] = defaultdict(set)
    for event in events:
        if (line := event.first("RECURRENCE-ID")) and (clock := clock_of(line, line.value, days.zone)):
            found[_key(event)].add(clock.instant)
    return found


class _Event:
    """One event while it is read."""

    def __init__(self, component: Component, days: Days, reading: Reading) -> None:
        self.component = component
        self.days = days
        self.reading = reading
        summary = component.first("SUMMARY")
        self.title = reading.title_of(clean(summary.text), component.number) if summary else ""
        self.locale = nearest(summary.parameters.get("LANGUAGE", "")[:20]) if summary else None

    def read(self, moved: dict[str, set[datetime]]) -> None:
        status, start = self.component.first("STATUS"), self.component.first("DTSTART")
        if status and status.value.strip().upper() == "CANCELLED":
            self._note("cancelled")
            return
        if start and (start.parameters.get("VALUE", "").upper() == "DATE" or day_of(start.value)):
            self._note("all_day")
            return
        clock = clock_of(start, start.value, self.days.zone) if start else None
        length = self._length(clock) if clock else None
        if clock is None or length is None:
            self._note("time")
        elif not timedelta() < length <= SLOT_MAX:
            self._note("length")
        else:
            self._take(clock, length, moved)
            self._leave_out()

    def _length(self, start: Clock) -> timedelta | None:
        end, lasts = self.component.first("DTEND"), self.component.first("DURATION")
        if end:
            clock = clock_of(end, end.value, self.days.zone)
            return clock.instant - start.instant if clock else None
        if lasts:
            return length_of(lasts.value)
        self._note("no_end")
        return _HOUR

    def _take(self, start: Clock, length: timedelta, moved: dict[str, set[datetime]]) -> None:
        if not start.known:
            self._note("zone")
        key = _key(self.component)
        repeats, instead = self.component.first("RRULE"), self.component.first("RECURRENCE-ID")
        if instead and (original := clock_of(instead, instead.value, self.days.zone)):
            self._add(_one_of(key, original.instant), start.instant, length, start.zone)
        elif repeats:
            left_out = {*moved.get(key, ()), *self._exceptions()}
            for clock in self._repeated(repeats, start):
                if clock.instant not in left_out and clock.wall.date() not in left_out:
                    self._add(_one_of(key, clock.instant), clock.instant, length, clock.zone)
        else:
            self._add(key, start.instant, length, start.zone)

    def _repeated(self, repeats: Line, start: Clock) -> list[Clock]:
        """When it happens during the exchange; where that is not understood, the one time that it says itself."""
        rule = rule_of(repeats.value)
        clocks = repetitions(start, rule, self.days.first, self.days.last) if rule else None
        if clocks is None:
            during = self.days.include(start.instant)
            self._note("repeats" if during else "repeats_left_out")
            return [start] if during else []
        if not clocks:
            self._note("never")
        elif len(clocks) > TIMES_MAX:
            self._note("too_often")
        return clocks[:TIMES_MAX]

    def _exceptions(self) -> Iterator[datetime | date]:
        for line in self.component.lines:
            if line.name == "EXDATE":
                for value in line.value.split(",")[: 10 * TIMES_MAX]:
                    if day := day_of(value):
                        yield day
                    elif clock := clock_of(line, value, self.days.zone):
                        yield clock.instant

    def _add(self, key: str, starts_at: datetime, length: timedelta, zone: str) -> None:
        if not self.days.include(starts_at):
            self._note("outside")
        place = self.component.first("LOCATION")
        self.reading.add(
            Found(
                key=key,
                at=self.component.number,
                title=self.title,
                kind=self._kind(),
                starts_at=starts_at,
                ends_at=starts_at + length,
                zone=zone,
                place=clean(place.text).strip() if place else "",
                locale=self.locale,
            )
        )

    def _kind(self) -> SlotKind:
        words = [word for line in self.component.lines if line.name == "CATEGORIES" for word in line.texts]
        return next((kind for word in words if (kind := kind_meant(word))), "other")

    def _leave_out(self) -> None:
        """Note what an event has that a slot has not."""
        names = {line.name for line in self.component.lines if line.value.strip()}
        if names & {*_PEOPLE}:
            self._note("people")
        if names & {*_TEXTS}:
            self._note("text")
        if "RDATE" in names or "EXRULE" in names:
            self._note("repeats")
        if "VALARM" in self.component.inner:
            self._note("alarm")
        for number in self.component.broken:
            self.reading.note("unreadable", number, self.title)

    def _note(self, what: str) -> None:
        self.reading.note(what, self.component.number, self.title)


def _key(event: Component) -> str:
    """The event's UID; where it has none, what it says. Ours are the ids of slots."""
    uid = event.first("UID")
    if uid and uid.value.strip():
        return uid.text.strip().removesuffix(UID_END)
    said = "\n".join(line.value for name in ("DTSTART", "SUMMARY") if (line := event.first(name)))
    return hashlib.sha256(said.encode()).hexdigest()


def _one_of(key: str, original: datetime) -> str:
    """One of the times of an event that repeats, by when it was meant to be at first."""
    return f"{key}\n{original.isoformat()}"
