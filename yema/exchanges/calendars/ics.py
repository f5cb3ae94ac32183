"""Events as an iCalendar file (RFC 5545), to be subscribed to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Calendar, vText
from icalendar import Event as Component

from yema import __version__
from yema.exchanges.calendars.event import Event, clean, location
from yema.exchanges.calendars.zones import is_universal, vtimezone
from yema.exchanges.rules import on_wall

UID_END = "@yema"
_LOOK_AGAIN = timedelta(minutes=15)
_END = b"END:VCALENDAR\r\n"


def calendar_of(name: str, events: Sequence[Event]) -> bytes:
    """The file: one VEVENT for each event, and a VTIMEZONE for each zone that is used, right from the first of them to the last."""
    calendar = Calendar()
    calendar.add("prodid", f"-//YEMA//YEMA {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(clean(name)))
    calendar.add("x-wr-calname", vText(clean(name)))
    calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    if events:
        first, last = min(event.starts_at for event in events), max(event.ends_at for event in events)
        for zone in sorted({event.zone for event in events if not is_universal(event.zone)}):
            calendar.add_component(vtimezone(zone, first, last))
    return b"".join([calendar.to_ical().removesuffix(_END), *map(_encoded, events), _END])


@lru_cache(4096)
def _encoded(event: Event) -> bytes:
    """One event. It takes the library most of a millisecond, and many people see the same."""
    component = Component()
    component.add("uid", f"{event.id}{UID_END}")
    component.add("dtstamp", event.told_at.astimezone(UTC))
    component.add("last-modified", event.told_at.astimezone(UTC))
    component.add("sequence", event.sequence)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    starts_at, ends_at = _clocks(event)
    component.add("dtstart", starts_at)
    component.add("dtend", ends_at)
    component.add("summary", event.title, parameters={"LANGUAGE": event.locale})
    component.add("categories", [event.kind_name])
    if place := location(event.venue, event.room, event.address):
        component.add("location", place)
    if event.point:
        component.add("geo", event.point)
    encoded: bytes = component.to_ical()
    return encoded


def _clocks(event: Event) -> tuple[datetime, datetime]:
    """Start and end on the wall of the event's zone.

    Where the clock shows an hour twice, iCalendar can name only the first of them (RFC 5545, 3.3.5), and not all programs take it for
    that: such times are told in UTC.
    """
    starts_at, ends_at = on_wall(event.starts_at, event.zone), on_wall(event.ends_at, event.zone)
    if is_universal(event.zone) or _comes_twice(starts_at) or _comes_twice(ends_at):
        return event.starts_at.astimezone(UTC), event.ends_at.astimezone(UTC)
    return starts_at, ends_at


def _comes_twice(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
