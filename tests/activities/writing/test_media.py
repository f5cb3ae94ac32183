"""The media of packs: who hands them in, who sees them, and what is kept for ever."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import time_machine

from tests import make
from tests.activities.workshop import Desk, blocks, desk
from tests.client import TestApp
from tests.http.worlds import ORIGIN, manners, pointers, problem
from tests.media import files
from yema.activities.actions.media import sweep_pack_media
from yema.activities.actions.publish import publish_pack
from yema.activities.queries.source import read_source
from yema.activities.tables import PackImport, PackMedia
from yema.changes import transaction
from yema.ids import uuid7
from yema.media import sweep_media
from yema.media.tables import Media

JPEG = {"content-type": "image/jpeg"}
PICTURE = {"key": "hands", "kind": "picture", "text": "Two hands.", "media": "hands.jpg"}
RED, BLUE = files.jpeg((64, 48)), files.jpeg((48, 64))


async def _hand_in(trainer: Desk, name: str = "hands.jpg", content: bytes = RED, kind: str = "image/jpeg") -> Any:
    path = f"/packs/{trainer.pack}/media?name={name}"
    return await trainer.client.post(path, content=content, headers={"content-type": kind})


async def _shown(trainer: Desk, client: httpx.AsyncClient, medium: dict[str, Any]) -> int:
    return (await client.get(ORIGIN + medium["renditions"][0]["url"])).status_code


async def _published(trainer: Desk) -> dict[str, Any]:
    """An activity with a picture, in a version."""
    medium: dict[str, Any] = (await _hand_in(trainer)).json()
    await trainer.activity(blocks=blocks(PICTURE))
    await publish_pack(UUID(trainer.pack))
    return medium


@pytest.mark.parametrize(
    ("name", "content", "kind", "medium"),
    [
        ("hands.jpg", RED, "image/jpeg", "picture"),
        ("rules.pdf", files.paper(), "application/pdf", "paper"),
        ("river.m4a", files.wav(), "audio/wav", "sound"),
    ],
)
async def test_what_was_handed_in_is_had_by_its_name_and_hash(
    app: TestApp, name: str, content: bytes, kind: str, medium: str
) -> None:
    trainer = await desk(app)

    answer = await _hand_in(trainer, name, content, kind)

    found = answer.json()
    assert (answer.status_code, found["name"], found["kind"]) == (201, name, medium)
    assert (await trainer.read_pack())["media"] == [found]
    for rendition in found["renditions"]:
        shown = await trainer.client.get(ORIGIN + rendition["url"])
        content = (await app.anybody.get(ORIGIN + shown.headers["location"])).content
        assert (shown.status_code, shown.headers["cache-control"]) == (302, "private, max-age=1800")
        assert (len(content), hashlib.sha256(content).hexdigest()) == (rendition["bytes"], rendition["sha256"])


async def test_a_block_shows_its_picture_with_its_text(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    medium = await _published(trainer)
    [card] = (await app.anybody.get("/activities")).json()["items"]

    block = (await app.anybody.get(f"/activities/{card['id']}")).json()["blocks"][2]

    del medium["name"]
    assert (block["kind"], block["text"], block["media"]) == ("picture", "Two hands.", medium)


@pytest.mark.parametrize(
    ("name", "content", "kind", "expected"),
    [
        ("Hands.jpg", RED, "image/jpeg", (400, "invalid")),
        ("../hands.jpg", RED, "image/jpeg", (400, "invalid")),
        ("hands.svg", RED, "image/jpeg", (400, "invalid")),
        ("hands.jpg%0A", RED, "image/jpeg", (400, "invalid")),
        ("hands.pdf", RED, "image/jpeg", (400, "invalid")),
        ("hands.jpg", b"<svg onload=alert(1)>", "image/svg+xml", (415, "media_unknown")),
        ("hands.jpg", b"", "image/jpeg", (415, "media_unknown")),
        ("hands.jpg", RED, "application/pdf", (415, "media_mismatch")),
        ("hands.jpg", RED[:-40], "image/jpeg", (400, "media_unreadable")),
        ("hands.jpg", bytes(25 * 1024 * 1024 + 1), "image/jpeg", (413, "too_large")),
    ],
    ids=["case", "path", "ending", "line", "other ending", "svg", "empty", "other type", "broken", "large"],
)
async def test_what_is_not_a_medium_under_a_fitting_name_is_refused(
    app: TestApp, name: str, content: bytes, kind: str, expected: tuple[int, str]
) -> None:
    trainer = await desk(app)

    answer = await _hand_in(trainer, name, content, kind)

    assert manners(answer) == problem(*expected)
    assert (await trainer.read_pack())["media"] == []


async def test_a_name_that_is_given_anew_leads_to_the_new_medium(app: TestApp) -> None:
    trainer = await desk(app)
    first, second, again = [(await _hand_in(trainer, content=content)).json() for content in (RED, BLUE, BLUE)]

    assert (await trainer.read_pack())["media"] == [second]
    assert (second, first["renditions"] == second["renditions"]) == (again, False)


async def test_before_the_first_version_only_writers_see_a_picture(app: TestApp) -> None:
    trainer, other = await desk(app, public=True), await desk(app)
    medium = (await _hand_in(trainer)).json()
    clients = [trainer.client, other.client, app.anybody]

    before = [await _shown(trainer, client, medium) for client in clients]
    await trainer.activity(blocks=blocks(PICTURE))
    await publish_pack(UUID(trainer.pack))

    assert before == [302, 404, 404]
    assert [await _shown(trainer, client, medium) for client in clients] == [302, 302, 302]


async def test_a_picture_of_a_private_pack_is_for_the_people_of_its_organisation(app: TestApp) -> None:
    trainer = await desk(app)
    medium = await _published(trainer)
    colleague = await app.as_(await make.staff(trainer.organisation, "accountant"))
    clients = [trainer.client, colleague, (await desk(app)).client, app.anybody]

    assert [await _shown(trainer, client, medium) for client in clients] == [302, 302, 404, 404]


async def test_a_picture_is_not_found_under_another_pack(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    medium = await _published(trainer)
    other = (await trainer.client.get("/packs?view=workshop")).json()["items"][0]["id"]
    second = await desk(app)

    answers = [
        (await second.client.get(f"/packs/{pack}/media/{medium['renditions'][0]['sha256']}")).status_code
        for pack in (other, second.pack, uuid7())
    ]

    assert answers == [302, 404, 404]


async def test_a_name_is_let_go_when_no_block_shows_it(app: TestApp) -> None:
    trainer = await desk(app)
    await _hand_in(trainer)
    made = await trainer.activity(blocks=blocks(PICTURE))
    path = f"/packs/{trainer.pack}/media/hands.jpg"

    used = await trainer.client.delete(path)
    await trainer.change(made, blocks=blocks())
    free, gone = await trainer.client.delete(path), await trainer.client.delete(path)

    assert manners(used) == problem(409, "media_in_use")
    assert pointers(used) == [(f"/blocks/{made['blocks'][2]['id']}", "media_in_use")]
    assert (free.status_code, manners(gone)) == (204, problem(404, "not_found"))
    assert (await trainer.read_pack())["media"] == []


@pytest.mark.parametrize("how", ["given anew", "let go"])
async def test_a_version_keeps_its_pictures_whatever_becomes_of_their_names(app: TestApp, how: str) -> None:
    trainer = await desk(app, public=True)
    medium = await _published(trainer)
    await trainer.client.delete(f"/activities/{(await trainer.read_pack())['activities'][0]['id']}")
    await trainer.activity("other")

    if how == "given anew":
        await _hand_in(trainer, content=BLUE)
    else:
        assert (await trainer.client.delete(f"/packs/{trainer.pack}/media/hands.jpg")).status_code == 204
    await publish_pack(UUID(trainer.pack))
    await _sweep_in_two_days()

    assert await _shown(trainer, app.anybody, medium) == 302
    names = list((await read_source(UUID(trainer.pack))).media)
    assert names == (["hands.jpg"] if how == "given anew" else [])


async def _sweep_in_two_days() -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2), tick=True):
        await sweep_pack_media()
        await sweep_media()


async def test_what_no_pack_names_is_forgotten_after_a_day_and_not_before(app: TestApp) -> None:
    trainer = await desk(app)
    for content in (RED, BLUE):
        await _hand_in(trainer, content=content)

    await sweep_pack_media()
    before = (await Media.count(), await PackMedia.count())
    await _sweep_in_two_days()

    assert (before, await Media.count(), await PackMedia.count()) == ((2, 2), 1, 1)
    assert await _shown(trainer, trainer.client, (await trainer.read_pack())["media"][0]) == 302


async def test_nothing_is_forgotten_while_an_import_waits(app: TestApp) -> None:
    trainer = await desk(app)
    for content in (RED, BLUE):
        await _hand_in(trainer, content=content)
    async with transaction() as tx:
        await PackImport.insert(PackImport(id=uuid7(), pack=uuid7(), content=b"", made_at=tx.at))

    await _sweep_in_two_days()

    assert await Media.count() == 2


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("picture", "hands.jpg", []),
        ("sound", "hands.jpg", [("/blocks/2/media", "media_unfit")]),
        ("handout", "hands.jpg", [("/blocks/2/media", "media_unfit")]),
        ("picture", "rules.pdf", [("/blocks/2/media", "media_unfit")]),
        ("handout", "rules.pdf", []),
    ],
)
async def test_a_block_shows_what_its_kind_can_show(
    app: TestApp, kind: str, name: str, expected: list[tuple[str, str]]
) -> None:
    trainer = await desk(app)
    await _hand_in(trainer)
    await _hand_in(trainer, "rules.pdf", files.paper(), "application/pdf")
    made = await trainer.activity()

    answer = await trainer.change(made, blocks=blocks({"key": "a", "kind": kind, "text": "x", "media": name}))

    assert pointers(answer) == expected


async def test_a_language_in_which_a_picture_says_nothing_is_not_published(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    await _hand_in(trainer)
    made = await trainer.activity(blocks=blocks(PICTURE))
    [title, _, picture] = [block["id"] for block in made["blocks"]]
    texts = f"/activities/{made['id']}/texts/pl"
    await trainer.client.put(texts, json={"texts": {title: "Rzeka"}}, headers={"if-match": "*"})
    pack = f"/packs/{trainer.pack}/versions"

    refused = await trainer.client.post(pack, json={})
    without = await trainer.client.post(pack, json={"locales": ["en"]})
    await trainer.client.put(texts, json={"texts": {picture: "Dwie ręce."}}, headers={"if-match": "*"})
    with_it = await trainer.client.post(pack, json={})

    assert manners(refused) == problem(409, "alternative_text_missing")
    assert pointers(refused) == [(f"/pl/{picture}", "missing")]
    assert [without.json()["locales"], with_it.json()["locales"]] == [["en"], ["en", "pl"]]


async def test_a_text_of_blanks_is_none(app: TestApp) -> None:
    trainer = await desk(app)
    await _hand_in(trainer)

    with pytest.raises(AssertionError, match="/blocks/2/text"):
        await trainer.activity(blocks=blocks({**PICTURE, "text": " \n"}))
