"""Answers to what was shared."""

import asyncio

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import world
from tests.journals.diary import author
from yema.changes.tables import Change
from yema.errors import NotFound
from yema.journals.actions.answering import answer_reflection
from yema.journals.actions.sharing import take_back
from yema.journals.queries import own_entry, reflection_shared_with
from yema.journals.tables import Feedback


async def test_an_answer_is_seen_by_the_author_and_by_those_who_see_the_reflection(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("group")

    made = await (await app.as_(w.leader)).post(f"/reflections/{entry}/feedback", json={"text": "Well done"})

    names = ("participant", "groupmate", "leader", "participant2", "leader2", "coordinator", "stranger")
    answers = {n: await (await app.as_(getattr(w, n))).get(f"/reflections/{entry}/feedback") for n in names}
    assert made.status_code == 201
    assert {name: answer.json().get("items") for name, answer in answers.items()} == {
        **{name: [made.json()] for name in ("participant", "groupmate", "leader")},
        **dict.fromkeys(("participant2", "leader2", "coordinator", "stranger"), None),
    }


async def test_an_answer_is_a_thing_of_the_author_and_of_the_space_it_was_shared_with(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("leader")

    await (await app.as_(w.leader)).post(f"/reflections/{entry}/feedback", json={"text": "Well done"})

    rows = await Change.select(Change.space.kind.as_alias("kind"), Change.space.owner.as_alias("owner")).where(
        Change.kind == "feedback"
    )
    assert sorted((row["kind"], row["owner"]) for row in rows) == [
        ("group_leaders", w.group),
        ("person", w.participant),
    ]


@pytest.mark.parametrize("who", ["participant", "groupmate"])
async def test_only_those_who_lead_answer(app: TestApp, who: str) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("group")

    answer = await (await app.as_(getattr(w, who))).post(f"/reflections/{entry}/feedback", json={"text": "Hm"})

    assert (answer.status_code, answer.json()["code"], await Feedback.count()) == (403, "leaders_only", 0)


@pytest.mark.parametrize("who", ["leader2", "facilitator", "coordinator"])
async def test_those_who_lead_do_not_answer_what_they_do_not_see(app: TestApp, who: str) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("leader")

    answer = await (await app.as_(getattr(w, who))).post(f"/reflections/{entry}/feedback", json={"text": "Hm"})

    assert (answer.status_code, await Feedback.count()) == (404, 0)


async def test_an_answer_that_is_sent_again_is_one_answer(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("leader")
    leader, headers = await app.as_(w.leader), {"Idempotency-Key": "once"}

    answers = [
        await leader.post(f"/reflections/{entry}/feedback", json={"text": "Well done"}, headers=headers)
        for _ in range(2)
    ]

    assert (answers[0].json(), [answer.status_code for answer in answers], await Feedback.count()) == (
        answers[1].json(),
        [201, 201],
        1,
    )


async def test_the_author_keeps_the_answers_to_what_they_take_back(app: TestApp) -> None:
    w = await world()
    writer, leader = await author(app, w.participant, w.exchange), await app.as_(w.leader)
    entry = await writer.shared("leader")
    await leader.post(f"/reflections/{entry}/feedback", json={"text": "Well done"})

    await writer.client.delete(f"/journal/entries/{entry}/sharing")

    kept = (await writer.client.get(f"/reflections/{entry}/feedback")).json()["items"]
    gone = await leader.get(f"/reflections/{entry}/feedback")
    assert ([answer["text"] for answer in kept], gone.status_code) == (["Well done"], 404)


async def test_an_answer_does_not_stay_where_the_page_is_taken_back_at_the_same_time(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("leader")
    person, by = make.signed_in(w.participant), await make.membership(w.leader, w.exchange)
    view, reflection = await own_entry(person, entry), await reflection_shared_with(by, entry)

    answers = await asyncio.gather(
        *(answer_reflection(by, reflection, "Well done") for _ in range(4)),
        take_back(person, view.id),
        *(answer_reflection(by, reflection, "Well done") for _ in range(4)),
        return_exceptions=True,
    )

    rows = await Change.select(Change.op).where(Change.kind == "feedback", Change.space.kind == "group_leaders")
    refused = {type(answer) for answer in answers if isinstance(answer, Exception)}
    assert ({row["op"] for row in rows} - {"gone"}, refused - {NotFound}) == (set(), set())
