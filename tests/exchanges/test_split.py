"""Splitting a slot into parallel ones."""

import asyncio
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.plans import Plan, planning
from tests.exchanges.taken import take_id
from yema.exchanges.actions.plan.splitting import parts_of
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7


async def split(
    client: httpx.AsyncClient, slot: str, *parts: dict[str, Any], match: str = "*", **headers: str
) -> httpx.Response:
    return await client.post(f"/slots/{slot}/split", json={"parts": parts}, headers={"If-Match": match, **headers})


def two(plan: Plan) -> list[dict[str, Any]]:
    w = plan.world
    return [{"people": [str(w.participant), str(w.participant2)]}, {"people": [str(w.groupmate)], "title": "Hill"}]


async def test_a_slot_becomes_parallel_ones_for_chosen_people(app: TestApp) -> None:
    plan = await planning(app)
    venue = str(await make.venue(plan.world.exchange))
    slot = await plan.slot(venue=venue, responsible=[str(plan.world.leader)])
    before = (await plan.leader.get(f"/slots/{slot}")).json()
    parts = two(plan)
    parts[1] |= {"venue": None, "responsible": [str(plan.world.leader2)]}

    answer = await split(plan.leader, slot, *parts, match='"1"')

    first, second = answer.json()["items"]
    people = {"kind": "people", "people": sorted(parts[0]["people"])}
    assert (answer.status_code, first) == (201, {**before, "audience": people, "version": 2})
    assert second == {k: v for k, v in before.items() if k != "venue"} | {
        "id": second["id"],
        "title": "Hill",
        "audience": {"kind": "people", "people": parts[1]["people"]},
        "responsible": [str(plan.world.leader2)],
    }


async def test_everybody_is_told_of_their_own_part(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await plan.release()

    second = (await split(plan.leader, slot, *two(plan))).json()["items"][1]["id"]
    difference = (await plan.release())["difference"]

    groupmate, nobody = await app.as_(plan.world.groupmate), await app.as_(plan.world.leader2)
    seen = [list(await plan.told(who)) for who in (plan.participant, groupmate, nobody)]
    assert (difference["changed"], difference["new"], seen) == ([slot], [second], [[slot], [second], []])


async def test_splitting_is_written_down_for_each_part(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()

    second = (await split(plan.leader, slot, *two(plan))).json()["items"][1]["id"]

    found = (await plan.history())["items"]
    assert {(one["slot"], one["what"]) for one in found} == {
        (slot, "scheduled"),
        (slot, "changed"),
        (second, "scheduled"),
    }


async def test_the_parts_of_an_evening_move_with_its_series(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot("21:00-22:00", repeat={"until": "2027-07-15"})
    await split(plan.leader, slot, *two(plan))

    later = {"starts_at": make.instants("21:30-22:00")[0].isoformat()}
    await plan.leader.patch(f"/slots/{slot}", json=later, params={"scope": "all"}, headers={"If-Match": "*"})

    rows = await Slot.select(Slot.starts_at, Slot.series)
    assert {(row["starts_at"].strftime("%H:%M"), row["series"]) for row in rows} == {("19:30", UUID(slot))}
    assert len(rows) == 3


@pytest.mark.parametrize("wrong", ["person", "waiting", "venue", "room", "responsible"])
async def test_parts_name_only_what_is_of_their_exchange(app: TestApp, wrong: str) -> None:
    plan = await planning(app)
    slot, parts = await plan.slot(), two(plan)
    venue = await make.venue(plan.world.elsewhere)
    wrongs: dict[str, dict[str, Any]] = {
        "person": {"people": [str(plan.world.stranger)]},
        "waiting": {"people": [str(plan.world.pending)]},
        "venue": {"venue": str(venue)},
        "room": {"room": str(uuid7())},
        "responsible": {"responsible": [str(plan.world.stranger)]},
    }

    answer = await split(plan.leader, slot, parts[0], parts[1] | wrongs[wrong])

    assert (answer.json()["code"], await Slot.count()) == ("not_of_this_exchange", 1)


async def test_there_are_two_to_twenty_parts_with_somebody_in_each(app: TestApp) -> None:
    plan = await planning(app)
    slot, [part, _] = await plan.slot(), two(plan)

    answers = [await split(plan.leader, slot, *parts) for parts in ([part], [part] * 21, [part, {"people": []}])]
    most = await split(plan.leader, slot, *[part] * 20)

    assert [one.status_code for one in (*answers, most)] == [400, 400, 400, 201]


async def test_splitting_needs_the_version_that_was_seen_and_a_slot_that_takes_place(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    without = await plan.leader.post(f"/slots/{slot}/split", json={"parts": two(plan)})
    stale = await split(plan.leader, slot, *two(plan), match='"7"')
    await plan.cancel(slot)
    cancelled = await split(plan.leader, slot, *two(plan))

    codes = [(one.status_code, one.json()["code"]) for one in (without, stale, cancelled)]
    assert codes == [(428, "precondition_required"), (412, "stale"), (409, "slot_cancelled")]
    assert stale.json()["current"]["version"] == 1


async def test_of_64_leaders_who_split_at_once_exactly_one_does(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    clients = [await app.as_(await make.leader(plan.world.exchange)) for _ in range(64)]

    answers = await asyncio.gather(*(split(client, slot, *two(plan), match='"1"') for client in clients))

    assert (sorted(one.status_code for one in answers), await Slot.count()) == ([201] + [412] * 63, 2)


async def test_the_same_key_splits_once(app: TestApp) -> None:
    plan = await planning(app)
    slot, key = await plan.slot(), {"Idempotency-Key": str(uuid7())}

    answers = [await split(plan.leader, slot, *two(plan), match='"1"', **key) for _ in range(2)]

    assert (answers[0].json() == answers[1].json(), await Slot.count()) == (True, 2)


async def test_the_parts_have_ids_that_nobody_can_take_before(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    for number in (2, 3):
        await take_id(app, plan.world, uuid5(UUID(slot), f"2 {number}"))

    answer = await split(plan.leader, slot, *two(plan))

    assert answer.status_code == 201, answer.text


async def test_a_part_whose_id_is_taken_all_the_same_is_a_conflict(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await take_id(app, plan.world, parts_of(UUID(slot), 2)[1])

    answer = await split(plan.leader, slot, *two(plan))

    version = (await plan.leader.get(f"/slots/{slot}")).json()["version"]
    assert (answer.status_code, answer.json()["code"], version) == (409, "id_taken", 1)
