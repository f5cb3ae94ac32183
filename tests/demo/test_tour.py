"""The tour, as it is printed: each person sees what they should."""

import pytest

from tests.demo.conftest import Walked, walk
from yema.demo.tour import ANSWERS, WORDS


def test_the_tour_walks_to_its_end(walked: Walked) -> None:
    assert (walked.ended.status, walked.ended.err) == (0, "")


def test_whoever_joins_waits_until_the_leader_approves(walked: Walked) -> None:
    assert (walked.step("participant: joins by the code")[0], walked.step("leader: approves")) == (
        "Kaja, waiting for approval",
        ["Kaja is in"],
    )


def test_the_participant_sees_today_in_polish(walked: Walked) -> None:
    assert walked.step("participant: sees today") == [
        "08:00-09:00  Śniadanie, Dining room",
        "09:15-09:30  Od mżawki do grzmotu, Lawn",
        "09:45-11:15  Szklanka wody, Main hall",
        "11:30-12:30  Youthpass: czego się tu uczę?, Studio",
        "12:45-13:45  Obiad, Dining room",
        "15:00-16:30  Śledztwo na brzegu, Lakeside",
        "16:45-18:15  Czas wolny, Lawn",
        "18:30-19:30  Kolacja, Dining room",
        "20:00-20:45  Wieczorna przystań, Fireplace room",
    ]


def test_the_participant_reads_the_activity_in_polish(walked: Walked) -> None:
    assert walked.step("participant: reads an activity")[:2] == [
        "Od mżawki do grzmotu  (10-15 min)",
        "Dłońmi, palcami i stopami grupa wywołuje burzę i pozwala jej przejść: najpierw prowadzi jedna osoba, potem już nikt.",
    ]


def test_the_participant_shares_a_reflection(walked: Walked) -> None:
    assert walked.step("participant: writes") == [WORDS["pl"], "mood 4 of 5"]


def test_the_coordinator_reads_the_reflection(walked: Walked) -> None:
    assert walked.step("coordinator: reads Kaja's reflection") == [WORDS["pl"]]


def test_the_coordinator_answers(walked: Walked) -> None:
    assert walked.step("coordinator: answers") == [ANSWERS["pl"]]


def test_the_leader_moves_a_slot(walked: Walked) -> None:
    assert walked.step("leader: moves a slot") == [
        "15:00-16:30  Shore Detectives, Lakeside",
        "-> 15:00-16:30  Shore Detectives, Main hall",
    ]


def test_the_participant_sees_the_answer_and_the_moved_slot(walked: Walked) -> None:
    assert walked.step("participant: sees the answer") == [
        f"Paweł: {ANSWERS['pl']}",
        "15:00-16:30  Śledztwo na brzegu, Main hall  [moved]",
    ]


def test_the_stranger_finds_nothing(walked: Walked) -> None:
    lines = walked.step("stranger: finds nothing of it")

    assert ([line.split()[0] for line in lines[:-1]], lines[-1]) == (["404"] * 5, "sees only: Stages of courage")


def test_the_tour_can_be_walked_again_in_the_same_folder(walked: Walked) -> None:
    again = walk(walked.data)

    assert (again.ended.status, len(again.step("participant: sees today"))) == (0, 9)


@pytest.fixture(scope="module")
def in_arabic(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walk(tmp_path_factory.mktemp("arabic"), "--locale", "ar")


def test_the_participant_can_read_arabic(in_arabic: Walked) -> None:
    assert (in_arabic.ended.status, in_arabic.step("participant: sees today")[:3]) == (
        0,
        [
            "08:00-09:00  الفطور, Dining room",
            "09:15-09:30  من الرذاذ إلى الرعد, Lawn",
            "09:45-11:15  كأس ماء, Main hall",
        ],
    )


def test_the_participant_can_write_arabic(in_arabic: Walked) -> None:
    assert in_arabic.step("coordinator: reads Kaja's reflection") == [WORDS["ar"]]
