"""A world with one of everything that can be read, seen by one coordinator."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from yema.changes import SpaceKey, transaction
from yema.ids import uuid7
from yema.journals.tables import Prompt

ORIGIN = "http://yema.test"
JSON = {"content-type": "application/json"}


class World(NamedTuple):
    """Ids by the names that the paths of the OpenAPI document know them by, and a client of the coordinator."""

    ids: dict[str, str]
    client: httpx.AsyncClient

    def path(self, template: str) -> str:
        """The whole address of an operation."""
        return ORIGIN + re.sub(r"\{(\w+)\}", lambda match: self.ids[match[1]], template)


async def a_world(app: TestApp) -> World:
    """An exchange with a slot, a release, an entry that was shared and answered, and a public pack."""
    pack = await make.pack()
    exchange = await make.exchange()
    group = await make.group(exchange)
    coordinator = await make.coordinator(exchange, group=group)
    author = await make.participant(exchange, group)
    venue = await make.venue(exchange)
    await _prompt(exchange)
    slot = await make.slot(exchange, venue=venue)
    client, as_author = await app.as_(coordinator), await app.as_(author)
    made = [
        await client.post(f"/exchanges/{exchange}/releases"),
        await client.post(f"/exchanges/{exchange}/join-codes", json={}),
        await client.put(f"/journal/entries/{(own := uuid7())}", json=make.entry(exchange)),
        await as_author.put(f"/journal/entries/{(shared := uuid7())}", json=make.entry(exchange)),
        await as_author.put(f"/journal/entries/{shared}/sharing", json={"shared_with": "coordinators"}),
        await client.post(f"/reflections/{shared}/feedback", json={"text": "Well seen"}),
    ]
    assert [answer.is_success for answer in made] == [True] * len(made)
    activity = (await client.get("/activities")).json()["items"][0]["id"]
    *_, locale, sha256 = (await client.get(f"/packs/{pack}")).json()["files"][0]["url"].split("/")
    member = (await client.get(f"/exchanges/{exchange}/members")).json()["items"][0]["id"]
    ids = {
        "exchange_id": exchange,
        "slot_id": slot,
        "pack_id": pack,
        "activity_id": activity,
        "number": 1,
        "locale": locale,
        "sha256": sha256,
        "entry_id": own,
        "reflection_id": shared,
        "member_id": member,
        "code_id": made[1].json()["id"],
        "sign_in_id": uuid7(),
    }
    return World({name: str(value) for name, value in ids.items()}, client)


async def _prompt(exchange: UUID) -> None:
    row = Prompt(id=uuid7(), exchange=exchange, position=1, texts='{"en":"What surprised you?"}')
    async with transaction() as tx:
        await Prompt.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "prompt", row.id)


async def document(app: TestApp) -> dict[str, Any]:
    """The OpenAPI document as it is served."""
    found: dict[str, Any] = (await app.anybody.get("/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of each."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                yield path, method, operation


def fields(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields of an operation's body and their schemas."""
    if "requestBody" not in operation:
        return {}
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    properties: dict[str, dict[str, Any]] = resolved(document, schema)["properties"]
    return {name: resolved(document, field) for name, field in properties.items()}


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference stands for."""
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def manners(answer: httpx.Response) -> tuple[int, str, str, bool]:
    """What each problem promises: status, media type, code, and that its id is the one in the header."""
    body = answer.json()
    assert body["status"] == answer.status_code
    assert {"type", "title", "status", "code", "request_id"} <= body.keys()
    return (
        answer.status_code,
        answer.headers["content-type"],
        body["code"],
        body["request_id"] == answer.headers["x-request-id"],
    )


def problem(status: int, code: str) -> tuple[int, str, str, bool]:
    """What `manners` should find."""
    return status, "application/problem+json", code, True


def pointers(answer: httpx.Response) -> list[tuple[str, str]]:
    """The (pointer, code) of each field that was refused."""
    return [(error["pointer"], error["code"]) for error in answer.json().get("errors", [])]
