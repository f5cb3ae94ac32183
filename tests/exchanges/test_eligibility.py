"""The programme's rules: each one, by how much it is missed, and what cannot be said."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchanges.big import big_exchange
from tests.exchanges.reckoned import PEOPLE, broken, but, good, judged, rule, who, without
from tests.exchanges.valued import DAY, PARTIES, POLAND, SPAIN, someone, uid
from tests.measuring import cpu_seconds
from yema.exchanges.programme.calls import call_of
from yema.exchanges.programme.eligibility import eligibility
from yema.exchanges.programme.words import detail_of, source_of, title_of
from yema.exchanges.whole import age_on, ages_on

EN = ("en",)


def test_an_exchange_may_keep_every_rule() -> None:
    assert (broken(good()), judged(good()).holds) == ({}, True)


def test_participants_are_counted_without_leaders_facilitators_and_coordinators() -> None:
    others = [someone(300, "facilitator", None), someone(301, "coordinator", None)]

    assert rule("participants", good(people=[*PEOPLE, *others])).value == 16


@pytest.mark.parametrize(("number", "missed"), [(15, 1), (16, None), (60, None), (61, 1)])
def test_there_are_16_to_60_participants(number: int, missed: int | None) -> None:
    leaders = [one for one in PEOPLE if one.role == "leader"]
    people = [someone(300 + n, group=(POLAND, SPAIN)[n % 2], born="2005-02") for n in range(number)]

    assert broken(good(people=[*leaders, *people])).get("participants") == missed


@pytest.mark.parametrize(("days", "missed"), [(3, 2), (5, None), (21, None), (22, 1)])
def test_it_takes_5_to_21_days(days: int, missed: int | None) -> None:
    assert broken(good(ends_on=DAY + timedelta(days - 1))).get("days") == missed


def test_a_group_has_at_least_four_participants() -> None:
    whole = good(people=without(104, 105, 106, 107, 108))

    found = rule("group_participants", whole)

    assert (found.holds, found.value, found.missed_by, [one.who for one in found.groups]) == (False, 3, 1, [POLAND])


def test_a_group_has_a_leader() -> None:
    assert [one.who for one in rule("group_leaders", good(people=without(200))).groups] == [SPAIN]


def test_groups_come_from_two_countries() -> None:
    both = {one.id: replace(one, country="PL") for one in PARTIES}

    assert broken(good(parties=both)) == {"countries": 1}


def test_one_group_is_not_an_exchange() -> None:
    whole = good(parties={POLAND: PARTIES[0]})

    assert broken(whole) == {"groups": 1, "countries": 1}


@pytest.mark.parametrize(
    ("born", "holds", "missed"),
    [
        ("2014-06", True, None),  # 13 since June
        ("2014-07", None, None),  # 13 this month
        ("2014-08", False, 1),
        ("2016-08", False, 3),
        ("1996-08", True, None),  # 30 until August
        ("1996-07", None, None),  # 31 this month
        ("1996-06", False, 1),
        ("1990-06", False, 7),
        (None, None, None),
    ],
)
def test_participants_are_13_to_30_on_the_first_day(born: str | None, holds: bool | None, missed: int | None) -> None:
    found = rule("participants_age", good(people=but(101, born=born)))

    assert (found.holds, found.missed_by, who(found), found.unknown) == (
        holds,
        missed,
        [uid(101)] if holds is False else [],
        [uid(101)] if holds is None else [],
    )


@pytest.mark.parametrize(("born", "holds"), [("2009-06", True), ("2009-07", None), ("2009-08", False)])
def test_leaders_are_18_on_the_first_day(born: str, holds: bool | None) -> None:
    assert rule("leaders_age", good(people=but(100, born=born))).holds is holds


@pytest.mark.parametrize(
    ("born", "seen", "holds"),
    [
        ("2009-06", False, True),
        ("2009-07", False, None),
        ("2009-08", False, False),
        ("2009-08", True, True),
        (None, False, None),
        (None, True, True),
    ],
)
def test_for_whoever_is_under_18_an_authorisation_was_seen(born: str | None, seen: bool, holds: bool | None) -> None:
    found = rule("guardians", good(people=but(101, born=born, guardian_authorised=seen)))

    assert (found.holds, who(found)) == (holds, [uid(101)] if holds is False else [])


def test_a_young_facilitator_needs_the_authorisation_too() -> None:
    young = someone(300, "facilitator", None, born="2010-01")

    assert who(rule("guardians", good(people=[*PEOPLE, young]))) == [uid(300)]


def test_what_cannot_be_said_is_not_taken_for_broken() -> None:
    whole = good(people=but(101, born=None))

    assert (judged(whole).holds, broken(whole)) == (None, {})


def test_a_broken_rule_is_said_although_others_are_open() -> None:
    assert judged(good(people=but(101, born=None), ends_on=DAY)).holds is False


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2040, 12, 31)))
def test_the_true_age_lies_between_the_two_that_are_possible(birthday: date, day: date) -> None:
    true = day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))

    youngest, oldest = ages_on(f"{birthday:%Y-%m}", day)

    assert youngest <= true <= oldest <= youngest + 1


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2040, 12, 31)))
def test_an_age_is_open_only_while_two_birthdays_of_that_month_give_two_ages(birthday: date, day: date) -> None:
    days = range(1, monthrange(birthday.year, birthday.month)[1] + 1)
    ages = {day.year - birthday.year - ((day.month, day.day) < (birthday.month, one)) for one in days}

    assert {*ages_on(f"{birthday:%Y-%m}", day)} == ages


def test_who_may_be_born_on_29_february_may_have_their_birthday_on_1_march() -> None:
    assert [ages_on(f"{year}-02", date(2027, 2, 28)) for year in (2008, 2009)] == [(18, 19), (18, 18)]


def test_until_it_is_certain_nobody_is_older_for_what_protects_them() -> None:
    assert [age_on("2009-07", date(2027, 7, day)) for day in (1, 30, 31)] == [17, 17, 18]


def test_without_a_call_year_the_project_number_says_it_and_then_the_first_day() -> None:
    whole = good(call_year=None, project_number="2024-1-PL01-KA152-YOU-000123456")

    assert [judged(one).call_year for one in (whole, replace(whole, project_number=None))] == [2024, 2027]


@pytest.mark.parametrize(("year", "rules_of"), [(2014, 2021), (2021, 2021), (2027, 2027), (2031, 2027)])
def test_a_year_without_rules_takes_the_latest_before_it_and_says_so(year: int, rules_of: int) -> None:
    found = judged(good(call_year=year))

    assert (found.call_year, found.rules_of) == (year, rules_of)


def test_every_rule_names_the_guide_of_its_year() -> None:
    assert {(one.source or "").partition(",")[0] for one in judged(good(call_year=2023)).findings} == {
        "Erasmus+ Programme Guide 2023"
    }


@pytest.mark.parametrize(
    ("name", "limit", "missed"),
    [
        ("participants_per_leader_max", 8, None),
        ("participants_per_leader_max", 4, 4),
        ("participants_per_leader_min", 10, 2),
        ("participants_max", 15, 1),
        ("participants_per_group_max", 6, 2),
        ("leaders_per_group_min", 2, 1),
        ("days_max", 7, 1),
        ("countries_min", 3, 1),
    ],
)
def test_an_agency_may_ask_more(name: str, limit: int, missed: float | None) -> None:
    assert broken(good(ceilings={name: limit})) == ({f"agency_{name}": missed} if missed else {})


def test_a_group_without_a_leader_has_too_many_participants_for_any_number_of_leaders() -> None:
    whole = good(people=without(200), ceilings={"participants_per_leader_max": 10})

    assert broken(whole) == {"group_leaders": 1, "agency_participants_per_leader_max": 8}


@pytest.mark.parametrize("name", ["dogs_max", "participants", "participants_per_leader", "max"])
def test_what_an_agency_asks_and_nobody_understands_is_said(name: str) -> None:
    whole = good(ceilings={name: 3})

    found = rule(f"agency_{name}", whole)

    assert (found.holds, judged(whole).holds, detail_of(found, EN)) == (
        None,
        None,
        "We do not understand this rule. Please check it yourself.",
    )


def test_a_rule_says_in_words_what_it_asks_and_what_is_the_matter() -> None:
    found = rule("group_participants", good(people=without(104, 105, 106, 107, 108)))

    assert (title_of(found, EN), detail_of(found, EN), source_of(found, EN)) == (
        "Participants of each group: at least 4",
        "This rule does not hold for 1 group. The limit is missed by 1.",
        call_of(2026).source("Number of participants and composition of national groups"),
    )


@pytest.mark.parametrize(
    "code", [one.code for one in judged(good(ceilings={"days_max": 3, "leaders_min": 1, "dogs_max": 1})).findings]
)
def test_every_rule_has_words(code: str) -> None:
    found = rule(code, good(ceilings={"days_max": 3, "leaders_min": 1, "dogs_max": 1}))

    assert all(("%" not in words and words) for words in (title_of(found, EN), detail_of(found, EN)))


def test_the_largest_exchange_is_judged_within_five_milliseconds() -> None:
    whole = replace(big_exchange(), ceilings={"participants_per_leader_max": 4})

    def judge() -> None:
        for one in eligibility(whole).findings:
            title_of(one, EN), detail_of(one, EN)

    assert cpu_seconds(judge, rounds=5) < 0.005
