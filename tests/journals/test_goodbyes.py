"""Who leaves takes along what they shared, and phones hear of it."""

import pytest

from tests import make
from tests.client import TestApp
from yema.changes.tables import Change, Space
from yema.ids import uuid7


@pytest.mark.parametrize(("shared_with", "space"), [("group", "group"), ("leader", "group_leaders")])
async def test_moving_to_another_group_leaves_a_tombstone_in_the_old_ones_space(
    app: TestApp, shared_with: str, space: str
) -> None:
    exchange = await make.exchange()
    old, new = await make.group(exchange), await make.group(exchange, "DE")
    coordinator, author = await make.coordinator(exchange), await make.participant(exchange, old)
    as_author, as_coordinator = await app.as_(author), await app.as_(coordinator)
    entry = f"/journal/entries/{uuid7()}"
    page = (await as_author.put(entry, json=make.entry(exchange))).json()["id"]
    await as_author.put(f"{entry}/sharing", json={"shared_with": shared_with})
    members = (await as_coordinator.get(f"/exchanges/{exchange}/members")).json()["items"]
    member = next(m["id"] for m in members if m["person"] == str(author))

    await as_coordinator.patch(f"/exchanges/{exchange}/members/{member}", json={"group": str(new)})

    [row] = await Space.select(Space.id).where(Space.kind == space, Space.owner == old)
    changes = await Change.select(Change.kind, Change.op).where(Change.space == row["id"], Change.thing == page)
    assert [(change["kind"], change["op"]) for change in changes] == [("reflection", "gone")]
    assert "shared_with" not in (await as_author.get(entry)).json()


async def test_who_left_is_not_brought_back_by_somebody_else(app: TestApp) -> None:
    exchange = await make.exchange()
    coordinator, author = await make.coordinator(exchange), await make.participant(exchange)
    as_author, as_coordinator = await app.as_(author), await app.as_(coordinator)
    members = (await as_coordinator.get(f"/exchanges/{exchange}/members")).json()["items"]
    member = next(m["id"] for m in members if m["person"] == str(author))
    await as_author.delete(f"/exchanges/{exchange}/members/me")

    answer = await as_coordinator.patch(f"/exchanges/{exchange}/members/{member}", json={"state": "active"})

    assert (answer.status_code, answer.json()["code"]) == (409, "has_left")


async def test_an_answer_stays_in_the_circle_that_it_was_given_in(app: TestApp) -> None:
    exchange = await make.exchange()
    group = await make.group(exchange)
    as_leader = await app.as_(await make.leader(exchange, group))
    as_author, as_mate = [await app.as_(await make.participant(exchange, group)) for _ in range(2)]
    entry = uuid7()
    await as_author.put(f"/journal/entries/{entry}", json=make.entry(exchange))
    await as_author.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "leader"})
    await as_leader.post(f"/reflections/{entry}/feedback", json={"text": "Between us two"})

    await as_author.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "group"})

    path = f"/reflections/{entry}/feedback"
    seen = [len((await client.get(path)).json()["items"]) for client in (as_author, as_mate)]
    assert seen == [1, 0]


async def test_a_release_that_is_asked_for_again_is_shown_again(app: TestApp) -> None:
    exchange = await make.exchange()
    await make.slot(exchange)
    as_leader = await app.as_(await make.leader(exchange))
    headers = {"idempotency-key": "once"}

    answers = [await as_leader.post(f"/exchanges/{exchange}/releases", headers=headers) for _ in range(2)]

    assert [(answer.status_code, answer.json()["number"]) for answer in answers] == [(201, 1), (201, 1)]
