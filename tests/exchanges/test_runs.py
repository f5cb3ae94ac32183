"""Leaders say how an activity went."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.activities.tables import Activity, RunReport
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.plan import ExchangePack
from yema.ids import uuid7

JSON = dict[str, Any]
TOLD: JSON = {"minutes": 50, "group_size": 24, "change": "More paper", "locale": "en"}


def run_of(slot: UUID) -> str:
    return f"/slots/{slot}/run"


def seen(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def ran(title: str = "Workshop") -> tuple[World, UUID, UUID]:
    """A world, an activity, and the slot in which it was run."""
    everybody = await world()
    pack = await make.small_pack()
    activity = (await Activity.select(Activity.id).where(Activity.pack == pack).order_by(Activity.position))[0]["id"]
    return everybody, activity, await make.slot(everybody.exchange, title=title, activity=activity)


async def test_a_leader_says_how_it_went_and_reads_it_again(app: TestApp) -> None:
    everybody, activity, slot = await ran()
    leader = await app.as_(everybody.leader)

    told = await leader.put(run_of(slot), json=TOLD)

    view = {**TOLD, "slot": str(slot), "activity": str(activity), "version": 1, "pack_version": 1}
    assert (told.status_code, told.json(), (await leader.get(run_of(slot))).json()) == (201, view, view)


async def test_the_version_is_the_one_that_the_exchange_planned_with(app: TestApp) -> None:
    everybody, activity, slot = await ran()
    [pack] = await Activity.select(Activity.pack).where(Activity.id == activity)
    async with transaction() as tx:
        kept = ExchangePack.update({ExchangePack.number: 7}).where(ExchangePack.exchange == everybody.exchange)
        await kept.where(ExchangePack.pack == pack["pack"])
        tx.touched(SpaceKey("exchange", everybody.exchange), "planned_pack", pack["pack"])
    leader = await app.as_(everybody.leader)

    assert (await leader.put(run_of(slot), json=TOLD)).json()["pack_version"] == 7


async def test_without_a_language_it_is_in_ones_own_and_nothing_need_change(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(await make.leader(everybody.exchange, locale="pl"))

    told = (await leader.put(run_of(slot), json={"minutes": 1, "group_size": 1})).json()

    assert (told["locale"], told["change"]) == ("pl", "")


async def test_what_was_told_is_replaced_with_its_version_only(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(everybody.leader)
    first = await leader.put(run_of(slot), json=TOLD)
    changed, tag = {**TOLD, "minutes": 70}, {"if-match": first.headers["etag"]}

    bare = await leader.put(run_of(slot), json=changed)
    again = await leader.put(run_of(slot), json=changed, headers=tag)
    stale = await leader.put(run_of(slot), json=TOLD, headers=tag)

    assert (seen(bare), again.status_code, seen(stale)) == ((428, "precondition_required"), 200, (412, "stale"))
    assert ((await leader.get(run_of(slot))).json(), stale.json()["current"]) == (again.json(), again.json())
    assert (again.json()["minutes"], again.json()["version"]) == (70, 2)


async def test_a_version_of_nothing_is_not_found(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(everybody.leader)

    answer = await leader.put(run_of(slot), json=TOLD, headers={"if-match": '"3"'})

    assert seen(answer) == (404, "not_found")


async def test_two_phones_of_one_leader_tell_once(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(everybody.leader)

    answers = await asyncio.gather(*(leader.put(run_of(slot), json={**TOLD, "minutes": n + 1}) for n in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [428] * 7
    assert await RunReport.count() == 1


async def test_leaders_of_one_slot_tell_each_their_own(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader, facilitator = await app.as_(everybody.leader), await app.as_(everybody.facilitator)
    await leader.put(run_of(slot), json=TOLD)

    before = await facilitator.get(run_of(slot))
    await facilitator.put(run_of(slot), json={**TOLD, "minutes": 80})

    assert (seen(before)[0], (await leader.get(run_of(slot))).json()["minutes"]) == (404, 50)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("facilitator", (201, "")),
        ("coordinator", (201, "")),
        ("participant", (403, "leaders_only")),
        ("pending", (404, "not_found")),
        ("left", (404, "not_found")),
        ("stranger", (404, "not_found")),
    ],
)
async def test_who_may_say_how_it_went(app: TestApp, who: str, answer: tuple[int, str]) -> None:
    everybody, _, slot = await ran()
    client = await app.as_(getattr(everybody, who))

    assert seen(await client.put(run_of(slot), json=TOLD)) == answer


async def test_a_meal_has_no_run(app: TestApp) -> None:
    everybody = await world()
    slot = await make.slot(everybody.exchange)
    leader = await app.as_(everybody.leader)

    assert seen(await leader.put(run_of(slot), json=TOLD)) == (409, "no_activity")


async def test_no_slot_and_a_strangers_slot_are_the_same(app: TestApp) -> None:
    everybody, _, slot = await ran()
    stranger = await app.as_(everybody.stranger)

    answers = [await stranger.put(run_of(one), json=TOLD) for one in (slot, uuid7())]

    assert [seen(answer) for answer in answers] == [(404, "not_found")] * 2
    assert {**answers[0].json(), "request_id": ""} == {**answers[1].json(), "request_id": ""}


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 4321},
        {"group_size": 0},
        {"group_size": 1001},
        {"change": "a" * 2001},
        {"change": "nul \0"},
        {"locale": "?"},
        {"by": "me"},
    ],
)
async def test_what_makes_no_sense_is_refused(app: TestApp, wrong: JSON) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(everybody.leader)

    assert seen(await leader.put(run_of(slot), json={**TOLD, **wrong}))[0] == 400


async def test_it_is_taken_back_and_may_be_told_anew(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(everybody.leader)
    await leader.put(run_of(slot), json=TOLD)

    statuses = [
        (await leader.delete(run_of(slot))).status_code,
        (await leader.get(run_of(slot))).status_code,
        (await leader.delete(run_of(slot))).status_code,
        (await leader.put(run_of(slot), json=TOLD)).status_code,
    ]

    assert statuses == [204, 404, 404, 201]


async def test_who_has_left_reads_and_takes_back_what_they_told_and_tells_no_more(app: TestApp) -> None:
    everybody, _, slot = await ran()
    leader = await app.as_(everybody.leader)
    await leader.put(run_of(slot), json=TOLD)
    await leader.delete(f"/exchanges/{everybody.exchange}/members/me")

    answers = [
        await leader.get(run_of(slot)),
        await leader.put(run_of(slot), json=TOLD, headers={"if-match": "*"}),
        await leader.delete(run_of(slot)),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 204]
