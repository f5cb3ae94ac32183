"""Who announces very much, with or without meaning to, is stopped before everybody's phones ring all night."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.client import TestApp
from tests.exchanges.test_announcements import RAIN, telling
from tests.exchanges.world import World, world
from tests.sync.world import door
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.told import Announcement
from yema.ids import now, uuid7


async def _announced(w: World, before: list[dict[str, Any]]) -> None:
    """The leader has announced these, so long `ago`."""
    rows = [
        Announcement(
            **{
                "id": uuid7(),
                "exchange": w.exchange,
                "by": w.leader,
                "texts": "{}",
                "audience": "all",
                "made_at": now() - one.get("ago", timedelta()),
                **{name: value for name, value in one.items() if name != "ago"},
            }
        )
        for one in before
    ]
    async with transaction() as tx:
        await Announcement.insert(*rows)
        tx.touched(SpaceKey("exchange", w.exchange), "announcement", rows[0].id)


@pytest.mark.parametrize(
    ("before", "urgent", "wait"),
    [
        (10 * [{"urgent": True, "ago": timedelta(minutes=50)}], True, 600),
        (10 * [{"urgent": True, "ago": timedelta(minutes=50)}], False, None),
        (10 * [{"urgent": True, "ago": timedelta(minutes=61)}], True, None),
        (9 * [{"urgent": True}] + 90 * [{}], True, None),
        (10 * [{"urgent": True, "withdrawn_at": datetime.now(UTC)}], True, 3600),
        (100 * [{"ago": timedelta(hours=23)}], False, 3600),
        (99 * [{"ago": timedelta(hours=23)}], False, None),
        (100 * [{"ago": timedelta(hours=25)}], False, None),
    ],
)
async def test_one_person_announces_ten_urgent_things_in_an_hour_and_a_hundred_in_a_day_at_most(
    app: TestApp, before: list[dict[str, Any]], urgent: bool, wait: int | None
) -> None:
    w = await world()
    await _announced(w, before)

    leader, other = await app.as_(w.leader), await app.as_(w.facilitator)
    where = f"/exchanges/{w.exchange}/announcements"
    mine, others = [await one.post(where, json={**RAIN, "urgent": urgent}) for one in (leader, other)]

    assert others.status_code == 201
    if wait is None:
        assert mine.status_code == 201
    else:
        assert (mine.status_code, mine.json()["code"]) == (429, "announced_too_often")
        assert wait - 10 <= int(mine.headers["retry-after"]) <= wait


async def test_of_many_at_once_only_ten_ring(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    where = f"/exchanges/{w.exchange}/announcements"

    answers = await asyncio.gather(*(leader.post(where, json={**RAIN, "urgent": True}) for _ in range(15)))

    assert sorted(answer.status_code for answer in answers) == 10 * [201] + 5 * [429]


async def test_a_phone_that_told_too_much_tries_again_later(app: TestApp) -> None:
    w = await world()
    await _announced(w, 10 * [{"urgent": True}])
    pushed = telling(w)
    pushed["data"]["urgent"] = True

    result = await (await door(app, w.leader)).push_one(pushed)

    assert (result["status"], result["problem"]["code"]) == ("later", "announced_too_often")
    assert result["retry_after"] > 3500
