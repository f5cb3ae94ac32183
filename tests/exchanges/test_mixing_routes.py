"""Mixing over HTTP."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.accounts.doors import member_id
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.ids import uuid7


async def mixed(app: TestApp, w: World, who: UUID | None = None, **body: Any) -> httpx.Response:
    return await (await app.as_(who or w.leader)).post(f"/exchanges/{w.exchange}/mixes", json=body)


async def crowded() -> World:
    """Four participants of each of the two countries."""
    w = await world()
    for group, more in ((w.group, 2), (w.group2, 3)):
        for _ in range(more):
            await make.participant(w.exchange, group)
    return w


async def test_participants_are_mixed_for_some_rounds(app: TestApp) -> None:
    w = await crowded()

    body = (await mixed(app, w, size=2, rounds=4, seed=7)).json()

    assert (body["seed"], body["meetings"], body["quality"]) == (
        7,
        [{"times": 0, "pairs": 12}, {"times": 1, "pairs": 16}],
        {"repeats": 0, "repeats_least": 0, "same_country": 0, "same_gender": 0, "no_common_language": 0},
    )


async def test_the_same_question_has_the_same_answer(app: TestApp) -> None:
    w = await crowded()

    first, second = [await mixed(app, w, groups=3, rounds=3, seed=7) for _ in range(2)]

    assert first.json() == second.json()


async def test_leaders_may_mix_whom_they_choose(app: TestApp) -> None:
    w = await world()
    chosen = [str(one) for one in (w.leader, w.leader2, w.facilitator)]

    rounds = (await mixed(app, w, groups=1, people=[*chosen, chosen[0]])).json()["rounds"]

    assert rounds == [[sorted(chosen)]]


@pytest.mark.parametrize("who", ["pending", "left", "stranger", None])
async def test_who_is_not_in_the_exchange_is_not_mixed(app: TestApp, who: str | None) -> None:
    w = await world()
    other = getattr(w, who) if who else uuid7()

    answer = await mixed(app, w, size=2, people=[str(w.participant), str(other)])

    assert (answer.status_code, answer.json()["code"]) == (400, "not_of_this_exchange")


async def known_of(app: TestApp, w: World, who: UUID, gender: str, language: str) -> None:
    coordinator = await app.as_(w.coordinator)
    body = {"gender": gender, "languages": [language], "guardian_authorised": True}
    where = f"/exchanges/{w.exchange}/members/{await member_id(w.exchange, who)}/particulars"
    assert (await coordinator.put(where, json=body)).status_code < 300


@pytest.mark.parametrize(("who", "tells"), [("leader2", False), ("facilitator", False), ("leader", True)])
async def test_chosen_people_tell_nothing_of_the_gender_and_languages_of_another_group(
    app: TestApp, who: str, tells: bool
) -> None:
    w = await world()
    beside = [(w.groupmate, "f"), *[(await make.participant(w.exchange, w.group), "m") for _ in range(2)]]
    for other, gender in beside:
        await known_of(app, w, other, gender, "pl")
    chosen = [str(one) for one in (w.participant, *(one for one, _ in beside))]

    said = []
    for gender, language in (("f", "pl"), ("m", "uk")):
        await known_of(app, w, w.participant, gender, language)
        asker = getattr(w, who)
        said.append([(await mixed(app, w, asker, people=chosen, groups=2, seed=n)).json() for n in range(8)])

    assert (said[0] != said[1]) is tells


async def test_gender_of_all_who_take_part_is_mixed_by_every_leader(app: TestApp) -> None:
    w = await world()
    for one in (w.participant, w.groupmate):
        await known_of(app, w, one, "f", "es")

    answer = await mixed(app, w, w.facilitator, groups=2, rounds=1)

    [groups] = answer.json()["rounds"]
    assert {frozenset(map(UUID, group)) & {w.participant, w.groupmate} for group in groups} == {
        frozenset([w.participant]),
        frozenset([w.groupmate]),
    }


@pytest.mark.parametrize("body", [{}, {"size": 2, "groups": 2}, {"groups": 4}])
async def test_what_cannot_be_mixed_is_said(app: TestApp, body: dict[str, Any]) -> None:
    answer = await mixed(app, await world(), **body)

    assert (answer.status_code, answer.json()["code"]) == (400, "cannot_mix")
