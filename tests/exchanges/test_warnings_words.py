"""Warnings in words: short, with the slot, the place and the time on the wall."""

import msgspec
import pytest

from tests.exchanges.valued import (
    ACTIVITY,
    BLUE,
    HALL,
    LAWN,
    LEADER,
    POLAND,
    SPAIN,
    TOWN,
    ZONE,
    activity,
    exchange,
    slot,
    someone,
    uid,
)
from yema.exchanges.warnings import warnings_of
from yema.exchanges.whole import Place, WholeExchange

MINOR, ADULT = someone(150, born="2010-03", languages=frozenset(["pl"])), someone(151, group=SPAIN)
SMALL = [Place(HALL, "Hall", ZONE, rooms={BLUE: ("Blue", 11)})]
SENTENCES = [
    (
        exchange(
            slot(1, "10:00-11:00", venue=LAWN, groups=[POLAND]), slot(2, "10:30-12:00", venue=LAWN, groups=[SPAIN])
        ),
        "Lawn is taken twice: “S1” and “S2”. Wed, Jul 14, 10:30.",
    ),
    (
        exchange(slot(1, "10:00-11:00", venue=HALL, room=BLUE), places=SMALL),
        "“S1”: 1 person too many for Hall, Blue. Wed, Jul 14, 10:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", people=[uid(101)]), slot(2, "10:30-11:00", people=[uid(101)])),
        "P101: in two places at once, “S1” and “S2”. Wed, Jul 14, 10:30.",
    ),
    (
        exchange(
            slot(1, "10:00-11:00", groups=[POLAND], responsible=[LEADER]),
            slot(2, "10:30-11:00", groups=[SPAIN], responsible=[LEADER]),
        ),
        "P100: responsible for two things at once, “S1” and “S2”. Wed, Jul 14, 10:30.",
    ),
    (
        exchange(slot(1, "10:00-11:00", groups=[POLAND]), slot(2, "10:30-11:00")),
        "Poland: two things at once, “S1” and “S2”. Wed, Jul 14, 10:30.",
    ),
    (
        exchange(slot(1, "10:00-11:00"), slot(2, "10:30-11:00")),
        "Everybody: two things at once, “S1” and “S2”. Wed, Jul 14, 10:30.",
    ),
    (
        exchange(slot(1, "10:00-11:00", 5)),
        "“S1” is outside the days of the exchange. Mon, Jul 19, 10:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", venue=HALL), slot(2, "11:40-12:00", venue=TOWN)),
        "The way from Hall to Town takes 5 minutes more than there is before “S2”. Wed, Jul 14, 11:40.",
    ),
    (
        exchange(slot(1, "08:00-10:00"), slot(2, "10:00-13:00", groups=[SPAIN])),
        "Spain: no pause from “S1” to “S2”. Wed, Jul 14, 08:00–13:00.",
    ),
    (
        exchange(slot(1, "08:00-13:00")),
        "Everybody: no pause in “S1”. Wed, Jul 14, 08:00–13:00.",
    ),
    (
        exchange(slot(1, "22:00-23:30"), slot(2, "07:00-08:00", 1, people=[uid(101), uid(201)])),
        "P101 and P201: a night of only 7:30 h, from “S1” to “S2”. Wed, Jul 14, 23:30–07:00.",
    ),
    (
        exchange(slot(1, "22:00-23:30"), slot(2, "07:00-08:00", 1, people=[uid(n) for n in (101, 102, 103, 201)])),
        "4 people: a night of only 7:30 h, from “S1” to “S2”. Wed, Jul 14, 23:30–07:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", kind="reflection", titles={})),
        "Nobody is responsible for “Reflection”. Wed, Jul 14, 10:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", activity=ACTIVITY), activities=[activity(minutes_min=90)]),
        "“S1”: the activity needs at least 30 minutes more. Wed, Jul 14, 10:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", activity=ACTIVITY), activities=[activity(group_size_min=12)]),
        "“S1”: 2 participants too few for the activity. Wed, Jul 14, 10:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", activity=ACTIVITY), activities=[activity(group_size_max=9)]),
        "“S1”: 1 participant too many for the activity. Wed, Jul 14, 10:00.",
    ),
    (
        exchange(slot(1, "10:00-11:00", people=[MINOR.id]), people=[MINOR]),
        "“S1”: no adult of the group is with the minors of Poland. Wed, Jul 14, 10:00.",
    ),
    (
        exchange(
            slot(1, "10:00-11:00", people=[MINOR.id, ADULT.id], responsible=[uid(101)]),
            people=[MINOR, ADULT, someone(101)],
        ),
        "“S1”: there is no language that all of them speak. Wed, Jul 14, 10:00.",
    ),
]


@pytest.mark.parametrize(("whole", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_warnings_say_in_a_line_what_is_wrong(whole: WholeExchange, sentence: str) -> None:
    assert [one.detail for one in warnings_of(whole, ("en",)).items] == [sentence]


def test_of_many_slots_the_first_are_named() -> None:
    whole = exchange(*(slot(n, "10:00-11:00") for n in range(1, 6)))

    [warning] = warnings_of(whole, ("en",)).items

    assert warning.detail == "Everybody: two things at once, “S1”, “S2”, “S3”, and 2 more. Wed, Jul 14, 10:00."


def test_slots_are_called_as_the_reader_calls_them() -> None:
    whole = exchange(slot(1, "10:00-11:00", kind="meeting", titles={"en": "Meeting", "pl": "Zebranie"}))

    [warning] = warnings_of(whole, ("pl", "en")).items

    assert "Zebranie" in warning.detail


def test_the_time_is_that_on_the_wall_of_the_place() -> None:
    here = msgspec.structs.replace(slot(1, "10:00-11:00", kind="meeting"), zone="Europe/Lisbon")

    [warning] = warnings_of(exchange(here), ("en",)).items

    assert warning.detail == "Nobody is responsible for “S1”. Wed, Jul 14, 09:00."


def test_names_stand_apart_in_arabic() -> None:
    [warning] = warnings_of(exchange(slot(1, "10:00-11:00", kind="meeting")), ("ar",)).items

    assert "\u2068S1\u2069" in warning.detail


def test_a_percent_sign_in_a_title_is_a_percent_sign() -> None:
    [warning] = warnings_of(
        exchange(slot(1, "10:00-11:00", kind="meeting", titles={"en": "100% %(n)s"})), ("en",)
    ).items

    assert warning.detail == "Nobody is responsible for “100% %(n)s”. Wed, Jul 14, 10:00."
