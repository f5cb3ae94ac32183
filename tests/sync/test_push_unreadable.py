"""Items that cannot be read are refused alone: a phone that sends one can still push everything else."""

from typing import Any

import msgspec
import pytest

from tests import make
from tests.client import TestApp
from tests.sync.world import (
    door,
    mutation,
    page_of,
    told,
    world,
)
from yema.ids import uuid7

UNREADABLE: list[Any] = [
    None,
    1,
    "entry",
    [],
    {},
    {"mutation_id": "x"},
    {"mutation_id": str(uuid7())},
    {**mutation("entry", "put"), "op": "merge"},
    {**mutation("entry", "put"), "made_at": "yesterday"},
    {**mutation("entry", "put"), "made_at": "2027-07-14T21:00:00"},
    {**mutation("entry", "put"), "base_version": -1},
    {**mutation("entry", "put"), "base_version": 2**60},
    {**mutation("entry", "put"), "since": 1},
    {**mutation("entry", "put"), "data": None},
    {**mutation("entry", "put"), "data": [1]},
    {**mutation("entry", "put"), "data": {"text": "No exchange", "locale": "en"}},
    mutation("entry", "put", pages=1),
    {k: v for k, v in mutation("entry", "put").items() if k != "data"},
]


async def test_items_that_cannot_be_read_are_refused_alone_and_in_their_places(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    mixed = [item for bad in UNREADABLE for item in (bad, page_of(everybody.exchange))]

    results = await phone.push(*mixed)

    assert [told(result) for result in results] == [("rejected", "invalid"), ("applied", "")] * len(UNREADABLE)
    named = [isinstance(item, dict) and item.get("mutation_id", "x") != "x" for item in mixed]
    assert ["mutation_id" in result for result in results] == named


@pytest.mark.parametrize(
    "data", [b'"\\ud83d"', b"1e999", b'"\xff"', b'{"a":1,"a":2}'], ids=["half", "huge", "bytes", "twice"]
)
async def test_odd_json_is_refused_without_harm_to_its_neighbours(app: TestApp, data: bytes) -> None:
    """Half an emoji, say, that a text field of so many characters has cut: a phone would else never push anything again."""
    everybody = await world()
    phone = await door(app, everybody.participant)
    good, bad = page_of(everybody.exchange, "Żółw 🐢"), mutation("entry", "put", x="?")
    spoilt = msgspec.json.encode([bad, good]).replace(b'{"x":"?"}', data)

    answer = await phone.client.post(
        "/sync/push", content=b'{"mutations":%s}' % spoilt, headers={"content-type": "application/json"}
    )

    assert [r["status"] for r in answer.json()["results"]] == ["rejected", "applied"]
    assert [r.get("mutation_id") for r in answer.json()["results"]] == [bad["mutation_id"], good["mutation_id"]]
    assert [page["text"] for page in (await phone.pull()).data("entry")] == ["Żółw 🐢"]


async def test_what_is_no_push_at_all_is_refused(app: TestApp) -> None:
    client = await app.as_(await make.person())
    bodies = (b"", b"{", b"[" * 5000, b'{"mutations":{}}', b'{"mutations":[],"x":1}', b'{"mutations":[NaN]}')

    answers = [
        await client.post("/sync/push", content=body, headers={"content-type": "application/json"}) for body in bodies
    ]

    assert [answer.status_code for answer in answers] == [400] * len(bodies)
