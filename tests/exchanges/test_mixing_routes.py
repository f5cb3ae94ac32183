"""Mixing over HTTP."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
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


@pytest.mark.parametrize("body", [{}, {"size": 2, "groups": 2}, {"groups": 4}])
async def test_what_cannot_be_mixed_is_said(app: TestApp, body: dict[str, Any]) -> None:
    answer = await mixed(app, await world(), **body)

    assert (answer.status_code, answer.json()["code"]) == (400, "cannot_mix")
