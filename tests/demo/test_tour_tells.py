"""The tour, as it is printed: what stands on people's phones, and what happens where it does not."""

import re

import httpx
import pytest

from tests.demo.conftest import Walked
from yema.demo.outbox import JSON
from yema.demo.screen import Screen
from yema.demo.tour import TourFailed, inbox
from yema.demo.tour.jetty import Jetty
from yema.demo.tour.pockets import Pockets
from yema.demo.tour.scene import Scene
from yema.demo.tour.words import HELP


def test_phones_are_known_and_the_reader_hears_that_nothing_rings(walked: Walked) -> None:
    assert walked.step("participant: wants to be told") == [
        "Kaja: android and ios; Marta: ios",
        "this demo has no push keys: nothing rings, and the inbox says what would be told",
    ]


def test_the_participant_chooses_half_an_hour(walked: Walked) -> None:
    chosen, *always = walked.step("participant: chooses how to be told")

    assert (chosen.split(";")[0], len(always)) == ("30 minutes before something begins", 3)


def test_the_participant_reads_what_was_told_in_polish(walked: Walked) -> None:
    lines = walked.step("participant: reads the inbox")

    assert (lines[0].split(" · ")[0], len(lines) >= 3) == ("Zmiana w programie", True)


def test_three_releases_are_one_line_that_is_their_sum(walked: Walked) -> None:
    [thrice], lines = walked.step("leader: has second thoughts"), walked.step("participant: finds one line")
    hours, numbers = re.findall(r"\d\d:\d\d", thrice), re.findall(r"\d+", thrice.split("released")[1])

    assert (len(hours), len(numbers), len(lines), hours[-1] in lines[0]) == (3, 3, 1, True)


def test_the_leader_hears_of_help_without_a_name_and_reads_why_in_the_app(walked: Walked) -> None:
    locked, opened = walked.step("leader: hears it without a name")

    assert (locked.split(" · ")[0], "Kaja" in locked, opened) == ("Potrzebna pomoc", False, f"Kaja: {HELP['pl']}")


def test_whoever_asked_hears_that_somebody_is_coming(walked: Walked) -> None:
    assert len(walked.step("participant: hears that somebody")) == len(walked.step("participant: says that it is")) == 1


def test_the_plan_is_as_it_was_before_the_second_thoughts(walked: Walked, in_arabic: Walked) -> None:
    assert walked.step("leader: has second thoughts")[0][:40] == in_arabic.step("leader: has second thoughts")[0][:40]


EXCHANGE = {"id": "0199a3d0-3eae-730f-b2ed-524c54dc77a7", "zone": "Europe/Warsaw"}


def somebody(**answers: list[JSON]) -> httpx.Client:
    """Whose requests are answered by the last word of their path."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"items": answers[request.url.path.split("/")[-1].replace("-", "_")]})

    return httpx.Client(base_url="http://yema.example/api/v1", transport=httpx.MockTransport(answer))


def told(kind: str, body: str = "Open YEMA to see who.", **about: str) -> JSON:
    """A line of an inbox."""
    return {"id": "019a", "kind": kind, "title": "Help is needed", "body": body, "about": about}


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(inbox, "PATIENCE_SECONDS", 0)
    scene = Scene("http://yema.example", "en", Screen())
    scene.exchange = EXCHANGE
    return scene


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "The leader hears that somebody needs help."),
        ([told("help", request="another")], "The leader hears that somebody needs help."),
        ([told("help", "Kaja needs help.", request="mine")], "No lock screen says who needs help, or why."),
    ],
)
def test_the_tour_stops_where_a_call_for_help_is_not_told_as_it_should_be(
    scene: Scene, lines: list[JSON], sentence: str
) -> None:
    asked: JSON = {"id": "mine", "display_name": "Kaja", "text": HELP["en"]}
    leader = somebody(notifications=lines, help_requests=[asked])

    with pytest.raises(TourFailed, match=f"^{re.escape(sentence)}$"):
        Jetty(scene, leader, leader).hear("mine")


def test_the_tour_stops_where_what_is_over_is_still_told(scene: Scene) -> None:
    leader = somebody(notifications=[told("help", request="mine")])

    with pytest.raises(TourFailed, match=r"^What is over is in nobody's inbox\.$"):
        Jetty(scene, leader, leader).is_quiet("mine")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "The inbox says what three releases come to."),
        ([told("itinerary", since="6", until="7")], "The inbox says what three releases come to."),
        (
            [told("itinerary", since="8", until="8"), told("itinerary", since="6", until="7")],
            "Of three releases there is one line.",
        ),
        ([told("itinerary", since="8", until="8")], "It is the sum of all that was not seen."),
    ],
)
def test_the_tour_stops_where_three_releases_are_not_one_line(scene: Scene, lines: list[JSON], sentence: str) -> None:
    participant = somebody(notifications=lines)

    with pytest.raises(TourFailed, match=f"^{re.escape(sentence)}$"):
        Pockets(scene, participant, participant, participant).find_the_sum([6, 7, 8])
