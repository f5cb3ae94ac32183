"""Warnings about what a slot needs by itself."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.exchanges.valued import (
    ACTIVITY,
    BLUE,
    HALL,
    LEADER,
    POLAND,
    RED,
    SPAIN,
    ZONE,
    activity,
    crowd,
    exchange,
    found,
    only,
    slot,
    someone,
    uid,
)
from yema.exchanges.plan import SlotBody
from yema.exchanges.warnings import warnings_of
from yema.exchanges.whole import Place, Someone, WholeExchange


def held(seats: int | None, blue: int | None, **fields: Any) -> WholeExchange:
    hall = Place(HALL, "Hall", ZONE, capacity=seats, rooms={BLUE: ("Blue", blue), RED: ("Red", None)})
    return exchange(slot(1, "10:00-11:00", venue=HALL, **fields), places=[hall])


def test_more_people_than_the_venue_holds() -> None:
    warning = only(held(11, None))

    assert (warning.code, warning.venue, warning.by) == ("over_capacity", HALL, 1)


@pytest.mark.parametrize(
    "whole",
    [held(12, None), held(None, None), held(5, 12, room=BLUE), held(0, None, kind="free"), held(6, 1, groups=[POLAND])],
    ids=["just full", "nobody said", "the room is larger than it says of all", "free time", "one group"],
)
def test_enough_room(whole: WholeExchange) -> None:
    assert found(whole) == []


@pytest.mark.parametrize(("room", "by"), [(BLUE, 2), (RED, 1)], ids=["of the room", "of the venue, as nobody said"])
def test_a_room_holds_what_was_said_of_it(room: object, by: int) -> None:
    assert only(held(11, 10, room=room)).by == by


def test_who_answers_for_a_slot_takes_a_seat() -> None:
    assert only(held(6, None, groups=[SPAIN], responsible=[LEADER])).by == 1


@pytest.mark.parametrize("kind", ["activity", "reflection", "meeting"])
def test_a_session_needs_somebody_responsible(kind: str) -> None:
    assert found(exchange(slot(1, "10:00-11:00", kind=kind))) == [("nobody_responsible", [1])]
    assert found(exchange(slot(1, "10:00-11:00", kind=kind, responsible=[LEADER]))) == []


@pytest.mark.parametrize("kind", ["meal", "free", "travel", "other"])
def test_what_is_no_session_does_not(kind: str) -> None:
    assert found(exchange(slot(1, "10:00-11:00", kind=kind))) == []


def test_who_has_left_is_responsible_for_nothing() -> None:
    whole = exchange(slot(1, "10:00-11:00", kind="meeting", responsible=[uid(999)]))

    assert found(whole) == [("nobody_responsible", [1])]


@pytest.mark.parametrize(("minutes", "warned"), [(60, []), (61, [("activity_too_long", [1])])])
def test_an_activity_needs_its_least_time(minutes: int, warned: object) -> None:
    whole = exchange(
        slot(1, "10:00-11:00", activity=ACTIVITY), activities=[activity(minutes_min=minutes, minutes_max=200)]
    )

    assert found(whole) == warned


@pytest.mark.parametrize(
    ("bounds", "warned"),
    [
        ((10, 10), []),
        ((11, 20), [("group_too_small", 1)]),
        ((2, 9), [("group_too_large", 1)]),
    ],
)
def test_an_activity_is_for_so_many_participants(bounds: tuple[int, int], warned: object) -> None:
    """There are ten, and two leaders."""
    least, most = bounds
    whole = exchange(
        slot(1, "10:00-11:00", activity=ACTIVITY), activities=[activity(group_size_min=least, group_size_max=most)]
    )

    assert [(one.code, one.by) for one in warnings_of(whole, ("en",)).items] == warned


def test_where_only_leaders_were_chosen_they_are_the_participants() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", activity=ACTIVITY, people=[LEADER]), activities=[activity(group_size_min=2)]
    )

    assert found(whole) == [("group_too_small", [1])]


def test_as_long_as_nobody_has_joined_no_group_is_too_small() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", activity=ACTIVITY), activities=[activity(group_size_min=2)], people=crowd()[:1]
    )

    assert found(whole) == []


YOUNG = someone(150, born="2010-03")


def with_a_minor(slot: SlotBody, *others: Someone) -> WholeExchange:
    """Beside the adults of the crowd, of whom those from Spain stay at home."""
    return exchange(slot, people=[*crowd()[:6], YOUNG, *others])


def test_minors_need_an_adult_of_their_group() -> None:
    spaniard = someone(201, group=SPAIN)

    warning = only(with_a_minor(slot(1, "10:00-11:00", people=[YOUNG.id, spaniard.id]), spaniard))

    assert (warning.code, warning.people, warning.groups) == ("minors_without_adult", [YOUNG.id], [POLAND])


@pytest.mark.parametrize(
    "one",
    [
        slot(1, "10:00-11:00", people=[YOUNG.id, LEADER]),
        slot(1, "10:00-11:00", people=[YOUNG.id], responsible=[LEADER]),
        slot(1, "10:00-11:00", people=[YOUNG.id, uid(101)]),
        slot(1, "10:00-11:00", kind="free", people=[YOUNG.id]),
        slot(1, "10:00-11:00", groups=[POLAND]),
    ],
    ids=["a leader", "who answers for it", "a participant who is of age", "free time", "the group"],
)
def test_minors_with_an_adult(one: SlotBody) -> None:
    assert found(with_a_minor(one)) == []


def test_a_group_of_minors_alone_is_warned_of_in_its_own_slots_but_not_in_those_for_all() -> None:
    people = [YOUNG, *crowd()[6:]]

    whole = exchange(slot(1, "10:00-11:00", groups=[POLAND]), slot(2, "12:00-13:00"), people=people)

    assert found(whole) == [("minors_without_adult", [1])]


@pytest.mark.parametrize(
    ("born", "warned"),
    [("2009-06", False), ("2009-07", True), ("2009-08", True), (None, False)],
    ids=["18 since last month", "18 this month, perhaps not yet", "17", "nobody knows"],
)
def test_who_is_under_age_on_the_fourteenth_of_july_2027(born: str | None, warned: bool) -> None:
    one = someone(150, born=born)

    assert bool(found(exchange(slot(1, "10:00-11:00", people=[one.id]), people=[one]))) is warned


def test_a_leader_who_did_not_say_when_they_were_born_is_an_adult() -> None:
    leader = someone(160, "leader", born=None)

    assert found(exchange(slot(1, "10:00-11:00", people=[YOUNG.id, leader.id]), people=[YOUNG, leader])) == []


def test_a_minor_without_a_group_needs_any_adult() -> None:
    lone = msgspec.structs.replace(YOUNG, group=None)

    def beside(*others: Someone) -> WholeExchange:
        people = [lone, *others]
        return exchange(slot(1, "10:00-11:00", people=[one.id for one in people]), people=people)

    assert (found(beside()), found(beside(someone(201, group=SPAIN)))) == ([("minors_without_adult", [1])], [])


def young(number: int, group: UUID = POLAND) -> Someone:
    return someone(number, group=group, born="2010-03")


def told(whole: WholeExchange, *groups: UUID) -> list[tuple[list[UUID], Any]]:
    """Which people and groups somebody who acts for these groups is warned of."""
    return [(one.people, one.groups) for one in warnings_of(whole, ("en",), lambda group: group in groups).items]


def test_who_is_under_age_is_told_only_to_those_who_act_for_the_group() -> None:
    people = [*(young(number) for number in (151, 152, 153)), young(250, SPAIN)]
    whole = exchange(slot(1, "10:00-11:00", people=[one.id for one in people]), people=people)

    assert told(whole, SPAIN) == [([uid(250)], [POLAND, SPAIN])]


@pytest.mark.parametrize("minors", [1, 2])
def test_of_few_minors_only_those_hear_who_act_for_their_group(minors: int) -> None:
    people = [young(151 + number) for number in range(minors)]
    whole = exchange(slot(1, "10:00-11:00", people=[one.id for one in people]), people=people)

    assert (told(whole), told(whole, SPAIN), told(whole, POLAND)) == ([], [], [([one.id for one in people], [POLAND])])


@pytest.mark.parametrize("born", ["2003-05", "2009-07", "2009-08", "2012-11"])
def test_slots_on_many_days_tell_nobody_when_one_person_was_born(born: str) -> None:
    one = someone(150, born=born)
    days = range(-2_500, 4_900, 28)
    whole = exchange(*(slot(1 + n, "10:00-11:00", day, people=[one.id]) for n, day in enumerate(days)), people=[one])

    warned = [
        sum(warning.code == "minors_without_adult" for warning in warnings_of(whole, ("en",), acts).items)
        for acts in (lambda _: False, lambda _: True)
    ]

    assert (warned[0], warned[1] in (0, len(days))) == (0, True)


def speaking(*languages: set[str], groups: tuple[object, ...] = (POLAND, SPAIN, SPAIN)) -> WholeExchange:
    people = [
        someone(401 + n, group=groups[n], languages=frozenset(spoken))  # type: ignore[arg-type]
        for n, spoken in enumerate(languages)
    ]
    return exchange(slot(1, "10:00-11:00", people=[one.id for one in people]), people=people)


def test_chosen_people_of_two_groups_need_a_language_that_all_speak() -> None:
    whole = speaking({"pl", "en"}, {"es", "en"}, {"es"})

    assert found(whole) == [("no_common_language", [1])]


@pytest.mark.parametrize(
    "whole",
    [
        speaking({"pl", "en"}, {"es", "en"}),
        speaking({"pt"}, {"pt-BR"}),
        speaking({"pl"}, set()),
        speaking({"pl"}, {"es"}, groups=(POLAND, POLAND)),
    ],
    ids=["English", "another kind of Portuguese", "nobody knows", "one group"],
)
def test_a_common_language(whole: WholeExchange) -> None:
    assert found(whole) == []


def test_whole_groups_find_their_languages_themselves() -> None:
    people = [someone(401, languages=frozenset(["pl"])), someone(402, group=SPAIN, languages=frozenset(["es"]))]

    assert found(exchange(slot(1, "10:00-11:00", groups=[POLAND, SPAIN]), people=people)) == []
