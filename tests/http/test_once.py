"""Idempotency-Key: the same POST twice makes one thing."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import time_machine

from tests import make
from tests.client import TestApp
from tests.http.worlds import manners, pointers, problem
from yema.exchanges.tables.exchange import JoinCode
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7
from yema.journals.tables import Feedback

KEY = {"idempotency-key": "b1946ac9-2492"}
CREATING = ["slots", "join-codes", "feedback"]
TABLES = {"slots": Slot, "join-codes": JoinCode, "feedback": Feedback}
BODIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "slots": (make.draft(), make.draft(title="Other")),
    "join-codes": ({"hours": 1}, {"hours": 2}),
    "feedback": ({"text": "Well seen"}, {"text": "Go on"}),
}


async def _place(app: TestApp, what: str) -> tuple[str, UUID, UUID]:
    """The path of a POST that creates, and two coordinators who may do it."""
    exchange = await make.exchange()
    first, second = await make.coordinator(exchange), await make.coordinator(exchange)
    if what != "feedback":
        return f"/exchanges/{exchange}/{what}", first, second
    author = await app.as_(await make.participant(exchange, await make.group(exchange)))
    entry = uuid7()
    await author.put(f"/journal/entries/{entry}", json=make.entry(exchange))
    await author.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "coordinators"})
    return f"/reflections/{entry}/feedback", first, second


def _ids(answers: list[httpx.Response]) -> list[tuple[int, str]]:
    return [(answer.status_code, answer.json().get("id")) for answer in answers]


@pytest.mark.parametrize("what", CREATING)
async def test_the_same_key_and_body_make_one_thing(app: TestApp, what: str) -> None:
    path, person, _ = await _place(app, what)
    client = await app.as_(person)

    answers = [await client.post(path, json=BODIES[what][0], headers=KEY) for _ in range(3)]

    assert _ids(answers) == [(201, answers[0].json()["id"])] * 3
    assert await TABLES[what].count() == 1


@pytest.mark.parametrize("what", CREATING)
async def test_sixteen_at_once_make_one_thing(app: TestApp, what: str) -> None:
    path, person, _ = await _place(app, what)
    client = await app.as_(person)

    answers = await asyncio.gather(*(client.post(path, json=BODIES[what][0], headers=KEY) for _ in range(16)))

    assert _ids(answers) == [(201, answers[0].json()["id"])] * 16
    assert await TABLES[what].count() == 1


@pytest.mark.parametrize("what", CREATING)
async def test_without_a_key_each_request_makes_a_thing(app: TestApp, what: str) -> None:
    path, person, _ = await _place(app, what)
    client = await app.as_(person)

    for _ in range(2):
        await client.post(path, json=BODIES[what][0])

    assert await TABLES[what].count() == 2


@pytest.mark.parametrize("what", CREATING)
async def test_the_same_key_with_another_body_is_422(app: TestApp, what: str) -> None:
    path, person, _ = await _place(app, what)
    client = await app.as_(person)
    one, other = BODIES[what]
    await client.post(path, json=one, headers=KEY)

    answer = await client.post(path, json=other, headers=KEY)

    assert manners(answer) == problem(422, "idempotency_key_reused")
    assert await TABLES[what].count() == 1


@pytest.mark.parametrize("what", CREATING)
async def test_another_persons_key_is_another_key(app: TestApp, what: str) -> None:
    path, first, second = await _place(app, what)

    answers = [
        await (await app.as_(person)).post(path, json=body, headers=KEY)
        for person, body in zip((first, second), BODIES[what], strict=True)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert await TABLES[what].count() == 2


async def test_the_key_is_the_persons_on_whatever_phone(app: TestApp) -> None:
    path, person, _ = await _place(app, "slots")

    answers = [await (await app.as_(person)).post(path, json=BODIES["slots"][0], headers=KEY) for _ in range(2)]

    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_the_same_key_elsewhere_is_another_key(app: TestApp) -> None:
    first, second = await make.exchange(), await make.exchange()
    who = await make.leader(first)
    await make.leader(second, who=who)
    client = await app.as_(who)

    answers = [await client.post(f"/exchanges/{e}/slots", json=make.draft(), headers=KEY) for e in (first, second)]

    assert len({answer.json()["id"] for answer in answers}) == 2


async def test_a_request_that_was_refused_does_not_use_the_key_up(app: TestApp) -> None:
    path, person, _ = await _place(app, "slots")
    client = await app.as_(person)

    refused = await client.post(path, json=make.draft(venue=str(uuid7())), headers=KEY)
    made = await client.post(path, json=make.draft(), headers=KEY)

    assert (refused.is_client_error, made.status_code) == (True, 201)


@pytest.mark.parametrize(("hours", "things"), [(23, 1), (25, 2)])
async def test_a_key_is_kept_for_a_day(app: TestApp, hours: int, things: int) -> None:
    path, person, _ = await _place(app, "slots")
    now = datetime.now(UTC)

    for at in (now, now + timedelta(hours=hours)):
        with time_machine.travel(at, tick=True):
            client = await app.as_(person)
            await client.post(path, json=make.draft(), headers=KEY)

    assert await Slot.count() == things


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_without_a_reasonable_length_is_refused(app: TestApp, key: str) -> None:
    path, person, _ = await _place(app, "slots")

    answer = await (await app.as_(person)).post(path, json=make.draft(), headers={"idempotency-key": key})

    assert manners(answer) == problem(400, "invalid")
    assert pointers(answer) == []
