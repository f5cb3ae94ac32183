"""A schedule.json, as frab and pretalx make them, as what could become slots."""

import re
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from yema.exchanges.calendars.clocks import zone_meant
from yema.exchanges.calendars.event import clean
from yema.exchanges.calendars.found import Days, Found, Reading
from yema.exchanges.calendars.frab import NO_ROOM
from yema.exchanges.calendars.reading_ics import text_of
from yema.exchanges.errors import CalendarUnreadable
from yema.exchanges.kinds import kind_meant
from yema.exchanges.rules import FIRST, LAST, SLOT_MAX, at_wall
from yema.i18n import nearest

_LENGTH = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_DAY = timedelta(days=1)


class _Event(Struct):
    title: str
    duration: str
    date: str = ""
    start: str = ""
    guid: str | None = None
    id: int | str | None = None
    room: str | None = None
    track: Any = None
    type: str | None = None
    language: str | None = None
    persons: list[Any] = []
    abstract: str | None = None
    description: str | None = None
    subtitle: str | None = None
    links: list[Any] = []
    attachments: list[Any] = []


class _Day(Struct):
    rooms: dict[str, list[msgspec.Raw]] = {}
    date: str = ""


class _Conference(Struct):
    days: list[_Day]
    time_zone_name: str | None = None


class _Inner(Struct):
    conference: _Conference


class _File(Struct):
    schedule: _Inner


_FILE = msgspec.json.Decoder(_File)
_EVENT = msgspec.json.Decoder(_Event)


def read_frab(body: bytes, days: Days) -> Reading:
    """What is in the file, entry by entry in its order. Raises `CalendarUnreadable`, `TooManyEvents`."""
    text_of(body)
    try:
        conference = _FILE.decode(body).schedule.conference
    except (msgspec.DecodeError, RecursionError):
        raise CalendarUnreadable from None
    reading = Reading()
    named = conference.time_zone_name
    zone = zone_meant(named) if named else days.zone
    if zone is None:
        reading.note("zone", 0)
    at = 0
    for day in conference.days:
        for room, events in day.rooms.items():
            for raw in events:
                at += 1
                reading.begin_event()
                _read(reading, _Place(zone or days.zone, day.date, room), raw, at, days)
    return reading


class _Place(Struct):
    """In which zone, on which day and in which room of the file an entry stands."""

    zone: str
    day: str
    room: str


def _read(reading: Reading, where: _Place, raw: msgspec.Raw, at: int, days: Days) -> None:
    try:
        event = _EVENT.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        reading.note("unreadable", at)
        return
    if "\x00" in f"{event.title}{event.guid}{event.id}{event.room}{where.room}":
        raise CalendarUnreadable
    title = reading.title_of(clean(event.title), at)
    starts_at = _start(event, where)
    length = _length(event.duration)
    if starts_at is None:
        reading.note("time", at, title)
    elif length is None or not timedelta() < length <= SLOT_MAX:
        reading.note("length", at, title)
    else:
        room = clean(event.room or where.room).strip()
        found = Found(
            key=event.guid or (str(event.id) if event.id is not None else f"{starts_at.isoformat()}\n{title}"),
            at=at,
            title=title,
            kind=next((kind for word in (event.type, event.track) if (kind := _kind(word))), "other"),
            starts_at=starts_at,
            ends_at=starts_at + length,
            zone=where.zone,
            place="" if room == NO_ROOM else room,
            locale=nearest((event.language or "")[:20]),
        )
        _note_rest(reading, event, found, days)
        reading.add(found)


def _kind(word: Any) -> Any:
    return kind_meant(word) if isinstance(word, str) else None


def _start(event: _Event, where: _Place) -> datetime | None:
    """The instant; a time without an offset is by the clocks of the schedule's zone."""
    try:
        start = datetime.fromisoformat(event.date or f"{where.day}T{event.start}")
        if not FIRST + _DAY < start.replace(tzinfo=FIRST.tzinfo) < LAST - _DAY:
            return None
        if start.tzinfo is None:
            return at_wall(start.date(), start.time(), where.zone)
        return start.astimezone(FIRST.tzinfo)
    except (ValueError, OverflowError):
        return None


def _length(text: str) -> timedelta | None:
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _note_rest(reading: Reading, event: _Event, found: Found, days: Days) -> None:
    """Note what an entry has that a slot has not."""
    if not days.include(found.starts_at):
        reading.note("outside", found.at, found.title)
    if event.persons:
        reading.note("people", found.at, found.title)
    if event.abstract or event.description or event.subtitle or event.links or event.attachments:
        reading.note("text", found.at, found.title)
