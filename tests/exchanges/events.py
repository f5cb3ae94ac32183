"""Events as calendars show them, and any kind of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from hypothesis import strategies as st

from yema.exchanges.calendars.event import Event, clean
from yema.exchanges.rules import on_wall
from yema.ids import uuid7

START = datetime(2027, 7, 14, 8, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
AWKWARD = (
    "Zażółć, gęślą; jaźń\\n",
    "مرحبا، كيف الحال؟ " * 8,
    "👩‍👩‍👧 " * 30,
    "two\nlines: a, b; c",
    'BEGIN:VEVENT "quoted"',
    "   spaces   ",
    "ź" * 200,
)
"""Titles at which folding or escaping may go wrong."""


def event(**fields: Any) -> Event:
    """One hour of lunch, where the test names nothing else."""
    starts_at = fields.pop("starts_at", START)
    usual: dict[str, Any] = {
        "id": uuid7(),
        "kind": "meal",
        "kind_name": "Meal",
        "title": "Lunch",
        "locale": "en",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "zone": "Europe/Warsaw",
        "cancelled": False,
        "sequence": 1,
        "told_at": datetime(2027, 7, 1, 9, 30, tzinfo=UTC),
    }
    return Event(**{**usual, **fields})


words = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=200).map(clean)).filter(lambda text: text.strip() != "")
instants = st.datetimes(datetime(2001, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda instant: instant.replace(microsecond=0)
)
lengths = st.integers(60, 3 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    """In any zone, at any time within the years that the other parsers know, with any words."""
    starts_at = draw(instants)
    return event(
        starts_at=starts_at,
        ends_at=starts_at + draw(lengths),
        zone=draw(st.sampled_from(ZONES)),
        title=draw(words),
        venue=draw(words),
        address=draw(words),
        cancelled=draw(st.booleans()),
        sequence=draw(st.integers(0, 10_000)),
    )


def near_changes(zone: str, year: int) -> list[datetime]:
    """Instants around each change of the zone's clock in a year, half an hour apart."""
    half = timedelta(minutes=30)
    first = datetime(year, 1, 1, tzinfo=UTC)
    found: list[datetime] = []
    for step in range(366 * 48):
        at = first + step * half
        if on_wall(at, zone).utcoffset() != on_wall(at + half, zone).utcoffset():
            found += [at + n * half for n in range(-4, 6)]
    return found
