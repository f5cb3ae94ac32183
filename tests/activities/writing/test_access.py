"""Who writes: to everybody else the workshop does not exist."""

from typing import Any

import httpx
import pytest

from tests import make
from tests.activities import workshop
from tests.activities.workshop import ANY, Desk, desk
from tests.client import TestApp
from yema.ids import uuid7

WORKSHOP = {
    "begin": ("POST", "/packs"),
    "add": ("POST", "/activities"),
    "change the pack": ("PATCH", "/packs/{pack}"),
    "read the pack": ("GET", "/packs/{pack}?view=workshop"),
    "change": ("PATCH", "/activities/{activity}"),
    "remove": ("DELETE", "/activities/{activity}"),
    "read": ("GET", "/activities/{activity}?view=workshop"),
    "hand in": ("POST", "/packs/{pack}/media?name=a.jpg"),
    "let go": ("DELETE", "/packs/{pack}/media/a.jpg"),
}


async def _ask(client: httpx.AsyncClient, what: str, ids: dict[str, str]) -> tuple[int, dict[str, Any]]:
    method, path = WORKSHOP[what]
    bodies: dict[str, Any] = {
        "begin": workshop.pack(ids["organisation"]),  # type: ignore[arg-type]
        "add": workshop.activity(ids["pack"]),
        "change the pack": {"slug": "mine"},
        "change": {"slug": "mine"},
    }
    answer = await client.request(method, path.format(**ids), json=bodies.get(what), headers=ANY)
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "request_id"}


async def _ids(trainer: Desk) -> dict[str, str]:
    made = await trainer.activity()
    return {"organisation": str(trainer.organisation), "pack": trainer.pack, "activity": made["id"]}


@pytest.mark.parametrize("what", WORKSHOP)
async def test_to_those_who_do_not_write_for_the_organisation_nothing_is_there(app: TestApp, what: str) -> None:
    trainer = await desk(app, public=True)
    ids = await _ids(trainer)
    nowhere = {name: str(uuid7()) for name in ids}
    strangers = [
        await app.as_(await make.person()),
        (await desk(app)).client,
        await app.as_(await make.staff(trainer.organisation, "accountant")),
    ]

    answers = [await _ask(stranger, what, of) for stranger in strangers for of in (ids, nowhere)]

    assert answers == [answers[0]] * 6
    assert (answers[0][0], answers[0][1]["code"]) == (404, "not_found")


@pytest.mark.parametrize("what", WORKSHOP)
async def test_who_is_not_signed_in_is_asked_to(app: TestApp, what: str) -> None:
    ids = await _ids(await desk(app, public=True))

    status, body = await _ask(app.anybody, what, ids)

    assert (status, body["code"]) == (401, "not_signed_in")


async def test_the_list_of_the_workshop_asks_to_sign_in_and_is_empty_for_readers(app: TestApp) -> None:
    await desk(app, public=True)
    reader = await app.as_(await make.person())

    answers = [await client.get("/packs?view=workshop") for client in (app.anybody, reader)]

    assert [(answer.status_code, answer.json().get("items")) for answer in answers] == [(401, None), (200, [])]
