"""How much a plan can hold."""

from typing import Any

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.plans import planning
from tests.exchanges.test_importing import hand_in
from tests.exchanges.test_importing_ics import calendar, vevent
from yema.exchanges.actions.plan import writing


async def test_a_title_in_a_language_that_nobody_knows_is_refused(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    named: dict[str, Any] = {"title": "x", "locale": "zz-1"}

    answers = [
        await plan.leader.post(f"{plan.path}/slots", json=make.draft(**named)),
        await plan.leader.patch(f"/slots/{slot}", json=named, headers={"If-Match": "*"}),
    ]

    assert [(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers] == [
        (400, "unknown_language")
    ] * 2


async def test_a_plan_has_a_thousand_slots_at_most_that_are_not_cancelled(
    app: TestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SLOTS_MAX", 3)
    plan = await planning(app)
    slots = [await plan.slot() for _ in range(3)]
    parts = [{"people": [str(who)]} for who in (plan.world.participant, plan.world.participant2)]

    refused = [
        await plan.leader.post(f"{plan.path}/slots", json=make.draft()),
        await plan.leader.post(f"/slots/{slots[0]}/split", json={"parts": parts}, headers={"If-Match": "*"}),
        await hand_in(plan.leader, plan.world.exchange, calendar(vevent())),
    ]
    await plan.cancel(slots[0])
    await plan.slot()

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "too_many_slots")] * 3
