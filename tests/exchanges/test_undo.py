"""Undoing a release: what was told before it is told again, and the plan stays."""

import asyncio
from uuid import UUID

import httpx
import msgspec

from tests import make
from tests.client import TestApp
from tests.exchanges.plans import JSON, Plan, ids_of, planning
from tests.phone import Carried
from yema.changes import transaction
from yema.changes.tables import Outbox
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.actions.told.undoing import undo_release
from yema.exchanges.errors import NotTheNewestRelease
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.told.releases import released_slots
from yema.exchanges.tables.told import Release, ReleasedSlot, ReleasedSlotSpace
from yema.ids import uuid7


async def many_ways(app: TestApp) -> tuple[Plan, dict[str, JSON], dict[str, str]]:
    """A plan that was told twice, with everything that can happen to a slot in between; what was told first, and slots by their fate."""
    plan = await planning(app)
    groups = {"kind": "groups", "groups": [str(plan.world.group)]}
    slots = {
        "moved": await plan.slot("08:00-09:00"),
        "changed": await plan.slot("09:00-10:00"),
        "cancelled": await plan.slot("10:00-11:00"),
        "for others": await plan.slot("11:00-12:00", audience=groups),
        "same": await plan.slot("12:00-13:00"),
    }
    await plan.release()
    first = await plan.told()
    slots["new"] = await plan.slot("14:00-15:00")
    await plan.move(slots["moved"], "20:00-21:00")
    await plan.change(slots["changed"], title="Other")
    await plan.cancel(slots["cancelled"])
    await plan.change(slots["for others"], audience={"kind": "groups", "groups": [str(plan.world.group2)]})
    await plan.release()
    return plan, first, slots


async def bodies(plan: Plan) -> dict[str, SlotBody]:
    return {str(slot): body for slot, body in (await released_slots(plan.world.exchange)).items()}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_an_undone_release_tells_exactly_what_was_told_before_it(app: TestApp) -> None:
    plan, first, _ = await many_ways(app)

    await plan.undo(2)

    assert await plan.told() == first


async def test_an_undoing_is_a_release_of_its_own_that_says_what_is_different(app: TestApp) -> None:
    plan, _, slots = await many_ways(app)

    answer = await plan.undo(2)

    assert (answer.status_code, answer.json()["number"], answer.json()["undoes"]) == (201, 3, 2)
    assert {word: set(ids) for word, ids in ids_of(answer.json()["difference"]).items()} == {
        "new": set(),
        "moved": {slots["moved"]},
        "changed": {slots["changed"], slots["cancelled"], slots["for others"]},
        "cancelled": {slots["new"]},
    }


async def test_a_phone_has_after_the_undoing_what_it_had_before_the_release(app: TestApp) -> None:
    plan = await planning(app)
    phone, slot = Carried(plan.participant), await plan.slot()
    await plan.release()
    await phone.pull()
    had = phone.phone.all("released_slot")
    new = await plan.slot("14:00-15:00")
    await plan.move(slot, "20:00-21:00")
    await plan.release()
    await phone.pull()
    seen = phone.phone.all("released_slot")

    await plan.undo(2)
    await phone.pull()

    assert (new in seen, phone.phone.all("released_slot")) == (True, had)


async def test_the_plan_stays_and_the_next_release_tells_it_again(app: TestApp) -> None:
    plan, _, _ = await many_ways(app)
    told = await plan.told()
    [second] = [one for one in (await plan.leader.get(f"{plan.path}/releases")).json()["items"] if one["number"] == 2]

    await plan.undo(2)
    again = await plan.release()

    assert (await plan.told(), again["number"]) == (told, 4)
    assert ids_of(again["difference"]) == ids_of(second["difference"])


async def test_the_sequence_of_a_slot_rises_with_every_telling(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    told = [await plan.release()]
    seen = [(await bodies(plan))[slot]]
    for hours in ("15:00-16:00", "17:00-18:00"):
        await plan.move(slot, hours)
        told.append(await plan.release())
        seen.append((await bodies(plan))[slot])
        told.append((await plan.undo(told[-1]["number"])).json())
        seen.append((await bodies(plan))[slot])

    assert [body.sequence for body in seen] == [one["number"] for one in told] == [1, 2, 3, 4, 5]
    assert [body.told_at and body.told_at.isoformat() for body in seen] == [
        one["made_at"].replace("Z", "+00:00") for one in told
    ]
    assert [body.version for body in seen] == [1, 2, 1, 3, 1]


async def test_what_was_not_told_again_keeps_its_sequence(app: TestApp) -> None:
    plan, _, slots = await many_ways(app)

    await plan.undo(2)

    told = await bodies(plan)
    assert (told[slots["same"]].sequence, told[slots["moved"]].sequence) == (1, 3)


async def test_a_slot_that_an_older_server_told_gets_a_higher_number_than_its_version(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await plan.release()
    old = msgspec.structs.replace((await bodies(plan))[slot], version=9, sequence=0, told_at=None)
    async with transaction() as tx:
        await ReleasedSlot.update({ReleasedSlot.body: msgspec.json.encode(old).decode()}).where(
            ReleasedSlot.id == UUID(slot)
        )
        for space in old.spaces(plan.world.exchange):
            tx.touched(space, "released_slot", old.id)
    await plan.move(slot, "15:00-16:00")

    await plan.release()

    assert (await bodies(plan))[slot].sequence == 10


async def test_only_the_newest_that_is_not_undone_is_undone_and_then_the_one_before(app: TestApp) -> None:
    plan = await planning(app)
    for hour in (8, 9, 10):
        await plan.slot(f"{hour:02}:00-{hour:02}:30")
        await plan.release()

    answers = [code(await plan.undo(number)) for number in (2, 3, 3, 4, 1, 2, 1, 7)]

    newest = (409, "not_the_newest_release")
    assert answers == [newest, (201, ""), newest, newest, newest, (201, ""), (201, ""), (404, "not_found")]
    assert await plan.told() == {}


async def test_what_is_new_and_undone_is_nowhere_any_more(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await plan.release()

    await plan.undo(1)

    assert (await ReleasedSlot.count(), await ReleasedSlotSpace.count()) == (0, 0)
    assert (await plan.participant.get(f"/slots/{slot}")).status_code == 404


async def test_a_release_of_which_nothing_was_kept_cannot_be_undone(app: TestApp) -> None:
    plan = await planning(app)
    await plan.slot()
    await plan.release()
    async with transaction():
        await Release.update({Release.before: "{}"}).where(Release.number == 1)

    assert code(await plan.undo(1)) == (409, "release_cannot_be_undone")


async def test_an_undoing_is_told_once_with_ids_only(app: TestApp) -> None:
    plan = await planning(app)
    await plan.slot(title="A title that could leak")
    await plan.release()

    await plan.undo(1)

    told = Outbox.select(Outbox.event, Outbox.about).where(Outbox.event == "itinerary_released")
    rows = await told.order_by(Outbox.made_at).output(load_json=True)
    assert rows[1:] == [{"event": "itinerary_released", "about": {"exchange": str(plan.world.exchange), "release": 2}}]


async def test_the_same_key_undoes_once(app: TestApp) -> None:
    plan = await planning(app)
    for hours in ("08:00-09:00", "09:00-10:00"):
        await plan.slot(hours)
        await plan.release()
    key = {"Idempotency-Key": str(uuid7())}

    answers = [await plan.undo(2, **key) for _ in range(2)]

    assert (answers[0].json() == answers[1].json(), await Release.count()) == (True, 3)


async def test_of_many_who_undo_at_once_one_does(app: TestApp) -> None:
    plan = await planning(app)
    await plan.slot()
    await plan.release()
    by = await make.membership(plan.world.leader, plan.world.exchange)

    answers = await asyncio.gather(*(undo_release(by, 1) for _ in range(16)), return_exceptions=True)

    assert [type(one) for one in answers if isinstance(one, BaseException)] == [NotTheNewestRelease] * 15


async def test_undoings_beside_releases_and_changes_end_with_what_is_planned(app: TestApp) -> None:
    plan = await planning(app)
    slots = [await plan.slot(f"{hour:02}:00-{hour:02}:30") for hour in (8, 9, 10)]
    by = await make.membership(plan.world.leader, plan.world.exchange)
    await release_plan(by)

    for number in range(1, 6):
        await asyncio.gather(
            *(plan.change(slot, title=f"{number}") for slot in slots),
            release_plan(by),
            undo_release(by, number),
            return_exceptions=True,
        )
    await asyncio.gather(release_plan(by), return_exceptions=True)

    assert [slot["title"] for slot in (await plan.told()).values()] == ["5"] * 3


async def test_undoing_changes_the_itinerary_that_was_ready(app: TestApp) -> None:
    plan = await planning(app)
    await plan.slot()
    await plan.release()
    tag = (await plan.participant.get(f"{plan.path}/itinerary")).headers["etag"]
    fresh = [(await plan.participant.get(f"{plan.path}/itinerary", headers={"If-None-Match": tag})).status_code]

    await plan.undo(1)

    answer = await plan.participant.get(f"{plan.path}/itinerary", headers={"If-None-Match": tag})
    assert (fresh, answer.status_code, answer.json()["days"], answer.json()["release"]) == ([304], 200, [], 2)
