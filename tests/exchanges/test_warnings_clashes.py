"""Warnings about what cannot be at the same time."""

import pytest

from tests.exchanges.valued import (
    BLUE,
    HALL,
    LAWN,
    LEADER,
    LEADER2,
    POLAND,
    RED,
    SPAIN,
    crowd,
    exchange,
    found,
    only,
    slot,
    someone,
    uid,
)


def test_two_slots_in_one_venue_take_it_twice() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", venue=LAWN, groups=[POLAND]), slot(2, "10:59-12:00", venue=LAWN, groups=[SPAIN])
    )

    warning = only(whole)

    assert (warning.code, warning.slots, warning.venue) == ("venue_taken", [uid(1001), uid(1002)], LAWN)


def test_a_venue_is_free_when_the_other_slot_ends() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", venue=LAWN, groups=[POLAND]), slot(2, "11:00-12:00", venue=LAWN, groups=[SPAIN])
    )

    assert found(whole) == []


@pytest.mark.parametrize(
    ("room", "other", "taken"),
    [(BLUE, BLUE, True), (BLUE, None, True), (None, RED, True), (BLUE, RED, False)],
    ids=["one room", "a room and all of it", "all of it and a room", "two rooms"],
)
def test_rooms_can_be_taken_by_themselves(room: object, other: object, taken: bool) -> None:
    whole = exchange(
        slot(1, "10:00-11:00", venue=HALL, room=room, groups=[POLAND]),
        slot(2, "10:00-11:00", venue=HALL, room=other, groups=[SPAIN]),
    )

    assert found(whole) == ([("venue_taken", [1, 2])] if taken else [])


def test_a_venue_that_is_taken_three_times_at_once_is_one_warning() -> None:
    people = [someone(n) for n in range(100, 106)]
    slots = [slot(n, f"10:{n}0-11:00", venue=LAWN, people=[uid(100 + n)]) for n in (1, 2, 3)]

    assert found(exchange(*slots, people=people)) == [("venue_taken", [1, 2, 3])]


def test_a_venue_that_is_taken_on_two_days_are_two_warnings() -> None:
    slots = [
        slot(n, "10:00-11:00", day, venue=LAWN, groups=[group])
        for n, day, group in ((1, 0, POLAND), (2, 0, SPAIN), (3, 1, POLAND), (4, 1, SPAIN))
    ]

    assert found(exchange(*slots)) == [("venue_taken", [1, 2]), ("venue_taken", [3, 4])]


def test_groups_may_set_out_from_one_place_at_once() -> None:
    whole = exchange(
        *(slot(n, "10:00-11:00", kind="travel", venue=LAWN, groups=[g]) for n, g in ((1, POLAND), (2, SPAIN)))
    )

    assert found(whole) == []


def test_a_cancelled_slot_counts_for_nothing() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", venue=LAWN), slot(2, "10:00-11:00", 9, venue=LAWN, kind="meeting", state="cancelled")
    )

    assert found(whole) == []


def test_two_slots_for_one_group_are_one_warning_and_not_one_for_each_person() -> None:
    whole = exchange(slot(1, "10:00-11:00", groups=[POLAND]), slot(2, "10:30-12:00", groups=[POLAND, SPAIN]))

    warning = only(whole)

    assert (warning.code, warning.groups, warning.people) == (
        "group_double_booked",
        [POLAND],
        [uid(n) for n in range(100, 106)],
    )


def test_two_slots_for_everybody_concern_all_groups() -> None:
    warning = only(exchange(slot(1, "10:00-11:00"), slot(2, "10:30-12:00")))

    assert (warning.code, warning.groups, len(warning.people)) == ("group_double_booked", [POLAND, SPAIN], 12)


def test_a_slot_for_a_group_beside_one_for_everybody_concerns_that_group() -> None:
    warning = only(exchange(slot(1, "10:00-11:00"), slot(2, "10:30-12:00", groups=[SPAIN])))

    assert (warning.code, warning.groups) == ("group_double_booked", [SPAIN])


def test_groups_in_parallel_slots_are_not_booked_twice() -> None:
    assert found(exchange(*(slot(n, "10:00-11:00", groups=[g]) for n, g in ((1, POLAND), (2, SPAIN))))) == []


def test_free_time_books_nobody() -> None:
    whole = exchange(slot(1, "10:00-12:00", kind="free", venue=LAWN), slot(2, "10:30-11:00", venue=LAWN))

    assert found(whole) == []


def test_a_person_who_was_chosen_for_two_slots_is_in_two_places() -> None:
    warning = only(
        exchange(slot(1, "10:00-11:00", people=[uid(101), uid(102)]), slot(2, "10:30-11:30", people=[uid(102)]))
    )

    assert (warning.code, warning.people) == ("person_in_two_places", [uid(102)])


def test_one_slot_after_the_other_is_one_place_at_a_time() -> None:
    whole = exchange(slot(1, "10:00-11:00", people=[uid(102)]), slot(2, "11:00-11:30", people=[uid(102)]))

    assert found(whole) == []


def test_who_answers_for_a_slot_has_to_be_there() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", groups=[POLAND]), slot(2, "10:00-11:00", groups=[SPAIN], responsible=[LEADER])
    )

    warning = only(whole)

    assert (warning.code, warning.people) == ("person_in_two_places", [LEADER])


def test_a_person_is_not_named_where_the_group_is() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", groups=[POLAND]), slot(2, "10:00-11:00", groups=[POLAND], responsible=[LEADER, LEADER2])
    )

    assert found(whole) == [("group_double_booked", [1, 2])]


def test_a_person_beside_the_group_is_named() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", groups=[POLAND], responsible=[LEADER2]),
        slot(2, "10:00-11:00", groups=[POLAND, SPAIN]),
    )

    assert found(whole) == [("group_double_booked", [1, 2]), ("person_in_two_places", [1, 2])]


def test_nobody_can_be_in_charge_of_two_things_at_once() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", groups=[POLAND], responsible=[LEADER]),
        slot(2, "10:00-11:00", groups=[SPAIN], responsible=[LEADER]),
    )

    warning = only(whole)

    assert (warning.code, warning.people) == ("person_in_charge_twice", [LEADER])


def test_two_leaders_may_be_in_charge_of_one_thing_each() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", groups=[POLAND], responsible=[LEADER]),
        slot(2, "10:00-11:00", groups=[SPAIN], responsible=[LEADER2]),
    )

    assert found(whole) == []


def test_whoever_has_left_is_nowhere() -> None:
    whole = exchange(*(slot(n, "10:00-11:00", people=[uid(999)], responsible=[uid(998)]) for n in (1, 2)))

    assert found(whole) == []


def test_a_group_without_members_is_booked_twice_all_the_same() -> None:
    whole = exchange(*(slot(n, "10:00-11:00", groups=[SPAIN]) for n in (1, 2)), people=crowd()[:6])

    assert found(whole) == [("group_double_booked", [1, 2])]
