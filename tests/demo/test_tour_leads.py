"""The tour of those who lead, as it is printed: the plan in the rain, the own group, the desk."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.demo.conftest import Walked
from yema.demo.tour.words import ALLERGIES, ANNOUNCED

TOMORROW = (datetime.now(ZoneInfo("Europe/Warsaw")) + timedelta(1)).date()


def test_the_leader_sees_what_may_go_wrong_in_polish(walked: Walked) -> None:
    two_things, taken, nobody = walked.step("leader: sees in the rain")

    assert (two_things.split(":")[0], taken.split(":")[0], nobody.split(":")[0]) == (
        "Polska",
        "Lakeside",
        "„Przygotowania do dnia rzeki”",
    )


def test_the_preview_says_when_the_evenings_will_be(walked: Walked) -> None:
    lines = walked.step("leader: moves the evenings")

    assert lines[-1] == f"moved: Wieczorna przystań  {TOMORROW} 20:00 -> 20:30"


def test_the_release_tells_only_the_evenings(walked: Walked) -> None:
    numbers, *evenings = walked.step("leader: releases that")

    assert numbers == f"release 3: 0 new, {len(evenings)} moved, 0 changed, 0 cancelled"
    assert {evening.split("  ")[0] for evening in evenings} == {"moved: Evening Harbour"}


def test_the_participant_hears_of_the_evening_and_of_its_undoing(walked: Walked) -> None:
    assert (walked.step("participant: hears of it"), walked.step("participant: hears that all")) == (
        [f"{TOMORROW}  20:30-21:15  Wieczorna przystań, Fireplace room  [moved]"],
        [f"{TOMORROW}  20:00-20:45  Wieczorna przystań, Fireplace room"],
    )


def test_the_release_is_undone_by_the_next_one(walked: Walked) -> None:
    assert walked.step("leader: undoes it")[0] == "release 4 takes back release 3"


def test_what_is_announced_is_read_in_the_own_language(walked: Walked) -> None:
    assert walked.step("participant: has seen it") == [": ".join(ANNOUNCED["pl"])]


def test_the_leader_reminds_those_who_have_not_seen_it(walked: Walked) -> None:
    summary, reminded = walked.step("leader: sees who has not")

    assert (re.findall(r"\d+", summary), "Kaja" in summary, reminded) == (["1", "23", "12"], False, "22 reminded")


def test_the_leader_marks_the_own_group(walked: Walked) -> None:
    assert walked.step("leader: marks who was there")[1] == (
        "7 there, Kaja late; nothing said yet of 12 of other groups"
    )


def test_the_leader_takes_the_sheets_of_the_own_group_only(walked: Walked) -> None:
    sheets = walked.step("leader: takes the emergency sheets")

    assert (sheets[0], [line.split(":")[0] for line in sheets[:2]], sheets[-2:]) == (
        f"Kaja: +48 000 000 103; {ALLERGIES['pl']}",
        ["Kaja", "Ola"],
        ["6 of 8 have none yet", "those of the 2 other groups: 404"],
    )


def test_the_participant_is_shown_who_opened_the_sheet(walked: Walked) -> None:
    assert walked.step("participant: is shown who opened it") == [f"Marta, {datetime.now(UTC).date()}"]


def test_the_coordinator_sees_which_rules_do_not_hold(walked: Walked) -> None:
    lines = walked.step("coordinator: asks who is eligible")

    assert (len(lines), lines[-3:]) == (
        6,
        ["Deutschland: 450 km, green", "Polska: 42 km, green", "Україна: 398 km, green"],
    )


def test_the_programme_is_printed_in_polish(walked: Walked) -> None:
    assert walked.step("coordinator: prints")[1] == "08:00 – 09:00  Śniadanie (Posiłek)  Dining room  Odpowiada: Paweł"


def test_the_calendar_shows_where_the_slot_is_now(walked: Walked) -> None:
    event, sequence, _ = walked.step("participant: finds the moved slot")

    assert (event.split(",")[:2], sequence.split(",")[0]) == (["Śledztwo na brzegu", " Main hall"], "SEQUENCE 2")


def test_what_is_announced_and_printed_can_be_arabic(in_arabic: Walked) -> None:
    seen, printed = in_arabic.step("participant: has seen it"), in_arabic.step("coordinator: prints")

    assert (seen, printed[1].split("  ")[1]) == ([": ".join(ANNOUNCED["ar"])], "الفطور (وجبة)")
