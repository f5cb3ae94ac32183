"""iCalendar files that mean no good."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchanges.test_importing_ics import DAYS, SECONDS_MAX, WHEN, calendar, read, vevent, whats
from tests.measuring import cpu_seconds
from yema.exchanges.calendars.found import NOTES_MAX, Days, Reading
from yema.exchanges.calendars.reading_ics import read_ics
from yema.exchanges.errors import CalendarUnreadable, TooManyEvents


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"hello",
        b"BEGIN:VEVENT\nEND:VEVENT",
        b"BEGIN:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
        b"END:VCALENDAR",
        calendar(vevent().replace("Boats", "Bo\x00ats")),
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 50_000,
        b'{"schedule":{}}',
    ],
    ids=range(10),
)
def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(CalendarUnreadable):
        read_ics(body, DAYS)


def test_more_events_than_an_exchange_can_have_are_refused() -> None:
    with pytest.raises(TooManyEvents):
        read(*["BEGIN:VEVENT\nEND:VEVENT"] * 1001)


def test_slots_that_one_file_makes_by_repeating_are_counted_too() -> None:
    days = Days(date(2027, 7, 14), date(2027, 12, 31), "Europe/Warsaw")
    events = [vevent(f"{WHEN}\nRRULE:FREQ=DAILY", uid=str(number)) for number in range(20)]

    with pytest.raises(TooManyEvents):
        read_ics(calendar(*events), days)


def test_notes_are_bounded_and_the_last_one_says_that_there_was_more() -> None:
    reading = read(vevent(WHEN + "\nbroken" * 5000))

    assert (len(reading.notes), whats(reading)[-1]) == (NOTES_MAX + 1, "more")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "one endless line": lambda: calendar(vevent("DESCRIPTION:" + "x" * 1_000_000)),
    "folded into letters": lambda: calendar(vevent("DESCRIPTION:" + "\n x" * 300_000)),
    "parameters without end": lambda: calendar(vevent("DTSTART" + ";A=b" * 250_000)),
    "commas in parameters": lambda: calendar(vevent("DTSTART;A=" + "b," * 500_000)),
    "quotes that do not close": lambda: calendar(vevent('DTSTART;A="' + 'b";A="' * 160_000)),
    "backslashes": lambda: calendar(vevent(f"{WHEN}\nLOCATION:" + "\\" * 1_000_000)),
    "commas": lambda: calendar(vevent(f"{WHEN}\nCATEGORIES:" + "," * 1_000_000)),
    "exceptions": lambda: calendar(vevent(f"{WHEN}\nRRULE:FREQ=DAILY\nEXDATE:" + "20270714T100000," * 60_000)),
    "rules that never fit": lambda: calendar(
        *(
            vevent("DTSTART:20260701T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;INTERVAL=9999", uid=str(n))
            for n in range(1000)
        )
    ),
    "lines that are none": lambda: calendar(vevent("x\n" * 500_000)),
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_file_of_a_megabyte_keeps_us_busy(hostile: str) -> None:
    body = HOSTILE[hostile]()[: 1024 * 1024]
    found: list[Reading] = []

    def read() -> None:
        with suppress(CalendarUnreadable, TooManyEvents):
            found.append(read_ics(body, DAYS))

    assert cpu_seconds(read) < SECONDS_MAX
    assert all(len(reading.found) <= 1000 for reading in found)


@settings(max_examples=150, deadline=None)
@given(
    st.text(),
    st.lists(st.sampled_from([WHEN, vevent(), "BEGIN:VEVENT", "END:VEVENT", "RRULE:FREQ=DAILY", ";;:", "EXDATE:,"])),
)
def test_any_text_is_read_or_refused(text: str, parts: list[str]) -> None:
    try:
        reading = read_ics(
            "\n".join(["BEGIN:VCALENDAR", *parts, text, "END:VCALENDAR"]).encode("utf-8", "replace"), DAYS
        )
    except CalendarUnreadable:
        return

    assert [one for one in reading.found if not timedelta() < one.ends_at - one.starts_at <= timedelta(days=3)] == []
