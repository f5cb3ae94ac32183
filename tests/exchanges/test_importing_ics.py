"""iCalendar files of others, friendly and hostile."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchanges.events import any_event, event
from yema.exchanges.calendars.event import Event
from yema.exchanges.calendars.found import Days, Found, Reading
from yema.exchanges.calendars.ics import calendar_of
from yema.exchanges.calendars.reading_ics import read_ics

DAYS = Days(date(2027, 7, 14), date(2027, 7, 21), "Europe/Warsaw")
WHEN = "DTSTART:20270714T100000\nDTEND:20270714T110000"
SECONDS_MAX = 4
"""The bound of how long a hostile file may keep us busy, on a busy machine."""


def calendar(*components: str) -> bytes:
    return "\n".join(["BEGIN:VCALENDAR", *components, "END:VCALENDAR"]).encode()


def vevent(lines: str = WHEN, uid: str = "one@elsewhere.example") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Boats\n{lines}\nEND:VEVENT"


def read(*components: str) -> Reading:
    return read_ics(calendar(*components), DAYS)


def whats(reading: Reading) -> list[str]:
    return [note.what for note in reading.notes]


def starts(reading: Reading) -> list[str]:
    """When what was found starts, in UTC."""
    return [f"{one.starts_at:%m-%dT%H:%M}" for one in reading.found]


def test_an_event_is_found_with_its_words_and_hours() -> None:
    more = f"{WHEN}\nCATEGORIES:Fun,MEAL\nLOCATION:Hall\\, left\nSUMMARY;LANGUAGE=pl:ignored"

    [found] = read(vevent(more)).found

    assert found == Found(
        key="one@elsewhere.example",
        at=2,
        title="Boats",
        kind="meal",
        starts_at=datetime(2027, 7, 14, 8, tzinfo=UTC),
        ends_at=datetime(2027, 7, 14, 9, tzinfo=UTC),
        zone="Europe/Warsaw",
        place="Hall, left",
    )


@pytest.mark.parametrize(
    ("start", "utc", "zone"),
    [
        ("DTSTART:20270714T100000", "07-14T08:00", "Europe/Warsaw"),
        ("DTSTART:20270714T100000Z", "07-14T10:00", "Europe/Warsaw"),
        ("DTSTART;TZID=Europe/Lisbon:20270714T100000", "07-14T09:00", "Europe/Lisbon"),
        ('DTSTART;TZID="Europe/Lisbon":20270714T100000', "07-14T09:00", "Europe/Lisbon"),
        ("DTSTART;TZID=/mozilla.org/20070129_1/Europe/Lisbon:20270714T100000", "07-14T09:00", "Europe/Lisbon"),
        ("DTSTART;TZID=GMT Standard Time:20270714T100000", "07-14T09:00", "Europe/London"),
        ("DTSTART;VALUE=DATE-TIME:20270714T100000", "07-14T08:00", "Europe/Warsaw"),
    ],
)
def test_times_are_in_their_zones(start: str, utc: str, zone: str) -> None:
    reading = read(vevent(f"{start}\nDURATION:PT1H"))

    assert (starts(reading), reading.found[0].zone, reading.notes) == ([utc], zone, [])


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "localtime", "", "x" * 5000, "right/Europe/Mars"])
def test_an_unknown_zone_is_noted_and_the_clocks_are_those_of_the_exchange(zone: str) -> None:
    reading = read(vevent(f"DTSTART;TZID={zone}:20270714T100000\nDURATION:PT1H"))

    assert (starts(reading), whats(reading)) == (["07-14T08:00"], ["zone"] if zone else [])


@pytest.mark.parametrize(
    ("lines", "what", "taken"),
    [
        ("DTSTART;VALUE=DATE:20270714", "all_day", 0),
        ("DTSTART:20270714", "all_day", 0),
        ("DTSTART:2027-07-14", "time", 0),
        ("DTSTART:20270231T100000", "time", 0),
        ("DTSTART:00010101T000000", "time", 0),
        ("DTSTART:99991231T235959", "time", 0),
        ("X-NOTHING:1", "time", 0),
        ("DTSTART:20270714T100000\nDTEND:soon", "time", 0),
        ("DTSTART:20270714T100000\nDTEND:20270714T100000", "length", 0),
        ("DTSTART:20270714T100000\nDTEND:20270714T090000", "length", 0),
        ("DTSTART:20270714T100000\nDURATION:P4D", "length", 0),
        ("DTSTART:20270714T100000\nDURATION:P", "time", 0),
        (f"{WHEN}\nSTATUS:CANCELLED", "cancelled", 0),
        ("DTSTART:20270714T100000", "no_end", 1),
        (f"{WHEN}\nATTENDEE:mailto:a@b.example", "people", 1),
        (f"{WHEN}\nORGANIZER:mailto:a@b.example", "people", 1),
        (f"{WHEN}\nDESCRIPTION:Bring a towel", "text", 1),
        (f"{WHEN}\nBEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM", "alarm", 1),
        (f"{WHEN}\nRDATE:20270715T100000", "repeats", 1),
        (f"{WHEN}\nno line at all", "unreadable", 1),
        ("DTSTART:20270801T100000\nDURATION:PT1H", "outside", 1),
    ],
)
def test_what_is_not_understood_is_noted(lines: str, what: str, taken: int) -> None:
    reading = read(vevent(lines))

    assert (whats(reading), len(reading.found)) == ([what], taken)


def test_what_is_no_event_is_noted_with_its_line() -> None:
    reading = read("BEGIN:VTODO\nSUMMARY:Buy rope\nEND:VTODO", vevent())

    assert [(note.what, note.at) for note in reading.notes] == [("not_an_event", 2)]
    assert len(reading.found) == 1


def test_a_long_title_is_shortened_and_noted() -> None:
    reading = read(f"BEGIN:VEVENT\nSUMMARY:{'ź' * 300}\n{WHEN}\nEND:VEVENT")

    assert (whats(reading), len(reading.found[0].title)) == (["title"], 200)


def test_an_event_that_stands_there_twice_is_taken_once() -> None:
    reading = read(vevent(), vevent())

    assert (whats(reading), len(reading.found)) == (["twice"], 1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ["07-14", "07-15", "07-16"]),
        ("FREQ=DAILY;INTERVAL=3", ["07-14", "07-17", "07-20"]),
        ("FREQ=DAILY;UNTIL=20270716T080000Z", ["07-14", "07-15", "07-16"]),
        ("FREQ=DAILY;UNTIL=20270715", ["07-14", "07-15"]),
        ("FREQ=DAILY;BYDAY=SA,SU", ["07-14", "07-17", "07-18"]),
        ("FREQ=WEEKLY", ["07-14", "07-21"]),
        ("FREQ=WEEKLY;BYDAY=WE,FR", ["07-14", "07-16", "07-21"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU", ["07-14"]),
    ],
)
def test_what_repeats_is_taken_on_the_days_of_the_exchange(rule: str, expected: list[str]) -> None:
    reading = read(vevent(f"{WHEN}\nRRULE:{rule}"))

    assert (starts(reading), whats(reading)) == ([f"{day}T08:00" for day in expected], [])


def test_what_began_to_repeat_before_the_exchange_is_counted_from_there() -> None:
    reading = read(vevent("DTSTART:20270705T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=11"))

    assert starts(reading) == ["07-14T08:00", "07-15T08:00"]


def test_exceptions_and_moved_ones_are_left_out_of_what_repeats() -> None:
    moved = vevent("RECURRENCE-ID:20270716T100000\nDTSTART:20270716T150000\nDURATION:PT1H")
    off = vevent(f"{WHEN}\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20270715T100000\nEXDATE;VALUE=DATE:20270717")

    assert sorted(starts(read(off, moved))) == ["07-14T08:00", "07-16T13:00"]


def test_hours_of_what_repeats_stay_on_the_wall_when_the_clocks_change() -> None:
    days = Days(date(2027, 10, 30), date(2027, 11, 1), "Europe/Warsaw")
    body = calendar(vevent("DTSTART:20271030T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY"))

    assert starts(read_ics(body, days)) == ["10-30T08:00", "10-31T09:00", "11-01T09:00"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYSECOND=61",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;UNTIL=never",
        "FREQ=DAILY;BYSETPOS=1",
        "nothing",
        "",
    ],
)
def test_a_rule_that_is_not_understood_makes_one_slot_and_a_note(rule: str) -> None:
    reading = read(vevent(f"{WHEN}\nRRULE:{rule}"))

    assert (whats(reading), starts(reading)) == (["repeats"], ["07-14T08:00"])


@pytest.mark.parametrize(
    ("start", "what", "taken"),
    [("20200101T100000", "repeats_left_out", 0), ("20280101T100000", "never", 0), ("20270101T100000", "too_often", 60)],
)
def test_what_repeats_is_bounded(start: str, what: str, taken: int) -> None:
    days = Days(date(2027, 7, 14), date(2027, 12, 31), "Europe/Warsaw")

    reading = read_ics(calendar(vevent(f"DTSTART:{start}\nDURATION:PT1H\nRRULE:FREQ=DAILY")), days)

    assert (whats(reading)[-1], len(reading.found)) == (what, taken)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_event(), max_size=5))
def test_our_own_calendar_read_back_gives_the_same_times_and_titles(events: list[Event]) -> None:
    shown = [one for one in events if not one.cancelled]

    found = read_ics(calendar_of("Exchange", events), DAYS).found

    assert [(one.key, one.title, one.starts_at, one.ends_at, one.kind) for one in found] == [
        (str(one.id), one.title.strip(), one.starts_at, one.ends_at, "meal") for one in shown
    ]


def test_our_own_calendar_read_back_gives_the_same_zones() -> None:
    events = [event(zone=zone) for zone in ("Europe/Lisbon", "Asia/Kathmandu", "America/New_York")]

    found = read_ics(calendar_of("Exchange", events), DAYS).found

    assert [one.zone for one in found] == ["Europe/Lisbon", "Asia/Kathmandu", "America/New_York"]
