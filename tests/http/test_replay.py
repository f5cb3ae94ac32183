"""Replays are never wrong: whatever an answer was decided on may change between two equal requests, and the second one tells."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import time_machine

from tests import make
from tests.client import TestApp
from tests.http import stage as stages
from tests.http.stage import Change, Stage
from tests.http.worlds import manners, problem
from yema.app import create_app
from yema.database import LookUps
from yema.http.log import RequestLog
from yema.http.replay import Replay
from yema.settings import Settings

SIGNED_OUT = problem(401, "not_signed_in")
NOTHING_HERE = problem(404, "not_found")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def stage(app: TestApp, tmp_path: Path, clock: time_machine.Traveller) -> Stage:
    made = Stage(app, tmp_path, clock)
    await made.set_up()
    return made


READS = ("itinerary", "itinerary, if changed", "activities", "activity")
PLANS, LIBRARY = READS[:2], READS[2:]
ENDS: tuple[Change, ...] = (stages.signs_out, stages.waits_for_an_hour, stages.is_suspended)
GOODBYES: tuple[Change, ...] = (stages.leaves, stages.is_removed, stages.is_deleted)
SEEN_BY: dict[Change, tuple[str, ...]] = {
    **dict.fromkeys(ENDS, READS),
    **dict.fromkeys(GOODBYES, PLANS),
    stages.moves: PLANS,
    stages.hears_of_a_release: PLANS,
    stages.gets_a_new_version: LIBRARY,
    stages.speaks_polish: READS,
    stages.is_staff_no_more: ("activities", "own activity"),
    stages.loses_the_public_pack: LIBRARY,
}


def titles(answer: httpx.Response) -> tuple[int, list[str]]:
    """The status, and the titles of slots, of cards, or of the one activity."""
    body: dict[str, Any] = answer.json()
    slots = [slot for day in body.get("days", ()) for slot in day["slots"]]
    things = slots or body.get("items", [body])
    return answer.status_code, [thing["title"] for thing in things]


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("ended", ENDS)
async def test_whose_sign_in_has_ended_is_refused_at_the_next_request(stage: Stage, read: str, ended: Change) -> None:
    assert manners(await stage.ask_around(read, ended)) == SIGNED_OUT


@pytest.mark.parametrize("read", PLANS)
@pytest.mark.parametrize("goes", GOODBYES)
async def test_who_is_no_member_any_more_finds_nothing(stage: Stage, read: str, goes: Change) -> None:
    assert manners(await stage.ask_around(read, goes)) == NOTHING_HERE


@pytest.mark.parametrize("read", PLANS)
async def test_who_moved_to_another_group_sees_its_slots(stage: Stage, read: str) -> None:
    assert titles(await stage.ask_around(read, stages.moves)) == (200, ["Lake", "Theirs"])


@pytest.mark.parametrize("read", PLANS)
async def test_a_release_is_seen_at_the_next_request(stage: Stage, read: str) -> None:
    assert titles(await stage.ask_around(read, stages.hears_of_a_release)) == (200, ["Lake", "Ours", "New"])


@pytest.mark.parametrize(("read", "seen"), [("activities", ["Ocean", "Secret"]), ("activity", ["Ocean"])])
async def test_a_new_version_is_seen_at_the_next_request(stage: Stage, read: str, seen: list[str]) -> None:
    assert titles(await stage.ask_around(read, stages.gets_a_new_version)) == (200, seen)


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        *((read, ["Jezioro", "Ours"]) for read in PLANS),
        ("activities", ["Jezioro", "Secret"]),
        ("activity", ["Jezioro"]),
    ],
)
async def test_ones_own_new_language_is_spoken_at_the_next_request(stage: Stage, read: str, seen: list[str]) -> None:
    assert titles(await stage.ask_around(read, stages.speaks_polish)) == (200, seen)


async def test_who_is_staff_no_more_finds_nothing_of_the_organisations_pack(stage: Stage) -> None:
    assert manners(await stage.ask_around("own activity", stages.is_staff_no_more)) == NOTHING_HERE
    assert titles(await stage.ask("activities")) == (200, ["Lake"])


async def test_a_card_of_an_organisation_is_gone_from_the_list_with_the_work_for_it(stage: Stage) -> None:
    assert titles(await stage.ask_around("activities", stages.is_staff_no_more)) == (200, ["Lake"])


async def test_a_pack_that_became_private_is_gone_for_the_others(stage: Stage) -> None:
    assert manners(await stage.ask_around("activity", stages.loses_the_public_pack)) == NOTHING_HERE
    assert titles(await stage.ask("activities")) == (200, ["Secret"])


async def test_a_pack_that_became_private_is_gone_for_anybody(stage: Stage) -> None:
    anybody = stage.app.anybody
    before = [await anybody.get(stage.paths[read]) for read in LIBRARY * 3]

    await stages.loses_the_public_pack(stage)
    cards, activity = [await anybody.get(stage.paths[read]) for read in LIBRARY]

    assert [titles(answer) for answer in before] == [(200, ["Lake"])] * 6
    assert titles(cards) == (200, [])
    assert manners(activity) == NOTHING_HERE


async def test_a_plan_is_seen_as_it_is_at_the_next_request(stage: Stage) -> None:
    plan = f"{stage.paths['itinerary']}?view=plan"
    seen = [titles(await stage.coordinator.get(plan)) for _ in range(3)]

    await make.slot(stage.exchange, "15:00-16:00", title="New")
    seen.append(titles(await stage.coordinator.get(plan)))
    await stages.gets_a_new_version(stage)
    seen += [titles(await stage.coordinator.get(plan)) for _ in range(3)]
    await stages.takes_the_new_version(stage)
    seen.append(titles(await stage.coordinator.get(plan)))

    rest = ["Ours", "Theirs"]
    kept = [(200, ["Lake", *rest])] * 3 + [(200, ["Lake", *rest, "New"])] * 4
    assert seen == [*kept, (200, ["Ocean", *rest, "New"])]


@pytest.mark.parametrize("read", PLANS)
async def test_a_version_that_was_taken_is_seen_at_the_next_request_after_its_release(stage: Stage, read: str) -> None:
    await stages.gets_a_new_version(stage)
    await stages.takes_the_new_version(stage)

    assert titles(await stage.ask_around(read, stages.hears_of_a_release)) == (200, ["Ocean", "Ours", "New"])


@pytest.mark.parametrize(("change", "read"), [(change, read) for change, reads in SEEN_BY.items() for read in reads])
async def test_the_look_ups_are_all_that_keeps_an_old_answer_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, change: Change, read: str
) -> None:
    # The tests above can see: were the look-ups not made again, each would meet the old answer.
    async def always(_: LookUps) -> bool:
        return True

    monkeypatch.setattr(LookUps, "still_so", always)
    before = await stage.settle(read)

    await change(stage)
    after = await stage.ask(read)

    assert (after.status_code, after.content) == (before.status_code, before.content)


class Framework:
    """The application without replays; counts what reaches it."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings)
        self.reached = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached += 1
        await self._app(scope, receive, send)


@pytest.mark.parametrize("read", READS)
async def test_the_framework_is_not_asked_again_until_something_changes(
    stage: Stage, house: Settings, read: str
) -> None:
    framework = Framework(house)
    app = TestApp(RequestLog(Replay(framework)))
    counted, answers = [], [await stage.settle(read, app)]

    for change in (None, stages.speaks_polish, None):
        if change:
            await change(stage)
        framework.reached = 0
        answers.append(await stage.ask(read, app))
        counted.append(framework.reached)
    await app.close()

    first, again, changed, changed_again = [(answer.status_code, answer.content) for answer in answers]
    assert counted == [0, 1, 0]
    assert (first == again, again == changed, changed == changed_again) == (True, False, True)


@pytest.mark.parametrize(
    ("read", "languages"),
    [
        ("itinerary", ["en", "pl", "de", "uk", "pl", "ar", "en", "en", "en", "en"]),
        ("activity", ["en", "pl", "pl", "en", "pl", "en", "en", "en", "en", "en"]),
    ],
)
async def test_whatever_decides_an_answer_has_one_of_its_own(
    stage: Stage, house: Settings, read: str, languages: list[str]
) -> None:
    await make.slot(stage.exchange, title=stages.LONG[:500])
    await stage.release()
    path, plain = stage.paths[read], {"accept-encoding": "identity"}
    tag = (await stage.app.with_token(stage.token).get(path, headers=plain)).headers["etag"]
    asked: list[tuple[str, dict[str, str]]] = [
        (path, plain),
        *((path, {**plain, "accept-language": accepted}) for accepted in ("pl", "de, pl;q=0.5", "uk")),
        *((f"{path}?locale={wanted}", plain) for wanted in ("pl", "ar")),
        *((path, {"accept-encoding": encoding}) for encoding in ("gzip", "br", "zstd")),
        (path, {**plain, "if-none-match": tag}),
    ]
    tokens = [stage.token, await make.token(await make.participant(stage.exchange, stage.other_group))]

    async def answers(app: TestApp) -> list[Whole]:
        clients = [app.with_token(token) for token in tokens]
        return [_whole(await client.get(where, headers=headers)) for client in clients for where, headers in asked]

    without = TestApp(RequestLog(create_app(house)))
    expected = await answers(without)
    found = [await answers(stage.app) for _ in range(3)]
    await without.close()

    mine = expected[: len(asked)]
    assert found == [expected] * 3
    assert [whole.headers["content-language"] for whole in mine] == languages
    assert [whole.headers.get("content-encoding") for whole in mine] == [*[None] * 6, "gzip", "br", "zstd", None]
    assert [whole.status for whole in mine] == [*[200] * 9, 304]
    assert (mine[0] == expected[len(asked)]) is (read == "activity")  # the plan of another group is another


class Whole(NamedTuple):
    """All of an answer, but the id of its request."""

    status: int
    headers: dict[str, str]
    content: bytes


def _whole(answer: httpx.Response) -> Whole:
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return Whole(answer.status_code, headers, answer.content)


async def test_a_replay_has_a_request_id_of_its_own(stage: Stage) -> None:
    await stage.settle("activities")

    answers = [await stage.ask("activities") for _ in range(3)]

    assert len({answer.headers["x-request-id"] for answer in answers}) == 3


@pytest.mark.parametrize("read", READS)
async def test_a_refused_sign_in_is_not_kept(stage: Stage, house: Settings, read: str) -> None:
    framework = Framework(house)
    app = TestApp(RequestLog(Replay(framework)))
    await stages.is_suspended(stage)

    refused = [await stage.ask(read, app) for _ in range(3)]
    await make.suspend(stage.person, again=True)
    answer = await stage.ask(read, app)
    await app.close()

    assert [manners(one) for one in refused] == [SIGNED_OUT] * 3
    assert (framework.reached, answer.is_client_error) == (4, False)


async def test_nothing_here_is_not_kept(stage: Stage, house: Settings) -> None:
    framework = Framework(house)
    app = TestApp(RequestLog(Replay(framework)))
    stranger = await make.person()
    client = app.with_token(await make.token(stranger))

    missed = [await client.get(stage.paths["itinerary"]) for _ in range(3)]
    await make.participant(stage.exchange, stage.other_group, who=stranger)
    answer = await client.get(stage.paths["itinerary"])
    await app.close()

    assert [manners(one) for one in missed] == [NOTHING_HERE] * 3
    assert framework.reached == 4
    assert titles(answer) == (200, ["Lake", "Theirs"])
