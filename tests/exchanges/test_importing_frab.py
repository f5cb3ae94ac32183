"""Schedules of others, friendly and hostile."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchanges.events import any_event
from tests.exchanges.test_importing_ics import DAYS, SECONDS_MAX, starts, whats
from tests.measuring import cpu_seconds
from yema.exchanges.calendars.event import Event
from yema.exchanges.calendars.found import Reading
from yema.exchanges.calendars.frab import Head, schedule_of
from yema.exchanges.calendars.reading_frab import read_frab
from yema.exchanges.errors import CalendarUnreadable, TooManyEvents
from yema.ids import uuid7

GUID = "b6777001-f282-5621-9397-c2f369f91600"


def entry(**fields: Any) -> dict[str, Any]:
    return {"guid": GUID, "title": "Talk", "date": "2027-07-14T10:00:00+02:00", "duration": "01:30", **fields}


def schedule(*events: Any, room: str = "Hall", **conference: Any) -> bytes:
    days = [{"date": "2027-07-14", "rooms": {room: list(events)}}]
    return json.dumps({"schedule": {"conference": {"days": days, **conference}}}).encode()


def read(*events: Any, **conference: Any) -> Reading:
    return read_frab(schedule(*events, **conference), DAYS)


def test_an_entry_is_found_with_its_words_and_hours() -> None:
    [found] = read(entry(track="Meal", language="pl")).found

    assert (found.key, found.at, found.title, found.kind, found.place, found.locale) == (
        GUID,
        1,
        "Talk",
        "meal",
        "Hall",
        "pl",
    )
    assert (found.starts_at, found.ends_at - found.starts_at) == (
        datetime(2027, 7, 14, 8, tzinfo=UTC),
        timedelta(minutes=90),
    )


@pytest.mark.parametrize(
    ("fields", "conference", "utc", "zone"),
    [
        ({}, {}, "07-14T08:00", "Europe/Warsaw"),
        ({}, {"time_zone_name": "Europe/Lisbon"}, "07-14T08:00", "Europe/Lisbon"),
        ({"date": "2027-07-14T10:00:00Z"}, {}, "07-14T10:00", "Europe/Warsaw"),
        ({"date": "2027-07-14T10:00:00"}, {"time_zone_name": "Europe/Lisbon"}, "07-14T09:00", "Europe/Lisbon"),
        ({"date": "", "start": "10:00"}, {}, "07-14T08:00", "Europe/Warsaw"),
    ],
)
def test_times_are_in_their_zones(fields: dict[str, Any], conference: dict[str, Any], utc: str, zone: str) -> None:
    reading = read(entry(**fields), **conference)

    assert (starts(reading), reading.found[0].zone, reading.notes) == ([utc], zone, [])


@pytest.mark.parametrize(
    ("fields", "what", "taken"),
    [
        ({"date": "soon"}, "time", 0),
        ({"date": "0001-01-01T00:00:00+14:00"}, "time", 0),
        ({"date": "9999-12-31T23:59:59-12:00"}, "time", 0),
        ({"duration": "an hour"}, "length", 0),
        ({"duration": "00:00"}, "length", 0),
        ({"duration": "99:00"}, "length", 0),
        ({"title": 5}, "unreadable", 0),
        ({"persons": [{"name": "Somebody"}]}, "people", 1),
        ({"abstract": "About boats"}, "text", 1),
        ({"date": "2027-08-14T10:00:00+02:00"}, "outside", 1),
    ],
)
def test_what_is_not_understood_is_noted(fields: dict[str, Any], what: str, taken: int) -> None:
    reading = read(entry(**fields))

    assert (whats(reading), len(reading.found)) == ([what], taken)


def test_a_number_that_is_too_large_is_noted() -> None:
    body = schedule({**entry(), "guid": None, "id": 0}).replace(b'"id": 0', b'"id": ' + b"1" * 5000)

    assert whats(read_frab(body, DAYS)) == ["unreadable"]


def test_an_unknown_zone_is_noted_once() -> None:
    reading = read(entry(), entry(guid="other"), time_zone_name="Mars/Olympus")

    assert (whats(reading), {one.zone for one in reading.found}) == (["zone"], {"Europe/Warsaw"})


def test_an_entry_that_stands_there_twice_is_taken_once() -> None:
    reading = read(entry(), entry())

    assert (whats(reading), len(reading.found)) == (["twice"], 1)


def test_what_has_no_place_gets_none() -> None:
    assert read_frab(schedule(entry(), room="—"), DAYS).found[0].place == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"schedule":{"conference":{}}}',
        b'{"schedule":{"conference":{"days":[{"rooms":{"x":{}}}]}}}',
        b'{"a":' * 100_000,
        b'{"schedule":{"conference":{"days":' + b"[" * 500_000,
        schedule(entry(title="Bo\x00ats")),
        schedule(entry(guid="\x00")),
        schedule(entry(), room="\x00"),
    ],
    ids=range(11),
)
def test_what_is_no_schedule_is_refused(body: bytes) -> None:
    with pytest.raises(CalendarUnreadable):
        read_frab(body, DAYS)


def test_more_entries_than_an_exchange_can_have_are_refused() -> None:
    with pytest.raises(TooManyEvents):
        read(*[5] * 1001)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"schedule": {"conference": {"days": [{"rooms": {str(n): [] for n in range(90_000)}}]}}}).encode(),
        schedule(entry(persons=[[]] * 300_000)),
        schedule(entry(track=json.loads("[" * 900 + "]" * 900))),
        schedule(entry(title="x" * 1_000_000)),
        schedule(entry(guid="x" * 1_000_000)),
    ],
    ids=["rooms", "persons", "nested", "title", "guid"],
)
def test_no_file_of_a_megabyte_keeps_us_busy(body: bytes) -> None:
    assert cpu_seconds(lambda: read_frab(body, DAYS)) < SECONDS_MAX
    assert len(read_frab(body, DAYS).found) <= 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_event(), max_size=5))
def test_our_own_schedule_read_back_gives_the_same_times_and_titles(events: list[Event]) -> None:
    head = Head(uuid7(), "Exchange", date(2027, 7, 14), date(2027, 7, 21), "Europe/Warsaw", "1", "http://yema.test")
    shown = [
        msgspec.structs.replace(one, starts_at=one.starts_at.replace(second=0)) for one in events if not one.cancelled
    ]
    shown = [msgspec.structs.replace(one, ends_at=one.starts_at + timedelta(minutes=75)) for one in shown]

    found = read_frab(msgspec.json.encode(schedule_of(head, shown)), DAYS).found

    assert {(UUID(one.key), one.title, one.starts_at, one.ends_at, one.kind) for one in found} == {
        (one.id, one.title.strip(), one.starts_at, one.ends_at, "meal") for one in shown
    }
