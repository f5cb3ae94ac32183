"""Who was there: marked by any leader, also by two who were both offline."""

import asyncio
from uuid import UUID, uuid5

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import JSON, Door, door, mutation, statuses
from yema.erasing import erase
from yema.exchanges.tables.care import Attendance

KIND = 3
"""The `kinds_version` with which phones learned of it."""


async def scene() -> tuple[World, UUID]:
    """A world and a slot for its first group."""
    w = await world()
    return w, await make.slot(w.exchange, groups=(w.group,))


def mark(slot: UUID, person: UUID, state: str, base: int = 0) -> JSON:
    return mutation(
        "attendance", "put", uuid5(slot, str(person)), base, slot=str(slot), person=str(person), state=state
    )


async def register(app: TestApp, w: World, slot: UUID) -> JSON:
    found: JSON = (await (await app.as_(w.leader)).get(f"/slots/{slot}/attendance")).json()
    return found


async def test_leaders_mark_some_and_see_of_whom_nothing_was_said(app: TestApp) -> None:
    w, slot = await scene()
    leader = await app.as_(w.leader)

    answer = await leader.put(
        f"/slots/{slot}/attendance", json={"marks": [{"person": str(w.participant), "state": "late"}]}
    )

    told = answer.json()
    assert [(one["person"], one["state"], one["by"]) for one in told["marks"]] == [
        (str(w.participant), "late", str(w.leader))
    ]
    assert (told["present"], told["unmarked"]) == (1, [str(w.groupmate)])


async def test_who_is_not_named_keeps_their_mark_and_a_mark_can_go(app: TestApp) -> None:
    w, slot = await scene()
    leader = await app.as_(w.leader)
    for who, state in ((w.participant, "present"), (w.groupmate, "absent")):
        await leader.put(f"/slots/{slot}/attendance", json={"marks": [{"person": str(who), "state": state}]})

    before = {one["person"]: one["state"] for one in (await register(app, w, slot))["marks"]}
    cleared = await leader.delete(f"/slots/{slot}/attendance/{w.participant}")
    after = {one["person"]: one["state"] for one in (await register(app, w, slot))["marks"]}

    assert before == {str(w.participant): "present", str(w.groupmate): "absent"}
    assert (cleared.status_code, after) == (204, {str(w.groupmate): "absent"})


async def test_only_leaders_read_and_mark(app: TestApp) -> None:
    w, slot = await scene()
    body = {"marks": [{"person": str(w.participant), "state": "present"}]}

    answers = [
        await (await app.as_(getattr(w, who))).request(method, f"/slots/{slot}/attendance", json=body)
        for who in ("participant", "stranger", "facilitator")
        for method in ("GET", "PUT")
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 404, 404, 200, 200]


async def test_nobody_of_another_exchange_is_marked(app: TestApp) -> None:
    w, slot = await scene()
    leader = await app.as_(w.leader)

    answer = await leader.put(
        f"/slots/{slot}/attendance", json={"marks": [{"person": str(w.stranger), "state": "present"}]}
    )

    assert (answer.json()["code"], await Attendance.count()) == ("not_of_this_exchange", 0)


async def phones(app: TestApp, w: World) -> tuple[Door, Door]:
    one, other = await door(app, w.leader), await door(app, w.facilitator)
    for phone in (one, other):
        await phone.pull(version=KIND)
    return one, other


async def test_two_leaders_mark_different_people_offline(app: TestApp) -> None:
    w, slot = await scene()
    one, other = await phones(app, w)

    results = [
        await one.push_one(mark(slot, w.participant, "present")),
        await other.push_one(mark(slot, w.groupmate, "excused")),
    ]
    seen = {data["person"]: data["state"] for data in (await one.pull(version=KIND)).data("attendance")}

    assert statuses(results) == ["applied", "applied"]
    assert seen == {str(w.participant): "present", str(w.groupmate): "excused"}


async def test_two_who_say_the_same_agree_and_two_who_do_not_hear_of_it(app: TestApp) -> None:
    w, slot = await scene()
    one, other = await phones(app, w)
    await one.push_one(mark(slot, w.participant, "present"))

    same = await other.push_one(mark(slot, w.participant, "present"))
    different = await other.push_one(mark(slot, w.participant, "absent"))
    knowing = await other.push_one(mark(slot, w.participant, "absent", 1))
    late = await one.push_one(mutation("attendance", "delete", uuid5(slot, str(w.participant)), 1))

    assert statuses([same, different, knowing, late]) == ["applied", "conflict", "applied", "conflict"]
    assert (different["current"]["state"], late["current"]["state"]) == ("present", "absent")


async def test_an_id_that_does_not_follow_from_slot_and_person_is_refused(app: TestApp) -> None:
    w, slot = await scene()
    phone, _ = await phones(app, w)

    result = await phone.push_one({**mark(slot, w.participant, "present"), "id": str(w.participant)})

    assert (result["status"], await Attendance.count()) == ("rejected", 0)


async def test_many_who_mark_all_at_once_leave_one_mark_for_each(app: TestApp) -> None:
    w, slot = await scene()
    people = (w.participant, w.groupmate, w.participant2)
    leaders = [await app.as_(who) for who in (w.leader, w.leader2, w.facilitator, w.coordinator)]

    answers = await asyncio.gather(
        *(
            leader.put(
                f"/slots/{slot}/attendance",
                json={"marks": [{"person": str(who), "state": state} for who in people[:: 1 - 2 * (turn % 2)]]},
            )
            for turn in range(6)
            for leader, state in zip(leaders, ("present", "late", "absent", "excused"), strict=True)
        )
    )

    assert {answer.status_code for answer in answers} == {200}
    assert await Attendance.count() == len(people)


async def test_marks_of_somebody_who_is_erased_go(app: TestApp) -> None:
    w, slot = await scene()
    phone, _ = await phones(app, w)
    await phone.push_one(mark(slot, w.participant, "absent"))
    await phone.pull(version=KIND)

    await erase(w.participant)
    gone = (await phone.pull(version=KIND)).ids("attendance", "gone")

    assert (gone, await Attendance.count()) == ([str(uuid5(slot, str(w.participant)))], 0)
