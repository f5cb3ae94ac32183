"""The programme as schedule.json, read by the tools of those who defined it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voc.schedule import Schedule, ScheduleDay  # type: ignore[import-untyped]

from tests.exchanges.events import START, any_event, event
from yema.exchanges.calendars.event import Event
from yema.exchanges.calendars.frab import Head, numbers_of, schedule_of
from yema.ids import uuid7

HEAD = Head(
    uuid7(), "Water connects us", date(2027, 7, 14), date(2027, 7, 16), "Europe/Warsaw", "3", "https://yema.example"
)


def written(*events: Event, head: Head = HEAD) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(schedule_of(head, events)))
    return found


def read(file: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries as the tools of c3voc find them, and whatever they refuse."""
    schedule = Schedule(json=file)
    assert schedule.conference("daysCount") == len(schedule.days())
    schedule.xml()  # serialises every field, and fails at an unknown one
    days = [ScheduleDay(json=day) for day in schedule.days()]
    found: list[dict[str, Any]] = schedule.foreach_event(
        lambda one: {
            **one.json(),
            "starts_at": one.start,
            "day": [day["index"] for day in days if day.start <= one.start < day.end],
        }
    )
    return found


def test_the_published_tools_read_the_schedule() -> None:
    one = event(title="Lunch", venue="Hall", room="Left", place=uuid7())

    [found] = read(written(one))

    assert {
        name: found[name] for name in ("guid", "title", "room", "track", "type", "persons", "start", "duration", "day")
    } == {
        "guid": str(one.id),
        "title": "Lunch",
        "room": "Hall – Left",
        "track": "Meal",
        "type": "meal",
        "persons": [],
        "start": "10:00",
        "duration": "01:00",
        "day": [1],
    }
    assert found["starts_at"] == START


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_event(), max_size=6))
def test_the_published_tools_find_every_event_on_its_day(events: list[Event]) -> None:
    shown = [one for one in events if not one.cancelled]

    found = read(written(*events))

    assert {(one["guid"], one["title"], one["starts_at"], len(one["day"])) for one in found} == {
        (str(one.id), one.title, one.starts_at, 1) for one in shown
    }


def test_what_was_cancelled_is_not_in_it() -> None:
    assert read(written(event(cancelled=True))) == []


def test_days_are_those_of_the_exchange_from_midnight_to_midnight() -> None:
    conference = written()["schedule"]["conference"]

    assert [(day["index"], day["date"], day["day_start"], day["day_end"]) for day in conference["days"]] == [
        (1, "2027-07-14", "2027-07-14T00:00:00+02:00", "2027-07-15T00:00:00+02:00"),
        (2, "2027-07-15", "2027-07-15T00:00:00+02:00", "2027-07-16T00:00:00+02:00"),
        (3, "2027-07-16", "2027-07-16T00:00:00+02:00", "2027-07-17T00:00:00+02:00"),
    ]


def test_what_is_outside_the_days_adds_its_day() -> None:
    early = event(starts_at=datetime(2027, 7, 12, 22, 30, tzinfo=UTC))

    conference = written(early)["schedule"]["conference"]

    assert [day["date"] for day in conference["days"]] == ["2027-07-13", "2027-07-14", "2027-07-15", "2027-07-16"]
    assert (conference["start"], conference["end"], conference["daysCount"]) == ("2027-07-13", "2027-07-16", 4)


def test_a_place_is_a_room_and_what_has_none_gets_one() -> None:
    hall = uuid7()

    conference = written(event(venue="Hall", place=hall), event())["schedule"]["conference"]

    assert {room["name"]: room["guid"] == str(hall) for room in conference["rooms"]} == {"Hall": True, "—": False}
    assert sorted(conference["days"][0]["rooms"]) == ["Hall", "—"]


def test_three_days_are_written_in_hours() -> None:
    [found] = read(written(event(ends_at=START + timedelta(hours=70, minutes=5))))

    assert found["duration"] == "70:05"


ids = st.lists(st.uuids(), unique=True, max_size=60)


@given(ids)
def test_numbers_are_positive_and_of_31_bits_and_never_the_same(some: list[UUID]) -> None:
    numbers = list(numbers_of(some).values())

    assert len(set(numbers)) == len(some)
    assert [number for number in numbers if not 0 < number < 2**31] == []


@given(ids, st.randoms())
def test_numbers_do_not_depend_on_the_order(some: list[UUID], random: Any) -> None:
    shuffled = [*some]
    random.shuffle(shuffled)

    assert numbers_of(shuffled) == numbers_of(some)


def test_of_two_that_would_get_the_same_number_the_earlier_keeps_it(monkeypatch: Any) -> None:
    class Same:
        def digest(self) -> bytes:
            return b"\xff\xff\xff\xff"

    monkeypatch.setattr("hashlib.sha256", lambda _: Same())
    earlier, later = UUID(int=1), UUID(int=2)

    assert numbers_of([later, earlier]) == {earlier: 0x7FFFFFFF, later: 1}
