"""Events as frab's schedule.json, which Giggity and EventFahrplan read (c3voc.de/wiki/schedule)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from msgspec import Struct

from yema import __version__
from yema.exchanges.calendars.event import Event, room_name
from yema.exchanges.rules import at_wall, on_wall
from yema.exchanges.schemas.told.feeds import (
    ConferenceView,
    GeneratorView,
    InnerScheduleView,
    ScheduleDayView,
    ScheduleEventView,
    ScheduleRoomView,
    ScheduleTrackView,
    ScheduleView,
)

SCHEMA = "https://c3voc.de/schedule/schema.json"
NO_ROOM = "—"
"""Where something without a place is; a schedule needs a room for everything. No word, since it would have a language."""
_DAY = timedelta(days=1)
_DAYS_MAX = 120
"""No exchange is longer; days without anything beyond these are left out."""


class Head(Struct, frozen=True):
    """What stands over the events. `exchange` gives the acronym, `origin` the beginning of addresses (`https://host`)."""

    exchange: UUID
    title: str
    starts_on: date
    ends_on: date
    zone: str
    version: str
    origin: str


def schedule_of(head: Head, events: Sequence[Event]) -> ScheduleView:
    """The schedule, in the head's zone. What was cancelled is not in it: these apps notice by themselves what is gone."""
    shown = [event for event in events if not event.cancelled]
    numbers = numbers_of(event.id for event in shown)
    by_day: dict[date, dict[str, list[ScheduleEventView]]] = defaultdict(lambda: defaultdict(list))
    rooms: dict[str, UUID] = {}
    for event in sorted(shown, key=lambda event: (event.starts_at, event.id)):
        room = room_name(event.venue, event.room) or NO_ROOM
        rooms.setdefault(room, event.place or uuid5(head.exchange, NO_ROOM))
        view = _event(head, event, room, numbers[event.id])
        by_day[view.date.date()][room].append(view)
    days = sorted({*_days_between(head.starts_on, head.ends_on), *by_day})
    conference = ConferenceView(
        acronym=_acronym(head),
        title=head.title,
        start=days[0],
        end=days[-1],
        days_count=len(days),
        timeslot_duration="00:05",
        time_zone_name=head.zone,
        rooms=[ScheduleRoomView(name=name, guid=guid) for name, guid in sorted(rooms.items())],
        tracks=[ScheduleTrackView(name=name) for name in dict.fromkeys(event.kind_name for event in shown)],
        days=[_day(head.zone, index, day, by_day[day]) for index, day in enumerate(days, 1)],
    )
    return ScheduleView(
        schema=SCHEMA,
        generator=GeneratorView(name="YEMA", version=__version__),
        schedule=InnerScheduleView(version=head.version, conference=conference),
    )


def numbers_of(ids: Iterable[UUID]) -> dict[UUID, int]:
    """A positive number of 31 bits for each: these apps know no other ids. It stays the same while others come and go.

    Only where two would get the same number does the later slot take the next one.
    """
    found: dict[UUID, int] = {}
    taken: set[int] = set()
    for one in sorted(ids):  # a slot's id begins with the time when it was made
        number = int.from_bytes(hashlib.sha256(one.bytes).digest()[:4]) & 0x7FFFFFFF
        while number == 0 or number in taken:
            number = (number + 1) & 0x7FFFFFFF
        taken.add(number)
        found[one] = number
    return found


def _event(head: Head, event: Event, room: str, number: int) -> ScheduleEventView:
    starts_at = on_wall(event.starts_at, head.zone)
    return ScheduleEventView(
        id=number,
        guid=event.id,
        date=starts_at,
        start=f"{starts_at:%H:%M}",
        duration=_duration(event.ends_at - event.starts_at),
        room=room,
        slug=f"{_acronym(head)}-{event.id.hex}",
        url=f"{head.origin}/api/v1/slots/{event.id}",
        title=event.title,
        subtitle="",
        track=event.kind_name,
        type=event.kind,
        language=event.locale,
        abstract="",
        description="",
        do_not_record=True,
        persons=[],
        links=[],
        attachments=[],
    )


def _day(zone: str, index: int, day: date, rooms: dict[str, list[ScheduleEventView]]) -> ScheduleDayView:
    return ScheduleDayView(
        index=index, date=day, day_start=_midnight(day, zone), day_end=_midnight(day + _DAY, zone), rooms=rooms
    )


def _midnight(day: date, zone: str) -> datetime:
    return on_wall(at_wall(day, time(), zone), zone)


def _days_between(first: date, last: date) -> list[date]:
    return [first + n * _DAY for n in range(min((last - first).days, _DAYS_MAX) + 1)]


def _duration(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours:02}:{minutes:02}"


def _acronym(head: Head) -> str:
    return f"yema_{head.exchange.hex[-8:]}"
