"""Warnings about the days: the exchange's own, ways, pauses and nights."""

import msgspec
import pytest

from tests.exchanges.valued import (
    DAY,
    HALL,
    LAWN,
    POLAND,
    SPAIN,
    TENT,
    TOWN,
    ZONE,
    exchange,
    found,
    north,
    only,
    slot,
    uid,
)
from yema.exchanges.warnings import minutes_between
from yema.exchanges.whole import Place


@pytest.mark.parametrize(
    ("hours", "day", "outside"),
    [
        ("00:00-01:00", 0, False),
        ("23:59-01:00", -1, True),
        ("23:00-00:00", 2, False),
        ("23:00-00:01", 2, True),
        ("10:00-11:00", 3, True),
    ],
)
def test_slots_outside_the_days_of_the_exchange(hours: str, day: int, outside: bool) -> None:
    assert found(exchange(slot(1, hours, day))) == ([("outside_exchange", [1])] if outside else [])


def test_the_days_are_those_of_the_exchange_and_not_of_the_place() -> None:
    """Half past eleven in the evening before, in Lisbon, is the first day in Warsaw."""
    here = msgspec.structs.replace(slot(1, "00:30-01:00"), zone="Europe/Lisbon")

    assert found(exchange(here)) == []


def test_a_warning_stands_under_the_day_of_its_first_slot_in_the_zone_of_the_exchange() -> None:
    assert only(exchange(slot(1, "00:30-01:00", kind="meeting"))).day == DAY


@pytest.mark.parametrize(
    ("km", "minutes"),
    [(0.09, 0), (0.11, 7), (1.499, 25), (2.999, 45), (3.001, 22), (29.99, 75)],
    ids=["next door", "100 m", "on foot", "just on foot", "just by bus", "by bus"],
)
def test_the_way_is_on_foot_up_to_three_kilometres_and_then_by_bus(km: float, minutes: int) -> None:
    here, there = (
        Place(uid(n), "", ZONE, latitude=latitude, longitude=19.94) for n, latitude in ((1, north(0)), (2, north(km)))
    )

    assert minutes_between(here, there) == minutes_between(there, here) == minutes


def test_of_a_place_without_coordinates_nobody_knows_the_way() -> None:
    assert minutes_between(Place(uid(1), "", ZONE), Place(uid(2), "", ZONE, latitude=1, longitude=1)) is None


def test_too_little_time_for_the_way() -> None:
    """Town is 3 km away, 45 minutes on foot."""
    warning = only(exchange(slot(1, "10:00-11:00", venue=HALL), slot(2, "11:44-12:00", venue=TOWN)))

    assert (warning.code, warning.by, len(warning.people)) == ("too_little_time", 1, 12)


@pytest.mark.parametrize(
    "slots",
    [
        [slot(1, "10:00-11:00", venue=HALL), slot(2, "11:45-12:00", venue=TOWN)],
        [slot(1, "10:00-11:00", venue=HALL), slot(2, "11:00-12:00", venue=LAWN)],
        [slot(1, "10:00-11:00", venue=HALL), slot(2, "11:00-12:00", venue=TENT)],
        [slot(1, "10:00-11:00", venue=HALL, groups=[POLAND]), slot(2, "11:00-12:00", venue=TOWN, groups=[SPAIN])],
        [
            slot(1, "10:00-11:00", venue=HALL),
            slot(2, "11:00-11:20", kind="travel"),
            slot(3, "11:20-12:00", venue=TOWN),
        ],
        [slot(1, "10:00-11:00", venue=HALL), slot(2, "11:00-12:00", kind="free", venue=TOWN)],
        [slot(1, "10:00-11:00", kind="travel", venue=HALL), slot(2, "11:00-12:00", venue=TOWN)],
    ],
    ids=[
        "just enough",
        "next door",
        "nobody knows where",
        "other people",
        "by bus",
        "free",
        "they come from elsewhere",
    ],
)
def test_enough_time_for_the_way(slots: list[object]) -> None:
    assert found(exchange(*slots)) == []  # type: ignore[arg-type]


def test_a_slot_without_a_place_between_moves_nobody() -> None:
    whole = exchange(slot(1, "10:00-11:00", venue=HALL), slot(2, "11:00-11:30"), slot(3, "11:30-12:00", venue=TOWN))

    assert found(whole) == [("too_little_time", [1, 3])]


def test_parallel_slots_from_which_all_go_the_same_way_are_one_warning() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", venue=HALL, room=uid(21), groups=[POLAND]),
        slot(2, "10:00-11:00", venue=HALL, room=uid(22), groups=[SPAIN]),
        slot(3, "11:00-12:00", venue=TOWN),
    )

    assert found(whole) == [("too_little_time", [1, 2, 3])]
    assert len(only(whole).people) == 12


def test_more_than_four_hours_without_a_pause() -> None:
    whole = exchange(slot(1, "08:00-10:00"), slot(2, "10:14-12:01"))

    warning = only(whole)

    assert (warning.code, warning.slots, warning.by) == ("no_pause", [uid(1001), uid(1002)], 1)


@pytest.mark.parametrize(
    "slots",
    [
        [slot(1, "08:00-10:00"), slot(2, "10:00-12:00")],
        [slot(1, "08:00-10:00"), slot(2, "10:15-14:00")],
        [slot(1, "08:00-10:00"), slot(2, "10:00-10:15", kind="meal"), slot(3, "10:15-14:00")],
        [slot(1, "08:00-10:00"), slot(2, "10:00-10:15", kind="free"), slot(3, "10:15-14:00")],
        [slot(1, "08:00-10:00", groups=[POLAND]), slot(2, "10:00-14:00", groups=[SPAIN])],
        [slot(1, "08:00-20:00", kind="travel")],
    ],
    ids=["four hours", "a gap", "a meal", "free time", "others", "only a journey"],
)
def test_a_pause_in_time(slots: list[object]) -> None:
    assert found(exchange(*slots)) == []  # type: ignore[arg-type]


def test_a_meal_of_fourteen_minutes_is_no_pause() -> None:
    whole = exchange(slot(1, "08:00-10:00"), slot(2, "10:00-10:14", kind="meal"), slot(3, "10:14-12:30"))

    assert found(whole) == [("no_pause", [1, 3])]


def test_groups_without_a_pause_in_the_same_hours_are_one_warning() -> None:
    whole = exchange(
        slot(1, "08:00-10:00"), slot(2, "10:00-13:00", groups=[POLAND]), slot(3, "10:00-13:00", groups=[SPAIN])
    )

    assert [(one, slots) for one, slots in found(whole)] == [("no_pause", [1, 2, 3])]
    assert len(only(whole).people) == 12


def test_less_than_nine_hours_of_night() -> None:
    warning = only(exchange(slot(1, "21:00-23:01"), slot(2, "08:00-09:00", 1, kind="meal", groups=[POLAND])))

    assert (warning.code, warning.by, warning.groups) == ("short_night", 1, [POLAND])


@pytest.mark.parametrize(
    "slots",
    [
        [slot(1, "21:00-23:00"), slot(2, "08:00-09:00", 1)],
        [slot(1, "21:00-23:30", groups=[POLAND]), slot(2, "08:00-09:00", 1, groups=[SPAIN])],
        [slot(1, "21:00-23:30", kind="free"), slot(2, "08:00-09:00", 1)],
        [slot(1, "22:00-01:00"), slot(2, "10:00-11:00", 1)],
        [slot(1, "20:00-22:00"), slot(2, "00:30-01:00", 1), slot(3, "10:00-11:00", 1)],
    ],
    ids=["nine hours", "others", "free time", "late, and late up", "stars after midnight, and late up"],
)
def test_a_night_of_nine_hours(slots: list[object]) -> None:
    assert found(exchange(*slots)) == []  # type: ignore[arg-type]


def test_what_begins_after_midnight_belongs_to_the_evening() -> None:
    whole = exchange(slot(1, "20:00-22:00"), slot(2, "00:30-01:00", 1), slot(3, "07:00-08:00", 1))

    assert found(whole) == [("short_night", [2, 3])]


def test_a_morning_within_a_long_slot_is_booked_twice_and_no_night() -> None:
    whole = exchange(slot(1, "10:00-09:00", kind="meal"), slot(2, "07:00-08:00", 1))

    assert found(whole) == [("group_double_booked", [1, 2])]


def test_parallel_evenings_before_one_morning_are_one_warning() -> None:
    whole = exchange(
        slot(1, "22:00-23:30", groups=[POLAND]), slot(2, "22:00-23:30", groups=[SPAIN]), slot(3, "07:00-08:00", 1)
    )

    assert found(whole) == [("short_night", [1, 2, 3])]
