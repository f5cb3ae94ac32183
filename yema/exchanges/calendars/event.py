"""Slots as calendars and schedules show them: in one language, with the name of the place, and without people."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from yema.exchanges.kinds import kind_name
from yema.exchanges.plan import SlotBody
from yema.exchanges.whole import Place
from yema.i18n import catalogue_for, choose

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_BREAKS = re.compile(r"\r\n?")


class Event(Struct, frozen=True):
    """A slot in one language. `sequence` rises whenever it is told anew; `told_at` is when it was told as it is here.

    `place` is the id of the room, or of the venue where no room is named; `point` are WGS 84 degrees, latitude first.
    """

    id: UUID
    kind: str
    kind_name: str
    title: str
    locale: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled: bool
    sequence: int
    told_at: datetime
    place: UUID | None = None
    venue: str = ""
    room: str = ""
    address: str = ""
    point: tuple[float, float] | None = None


def events_of(
    slots: Iterable[SlotBody], places: Mapping[UUID, Place], wanted: tuple[str, ...], released_at: datetime
) -> list[Event]:
    """These slots for a reader. A slot without a title is called by its kind."""
    return [_event(slot, places.get(slot.venue) if slot.venue else None, wanted, released_at) for slot in slots]


def _event(slot: SlotBody, place: Place | None, wanted: tuple[str, ...], released_at: datetime) -> Event:
    locale = choose(wanted, frozenset(slot.titles), next(iter(slot.titles), ""))
    kind = kind_name(wanted, slot.kind)
    event = Event(
        id=slot.id,
        kind=slot.kind,
        kind_name=kind,
        title=clean(slot.titles[locale]) if slot.titles else kind,
        locale=locale or catalogue_for(wanted),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        zone=slot.zone,
        cancelled=slot.state == "cancelled",
        sequence=sequence_of(slot),
        told_at=slot.told_at or released_at,
    )
    return _at(event, place, slot.room) if place else event


def _at(event: Event, place: Place, room: UUID | None) -> Event:

    named = room is not None and room in place.rooms
    point = None
    if place.latitude is not None and place.longitude is not None:
        point = (place.latitude, place.longitude)
    return replace(
        event,
        place=room if named else place.id,
        venue=clean(place.name),
        room=clean(place.rooms[room][0]) if room is not None and named else "",
        address=clean(place.address),
        point=point,
    )


def sequence_of(slot: SlotBody) -> int:
    """A number that rises each time the slot is told. What an older server has told, and the plan, have its version only."""
    return slot.sequence or slot.version


def clean(text: str) -> str:
    """The text without control characters, which calendars cannot carry; other readers would end a line at some of them."""
    return _CONTROLS.sub(" ", _BREAKS.sub("\n", text))


def location(venue: str, room: str, address: str) -> str:
    """A place in one line: venue, room, address."""
    return ", ".join(part for part in (venue, room, ", ".join(address.split("\n"))) if part.strip())


def room_name(venue: str, room: str) -> str:
    """A place as schedules name it, which know rooms only."""
    return f"{venue} – {room}" if room else venue
