"""The tour, as it is printed: each person sees what they should."""

import re
from pathlib import Path

import httpx
import pytest

from tests.demo.conftest import Walked, walk
from yema.demo.outbox import JSON
from yema.demo.tour import TourFailed
from yema.demo.tour.carried import CarriedPhone
from yema.demo.tour.words import ADDED, ANSWERS, NEXT_TIME, PAGES, SAFER, WORDS


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

    assert ([line.split()[0] for line in lines[:-2]], lines[-1]) == (["404"] * 5, "sees only: Stages of courage")


def test_a_strangers_phone_holds_nothing_of_it(walked: Walked) -> None:
    line = walked.step("stranger: finds nothing of it")[-2]

    assert re.fullmatch(r"the phone holds \d\d things, 1 request, \d\.\d kB: none of it", line)


def test_a_phone_takes_the_exchange_along_in_one_request(walked: Walked) -> None:
    held, carried = walked.step("participant: takes everything along")

    assert held == "Water connects us: 57 slots, 9 of them today"
    assert re.fullmatch(r"\d{3} things, 1 request, \d\.\d kB; the activities in 2 files, \d+\.\d kB", carried)


def test_three_pages_are_written_without_a_network(walked: Walked) -> None:
    lines = walked.step("participant: loses the network")

    assert lines == [*PAGES["pl"], "the last one is for the own leader; all of them wait on the phone"]


def test_a_leader_moves_a_meal_in_a_tunnel(walked: Walked) -> None:
    assert walked.step("leader: moves a meal") == ["18:30-19:30  Dinner, Dining room", "-> 18:45, waits on the phone"]


def test_what_waited_is_taken_once(walked: Walked) -> None:
    assert walked.step("participant: has a network again") == [
        "three pages and a share: 4 applied",
        "sent once more, as if no answer had come: 4 duplicates",
    ]


def test_the_leader_hears_what_was_shared_on_the_bus(walked: Walked) -> None:
    assert walked.step("leader: comes out of the tunnel") == [
        "applied: 18:45-19:45  Dinner, Dining room",
        f"Kaja: {PAGES['pl'][2]}",
    ]


def test_a_second_phone_shows_what_was_written_on_the_first(walked: Walked) -> None:
    assert walked.step("participant: sees all that on a second phone")[:-1] == [
        *PAGES["pl"],
        "18:45-19:45  Kolacja, Dining room  [moved]",
    ]


def test_what_was_written_on_both_phones_is_kept(walked: Walked) -> None:
    assert walked.step("participant: goes on with one page")[:-1] == [
        f"{PAGES['pl'][1]} {added}" for added in ADDED["pl"]
    ]


def test_a_trainer_sees_which_translations_an_edit_made_stale(walked: Walked) -> None:
    added, stale, fresh = walked.step("trainer: rewrites a step")

    assert (added, fresh) == (f"+ {SAFER}", "and fresh again without it")
    assert re.fullmatch(
        r"1 of \d{3} texts is stale in Arabic, French, German, Italian, Polish, Spanish, Ukrainian", stale
    )


def test_a_leader_says_how_the_activity_went(walked: Walked) -> None:
    assert walked.step("leader: says how") == ["20 minutes, 24 people", f"next time: {NEXT_TIME}"]


def test_the_trainer_reads_that_without_a_name(walked: Walked) -> None:
    numbers, words = walked.step("trainer: reads it")

    assert re.sub(r"[\d-]{10}$", "a Monday", numbers) == (
        "20 minutes (planned 10-15), 24 people; told in the week of a Monday"
    )
    assert words == f"next time: {NEXT_TIME}"


def test_the_tour_can_be_walked_again_in_the_same_folder_and_moves_the_meal_back(walked: Walked) -> None:
    again = [walk(walked.data) for _ in range(2)]

    meals = {one.step("leader: moves a meal")[0][:5] for one in again}
    assert ([one.ended.status for one in again], meals) == ([0, 0], {"18:30", "18:45"})


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


def test_whoever_reads_another_language_writes_english(tmp_path: Path) -> None:
    in_spanish = walk(tmp_path, "--locale", "es")

    assert in_spanish.step("participant: loses the network")[:-1] == list(PAGES["en"])


def answering(answer: JSON) -> CarriedPhone:
    """A phone to which every request is answered so."""
    network = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    return CarriedPhone(httpx.Client(base_url="http://yema.example/api/v1", transport=network), "en")


def test_the_tour_stops_where_a_page_has_to_wait() -> None:
    carried = answering({"results": [{"status": "later", "retry_after": 30}]})
    carried.phone.write("exchange", "On the bus.")

    with pytest.raises(TourFailed, match=r"^Nothing has to wait\.$"):
        carried.push()


def test_the_tour_stops_where_a_push_does_not_end() -> None:
    carried = answering({"results": []})
    carried.phone.write("exchange", "On the bus.")

    with pytest.raises(TourFailed, match=r"^A push comes to an end\.$"):
        carried.push()


def test_the_tour_stops_where_a_pull_does_not_end() -> None:
    carried = answering({"changes": [], "spaces": [], "cursor": "again", "complete": False})

    with pytest.raises(TourFailed, match=r"^A pull comes to an end\.$"):
        carried.pull()


def test_the_tour_stops_where_a_pack_is_not_what_was_announced() -> None:
    carried = answering({"pack": "another"})
    pack = {"space": 1, "kind": "pack", "id": "water", "seq": 1, "op": "put", "data": {"url": "/water", "sha256": "0"}}
    carried.phone.pulled({"changes": [pack], "spaces": [], "cursor": "next", "complete": True})

    with pytest.raises(TourFailed, match=r"^A pack's file is what was announced\.$"):
        carried.packs("http://yema.example")
