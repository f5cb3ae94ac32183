"""Who was there: marked by any leader, also by two who were both offline."""

import asyncio
from collections.abc import Iterable
from uuid import UUID, uuid5

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import JSON, Door, door, mutation, statuses
from yema.changes.tables import Change
from yema.database import Statement
from yema.erasing import erase
from yema.exchanges.actions.care import attendance
from yema.exchanges.tables.care import Attendance
from yema.ids import uuid7

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


async def test_a_mark_that_was_taken_away_can_be_made_again_as_the_first(app: TestApp) -> None:
    w, slot = await scene()
    phone, _ = await phones(app, w)
    first = await phone.push_one(mark(slot, w.participant, "present"))

    gone = await phone.push_one(mutation("attendance", "delete", uuid5(slot, str(w.participant)), first["version"]))
    again = await phone.push_one(mark(slot, w.participant, "late", gone["version"]))

    assert [(one["status"], one["version"]) for one in (gone, again)] == [("applied", 0), ("applied", 1)]


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


STATES = ("present", "late", "absent", "excused")


async def at_once(app: TestApp, w: World, slot: UUID, states: Iterable[str]) -> list[tuple[str, str]]:
    """Eight phones that know of no mark say something of one person; what they said, and what they heard."""
    said = list(states)
    leads = (w.leader, w.leader2, w.facilitator, w.coordinator)
    doors = [await door(app, who) for who in leads * 2]
    for phone in doors:
        await phone.pull(version=KIND)
    results = await asyncio.gather(
        *(phone.push_one(mark(slot, w.participant, state)) for phone, state in zip(doors, said, strict=True))
    )
    return sorted((result["status"], state) for result, state in zip(results, said, strict=True))


async def test_eight_phones_that_say_the_same_at_once_agree(app: TestApp) -> None:
    w, slot = await scene()

    heard = await at_once(app, w, slot, ["present"] * 8)

    assert heard == [("applied", "present")] * 8


async def test_of_eight_phones_that_say_different_things_at_once_one_state_wins(app: TestApp) -> None:
    w, slot = await scene()

    heard = await at_once(app, w, slot, STATES * 2)

    [now] = await Attendance.select(Attendance.state, Attendance.version)
    told = [("applied" if state == now["state"] else "conflict", state) for state in STATES * 2]
    assert (heard, now["version"]) == (sorted(told), 1)


async def test_without_seeing_each_other_they_would_overwrite_what_was_said(
    app: TestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Shows that the race above would be lost: nobody sees the mark of another one, as before they took turns.
    w, slot = await scene()
    monkeypatch.setattr(attendance, "_HOLD", Statement("SELECT version, state FROM attendance WHERE id = {} AND false"))

    heard = await at_once(app, w, slot, STATES * 2)

    assert {state for status, state in heard if status == "applied"} > {heard[0][1]}


async def test_phones_and_a_list_for_all_at_once_break_nothing(app: TestApp) -> None:
    w, slot = await scene()
    leader = await app.as_(w.leader2)
    body = {"marks": [{"person": str(w.participant), "state": "late"}]}

    lists = asyncio.gather(*(leader.put(f"/slots/{slot}/attendance", json=body) for _ in range(4)))
    heard, answers = await asyncio.gather(at_once(app, w, slot, ["late"] * 8), lists)

    [now] = await Attendance.select(Attendance.state, Attendance.version)
    assert (heard, {answer.status_code for answer in answers}) == ([("applied", "late")] * 8, {200})
    assert now == {"state": "late", "version": 1}


async def test_where_there_is_no_mark_none_is_taken_away_and_no_phone_hears_of_it(app: TestApp) -> None:
    w, slot = await scene()
    leader = await app.as_(w.leader)
    before = await Change.count()

    answers = [await leader.delete(f"/slots/{slot}/attendance/{who}") for who in (w.participant, uuid7())]

    assert ([answer.status_code for answer in answers], await Change.count()) == ([404, 404], before)


async def test_marks_of_somebody_who_is_erased_go(app: TestApp) -> None:
    w, slot = await scene()
    phone, _ = await phones(app, w)
    await phone.push_one(mark(slot, w.participant, "absent"))
    await phone.pull(version=KIND)

    await erase(w.participant)
    gone = (await phone.pull(version=KIND)).ids("attendance", "gone")

    assert (gone, await Attendance.count()) == ([str(uuid5(slot, str(w.participant)))], 0)
