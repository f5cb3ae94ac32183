"""Events as an iCalendar file, read by parsers that are not the writer."""

import re
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchanges.events import AWKWARD, START, any_event, event, near_changes
from yema.exchanges.calendars.event import Event
from yema.exchanges.calendars.ics import calendar_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of an older library, about itself
    import ics  # type: ignore[import-untyped]

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHANGING = ("Europe/Warsaw", "Africa/Casablanca", "America/Santiago", "Australia/Lord_Howe", "Antarctica/Troll")
"""Zones whose clocks change: by an hour, for Ramadan, in the other half of the year, by half an hour, by two."""


def vobject_times(body: bytes) -> list[tuple[datetime, datetime]]:
    """Start and end of every event in UTC, by the VTIMEZONEs of the file, and not of those that were read before."""
    zones = vars(vobject.icalendar)["__tzidMap"]
    for zone in [zone for zone in zones if zone != "UTC"]:
        del zones[zone]
    calendar: Any = vobject.readOne(body.decode())
    return [
        (one.dtstart.value.astimezone(UTC), one.dtend.value.astimezone(UTC))
        for one in calendar.contents.get("vevent", [])
    ]


def ics_times(body: bytes) -> list[tuple[datetime, datetime]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = sorted(ics.Calendar(body.decode()).events, key=lambda one: one.uid)
    return [(one.begin.datetime.astimezone(UTC), one.end.datetime.astimezone(UTC)) for one in found]


def times(*events: Event) -> list[tuple[datetime, datetime]]:
    return [(one.starts_at, one.ends_at) for one in events]


def lines(body: bytes) -> list[str]:
    """The content lines, unfolded."""
    return re.sub("\r\n[ \t]", "", body.decode()).split("\r\n")


@QUICK
@given(any_event())
def test_another_parser_finds_the_same_instants_in_any_zone(one: Event) -> None:
    assert vobject_times(calendar_of("Exchange", [one])) == times(one)


def test_a_third_parser_finds_the_same_instants() -> None:
    """It is slow: one file for it. And it errs itself in the hour after a change, which the other one does not."""
    noon = timedelta(hours=12)
    days = [event(zone=zone, starts_at=at + noon) for zone in CHANGING for at in near_changes(zone, 2027)[::9]]
    events = [*days, *(event(title=title, venue=title) for title in AWKWARD)]

    assert ics_times(calendar_of("Exchange", events)) == times(*sorted(events, key=lambda one: str(one.id)))


@QUICK
@given(any_event())
def test_another_parser_finds_the_same_words(one: Event) -> None:
    [found] = vobject.readOne(calendar_of("Exchange", [one]).decode()).contents["vevent"]

    assert (found.summary.value, found.uid.value, found.sequence.value, found.status.value) == (
        one.title,
        f"{one.id}@yema",
        str(one.sequence),
        "CANCELLED" if one.cancelled else "CONFIRMED",
    )


@QUICK
@given(any_event(), st.text(max_size=300))
def test_no_line_is_longer_than_75_octets_and_none_is_cut_within_a_letter(one: Event, name: str) -> None:
    raw = calendar_of(name, [one]).split(b"\r\n")

    assert max(len(line) for line in raw) <= 75
    assert [line.decode() for line in raw][-2:] == ["END:VCALENDAR", ""]


@pytest.mark.parametrize("zone", CHANGING)
def test_instants_around_a_change_of_the_clock_are_right(zone: str) -> None:
    events = [event(zone=zone, starts_at=at) for at in near_changes(zone, 2027)]

    assert len(events) >= 10
    assert vobject_times(calendar_of("Exchange", events)) == times(*events)


def test_an_hour_that_comes_twice_is_told_in_utc() -> None:
    """02:30 comes twice on 31 October 2027, and iCalendar can name only the first."""
    first = event(starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
    second = event(starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC))

    found = [line for line in lines(calendar_of("Night", [first, second])) if line.startswith("DTSTART")]

    assert found[-2:] == ["DTSTART:20271031T003000Z", "DTSTART:20271031T013000Z"]


def test_each_zone_is_described_once_from_the_first_event_to_the_last() -> None:
    events = [
        event(starts_at=datetime(2027, 3, 27, 9, tzinfo=UTC)),
        event(starts_at=datetime(2027, 3, 29, 9, tzinfo=UTC)),
        event(zone="Asia/Kathmandu"),
        event(zone="Etc/UTC"),
    ]

    found = lines(calendar_of("Spring", events))

    assert [line for line in found if line.startswith("TZID")] == ["TZID:Asia/Kathmandu", "TZID:Europe/Warsaw"]
    after = found[found.index("TZID:Europe/Warsaw") :]
    assert after[: after.index("END:VTIMEZONE")] == [
        "TZID:Europe/Warsaw",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:CET",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:20270328T020000",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
    ]


def test_an_event_says_all_that_a_calendar_needs() -> None:
    one = event(
        title="Lunch, or tea", venue="Hall", room="Left", address="Long 1\nTown", point=(52.25, 21.0), sequence=3
    )

    found = lines(calendar_of("Exchange", [one]))

    assert found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT")] == [
        "BEGIN:VEVENT",
        "SUMMARY;LANGUAGE=en:Lunch\\, or tea",
        "DTSTART;TZID=Europe/Warsaw:20270714T100000",
        "DTEND;TZID=Europe/Warsaw:20270714T110000",
        "DTSTAMP:20270701T093000Z",
        f"UID:{one.id}@yema",
        "SEQUENCE:3",
        "CATEGORIES:Meal",
        "GEO:52.25;21.0",
        "LAST-MODIFIED:20270701T093000Z",
        "LOCATION:Hall\\, Left\\, Long 1\\, Town",
        "STATUS:CONFIRMED",
    ]


def test_the_head_says_how_often_to_look_again() -> None:
    found = lines(calendar_of("Woda; nas, łączy", []))

    assert [line for line in found if not line.startswith("PRODID")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Woda\\; nas\\, łączy",
        "X-WR-CALNAME:Woda\\; nas\\, łączy",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "END:VCALENDAR",
        "",
    ]


def test_the_same_events_are_the_same_bytes() -> None:
    events = [event(starts_at=START + timedelta(hours=n)) for n in range(3)]

    assert calendar_of("Exchange", events) == calendar_of("Exchange", events)
