"""A world with one of everything that can be read, seen by one coordinator."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.activities import workshop
from tests.client import TestApp
from tests.exchanges.test_travel import leg
from tests.media import files
from yema.app import NOTIFICATIONS
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.exchange import Exchange
from yema.ids import uuid7
from yema.journals.tables import Prompt
from yema.notifications.spreading import spread

ORIGIN = "http://yema.test"
JSON = {"content-type": "application/json"}


class World(NamedTuple):
    """Ids by the names that the paths of the OpenAPI document know them by, and a client of the coordinator.

    `own` are ids that a path needs of its own; `link` is one that allows to read a picture.
    """

    ids: dict[str, str]
    own: dict[str, dict[str, str]]
    client: httpx.AsyncClient
    link: str
    others: dict[str, httpx.AsyncClient]

    def reader_of(self, operation: str) -> httpx.AsyncClient:
        """The coordinator, but for what only the leader of the group, or an administrator, may read."""
        return self.others.get(operation, self.client)

    def named(self, template: str) -> dict[str, str]:
        """The ids in the path of an operation."""
        return {**self.ids, **self.own.get(template.removeprefix("/api/v1"), {})}

    def path(self, template: str) -> str:
        """The whole address of an operation."""
        return ORIGIN + re.sub(r"\{(\w+)\}", lambda match: self.named(template)[match[1]], template)


async def a_world(app: TestApp) -> World:
    """An exchange with a slot that was told of, a release, an entry that was shared and answered; and a pack with two versions, which the
    coordinator adapted, writes, and plans with.
    """
    exchange = await make.exchange()
    organisation = await _host(exchange)
    coordinator = await make.staff(organisation)
    original = await make.small_pack(organisation=organisation)
    group = await make.group(exchange)
    await make.coordinator(exchange, group=group, who=coordinator)
    author, leader = await make.participant(exchange, group), await app.as_(await make.leader(exchange, group))
    others = dict.fromkeys(("listEmergencySheets", "printEmergencySheets"), leader)
    others["listStaff"] = await app.as_(await make.staff(organisation, "admin"))
    venue = await make.venue(exchange)
    await _prompt(exchange)
    client, as_author = await app.as_(coordinator), await app.as_(author)
    pack = (await client.post(f"/packs/{original}/forks", json={"organisation": str(organisation)})).json()["id"]
    activity, rendition = await _illustrated(client, pack)
    for _ in range(2):
        assert (await client.post(f"/packs/{pack}/versions", json={"locales": ["en"]})).status_code == 201
    slot = (await client.post(f"/exchanges/{exchange}/slots", json=make.draft(activity=activity))).json()["id"]
    made = [
        await client.post(f"/exchanges/{exchange}/releases"),
        await client.post(f"/exchanges/{exchange}/join-codes", json={}),
        await client.put(f"/journal/entries/{(own := uuid7())}", json=make.entry(exchange)),
        await as_author.put(f"/journal/entries/{(shared := uuid7())}", json=make.entry(exchange)),
        await as_author.put(f"/journal/entries/{shared}/sharing", json={"shared_with": "coordinators"}),
        await client.post(f"/reflections/{shared}/feedback", json={"text": "Well seen"}),
        await client.put(f"/slots/{slot}/run", json={"minutes": 40, "group_size": 12}),
    ]
    asked = await as_author.post(f"/exchanges/{exchange}/help-requests", json={"text": "By the lake"})
    made += [
        asked,
        await client.post(f"/exchanges/{exchange}/travel", json=leg(group)),
        await client.post(f"/exchanges/{exchange}/announcements", json={"title": "Rain", "text": "In the hall."}),
        await client.put(f"/exchanges/{exchange}/emergency-sheet", json={"diet": "Vegan"}),
    ]
    assert [answer.is_success for answer in made] == [True] * len(made)
    while await spread(NOTIFICATIONS):
        pass
    *_, locale, sha256 = (await client.get(f"/packs/{pack}")).json()["files"][0]["url"].split("/")
    link = ORIGIN + (await client.get(f"/packs/{pack}/media/{rendition}")).headers["location"]
    member = (await client.get(f"/exchanges/{exchange}/members")).json()["items"][0]["id"]
    ids = {
        "exchange_id": exchange,
        "slot_id": slot,
        "pack_id": pack,
        "activity_id": activity,
        "number": 2,
        "locale": locale,
        "sha256": sha256,
        "medium": rendition,
        "file": "2.zip",
        "entry_id": own,
        "reflection_id": shared,
        "member_id": member,
        "code_id": made[1].json()["id"],
        "sign_in_id": uuid7(),
        "device_id": uuid7(),
        "notification_id": (await client.get("/notifications")).json()["items"][0]["id"],
        "group_id": group,
        "person_id": author,
        "leg_id": made[-3].json()["id"],
        "announcement_id": made[-2].json()["id"],
        "help_request_id": asked.json()["id"],
        "venue_id": venue,
        "organisation_id": organisation,
        "staff_id": uuid7(),
    }
    places = {
        "/packs/{pack_id}/translations/{file}": {"file": "pl.po"},
        "/media/{sha256}": {"sha256": rendition},
        "/calendar/{file}": {"file": (await client.post("/me/calendar")).json()["calendar_url"].rpartition("/")[2]},
        "/exchanges/{exchange_id}/packs/{pack_id}/media/{sha256}": {"sha256": rendition},
    }
    return World({name: str(value) for name, value in ids.items()}, places, client, link, others)


async def _illustrated(client: httpx.AsyncClient, pack: str) -> tuple[str, str]:
    """A new activity of the pack that shows a picture, and the SHA-256 of its smallest rendition."""
    picture = {"key": "hands", "kind": "picture", "text": "Two hands.", "media": "hands.jpg"}
    path = f"/packs/{pack}/media?name=hands.jpg"
    kept = await client.post(path, content=files.jpeg((64, 48)), headers={"content-type": "image/jpeg"})
    made = await client.post("/activities", json=workshop.activity(pack, blocks=workshop.blocks(picture)))
    return made.json()["id"], kept.json()["renditions"][0]["sha256"]


async def _host(exchange: UUID) -> UUID:
    [row] = await Exchange.select(Exchange.organisation).where(Exchange.id == exchange)
    host: UUID = row["organisation"]
    return host


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
    """The fields of an operation's body and their schemas; none where it is no JSON."""
    content = operation.get("requestBody", {"content": {}})["content"]
    if "application/json" not in content:
        return {}
    schema = content["application/json"]["schema"]
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
