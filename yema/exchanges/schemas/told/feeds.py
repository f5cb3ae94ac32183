"""The programme for other programs, on the wire: the address of one's calendar, and frab's schedule.json."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from yema.shapes import View


class CalendarView(View):
    """The secret address of my calendar, as a path of this server. With `.json` at its end it is a schedule for programme apps."""

    calendar_url: str


class GeneratorView(View):
    """What made a schedule."""

    name: str
    version: str


class ScheduleRoomView(View):
    """A place, as schedules know them."""

    name: str
    guid: UUID


class ScheduleTrackView(View):
    """A kind of slot, by its name in the reader's language."""

    name: str


class ScheduleEventView(View):
    """A slot. `type` is its kind, `track` the kind's name in the reader's language; `start` is the hour on the wall, `duration` hh:mm.

    `id` is made from `guid`, which is the slot's id. There never are any `persons`, and nothing is to be recorded.
    """

    id: int
    guid: UUID
    date: datetime
    start: str
    duration: str
    room: str
    slug: str
    url: str
    title: str
    subtitle: str
    track: str
    type: str
    language: str
    abstract: str
    description: str
    do_not_record: bool
    persons: list[str]
    links: list[str]
    attachments: list[str]


class ScheduleDayView(View):
    """A day by the clock of the conference's zone, from midnight to midnight. Each room with its events."""

    index: int
    date: date
    day_start: datetime
    day_end: datetime
    rooms: dict[str, list[ScheduleEventView]]


class ConferenceView(View):
    """An exchange, as schedules know it."""

    acronym: str
    title: str
    start: date
    end: date
    days_count: int = msgspec.field(name="daysCount")
    timeslot_duration: str
    time_zone_name: str
    rooms: list[ScheduleRoomView]
    tracks: list[ScheduleTrackView]
    days: list[ScheduleDayView]


class InnerScheduleView(View):
    """A programme; `version` is the number of the release."""

    version: str
    conference: ConferenceView


class ScheduleView(View):
    """frab's schedule.json, which Giggity and EventFahrplan read: the programme without people."""

    schema: str = msgspec.field(name="$schema")
    generator: GeneratorView
    schedule: InnerScheduleView
