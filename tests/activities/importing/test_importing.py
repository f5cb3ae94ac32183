"""A pack file is looked at, then brought in; whoever may not, and whatever is wrong with it, leaves nothing behind."""

import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from tests import make
from tests.activities import packs, zips
from tests.client import TestApp
from yema.activities.packfile import read_pack
from yema.activities.queries.source import read_source
from yema.database import engine
from yema.ids import uuid7
from yema.settings import Settings

ZIP = {"content-type": "application/zip"}


async def send(client: httpx.AsyncClient, content: bytes, organisation: UUID, **asked: str) -> httpx.Response:
    return await client.post(
        "/packs/import", content=content, headers=ZIP, params={"organisation": str(organisation), **asked}
    )


def folder(tmp_path: Path, *activities: dict[str, Any], **head: Any) -> bytes:
    return zips.zipped(zips.files_in(packs.folder(tmp_path, *activities, **head)))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


def with_picture(tmp_path: Path, content: bytes, **head: Any) -> bytes:
    block = {"key": "x", "kind": "picture", "text": "A red wall", "media": "wall.jpg"}
    activity = packs.activity("a", blocks=[*packs.activity("a")["blocks"], block])
    return zips.zipped({**zips.files_in(packs.folder(tmp_path, activity, **head)), "media/wall.jpg": content})


async def everything(settings: Settings) -> dict[str, Any]:
    """All rows of all tables, and all files of the data folder that are not the database's own."""
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " AND name NOT LIKE '%\\_%\\_%' ESCAPE '\\'"
    )
    if engine().engine_type != "sqlite":
        names = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    tables = [row["name"] for row in await engine().run_ddl(names)]
    rows = {table: sorted(map(repr, await engine().run_ddl(f'SELECT * FROM "{table}"'))) for table in tables}
    files = [path for path in settings.data.rglob("*") if path.is_file() and "yema.sqlite" not in path.name]
    return {**rows, **{str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}}


async def test_a_preview_says_what_would_change_and_changes_nothing(
    app: TestApp, house: Settings, tmp_path: Path
) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))
    stays, goes, comes = packs.activity("stays"), packs.activity("goes"), packs.activity("comes")
    first = packs.folder(tmp_path, stays, goes)
    packs.po(first, "pl", stays__title=("stays", "Zostaje"))
    pack = read_pack(first).head.id
    await send(trainer, zips.zipped(zips.files_in(first)), organisation)
    second = folder(tmp_path, comes, {**stays, "energy": "calm"}, id=str(pack))
    before = await everything(house)

    answer = await send(trainer, second, organisation, preview="true")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "pack": str(pack),
            "slug": "small",
            "new": False,
            "activities": [
                {"id": comes["id"], "slug": "comes", "change": "new"},
                {"id": stays["id"], "slug": "stays", "change": "changed"},
                {"id": goes["id"], "slug": "goes", "change": "removed"},
            ],
            "locales": ["en"],
            "texts": {"en": 4, "pl": 1},
        },
    )
    assert await everything(house) == before


async def test_an_import_goes_into_the_workshop_and_is_seen_by_nobody_else(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "Ą"))
    source = read_pack(place)

    answer = await send(trainer, zips.zipped(zips.files_in(place)), organisation)

    assert (answer.status_code, answer.json()["new"]) == (200, True)
    assert await read_source(source.head.id) == source
    assert [(await client.get("/packs")).json()["items"] for client in (app.anybody, trainer)] == [[], []]


async def test_with_publish_it_is_published(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))

    answer = await send(trainer, folder(tmp_path, packs.activity("a")), organisation, publish="true")

    assert answer.json()["version"] == 1
    assert [pack["id"] for pack in (await app.anybody.get("/packs")).json()["items"]] == [answer.json()["pack"]]


async def test_who_does_not_write_for_the_organisation_gets_the_same_404(app: TestApp, tmp_path: Path) -> None:
    mine, theirs = await make.organisation(), await make.organisation("Theirs")
    me = await app.as_(await make.staff(mine))
    reader = await app.as_(await make.staff(theirs, "reviewer"))
    they = await app.as_(await make.staff(theirs))
    content = folder(tmp_path, packs.activity("a"))
    await send(they, content, theirs)

    answers = [
        await send(me, content, mine),
        await send(me, content, theirs),
        await send(me, content, uuid7()),
        await send(reader, content, theirs),
        await send(me, folder(tmp_path, packs.activity("b")), theirs),
        await send(await app.as_(await make.person()), content, mine, preview="true"),
    ]

    bodies = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert bodies == [bodies[0]] * 6
    assert (await send(app.anybody, content, mine)).status_code == 401


async def test_other_content_types_are_415(app: TestApp) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))

    answer = await trainer.post("/packs/import", json={}, params={"organisation": str(organisation)})

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_what_is_wrong_is_said_with_the_file(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))

    answer = await send(trainer, folder(tmp_path, packs.activity("a", colour="blue")), organisation)

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["detail"]) == (
        422,
        "pack_fault",
        "activities/a.yaml: Object contains unknown field `colour`",
    )


def _bad_packs(tmp_path: Path) -> dict[str, bytes]:
    good = folder(tmp_path, packs.activity("a"))
    return {
        "cut": good[:-40],
        "climbing": zips.with_info(zips.files_in(packs.folder(tmp_path, packs.activity("a"))), "../../x"),
        "a broken picture": with_picture(tmp_path, picture()[:40]),
        "a locked name": with_picture(tmp_path, b"no picture"),
        "nothing": b"",
    }


async def test_a_bad_file_leaves_nothing_behind(app: TestApp, house: Settings, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))
    bad = _bad_packs(tmp_path / "packs")
    before = await everything(house)

    answers = {name: await send(trainer, content, organisation, publish="true") for name, content in bad.items()}

    assert {name: answer.json()["code"] for name, answer in answers.items()} == dict.fromkeys(bad, "pack_fault")
    assert await everything(house) == before


async def test_the_good_pictures_of_a_bad_pack_are_let_go(app: TestApp, house: Settings, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))
    blocks = [
        {"key": name, "kind": "picture", "text": "A wall", "media": f"{name}.jpg"} for name in ("first", "second")
    ]
    activity = packs.activity("a", blocks=[*packs.activity("a")["blocks"], *blocks])
    files = zips.files_in(packs.folder(tmp_path / "packs", activity))
    bad = zips.zipped({**files, "media/first.jpg": picture(), "media/second.jpg": picture()[:40]})
    before = await everything(house)

    answer = await send(trainer, bad, organisation)

    after = await everything(house)
    assert answer.json()["detail"].startswith("media/second.jpg: ")
    assert {k: v for k, v in after.items() if v != before.get(k)} == {}


async def test_a_version_comes_out_as_it_went_in(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))
    content = with_picture(tmp_path, picture())
    pack = (await send(trainer, content, organisation, publish="true")).json()["pack"]

    first = await app.anybody.get(f"/packs/{pack}/versions/1.zip")
    again = await send(trainer, first.content, organisation, preview="true")
    await send(trainer, first.content, organisation, publish="true")
    second = await app.anybody.get(f"/packs/{pack}/versions/2.zip")

    assert (first.status_code, first.headers["content-type"]) == (200, "application/zip")
    assert first.headers["content-disposition"] == 'attachment; filename="small-1.zip"'
    assert zips.read(first.content).source == zips.read(content).source
    assert (again.json()["activities"], again.json()["texts"]) == ([], {})
    assert second.content == first.content
    tag = {"if-none-match": first.headers["etag"]}
    assert (await app.anybody.get(f"/packs/{pack}/versions/1.zip", headers=tag)).status_code == 304


async def test_a_version_is_exported_for_whoever_may_read_it(app: TestApp) -> None:
    organisation = await make.organisation()
    pack = await make.pack(organisation=organisation, public=False)
    staff = await app.as_(await make.staff(organisation))
    stranger = await app.as_(await make.person())
    path = f"/packs/{pack}/versions"

    answers = [
        await client.get(f"{path}/{name}")
        for client, name in [
            (staff, "1.zip"), (stranger, "1.zip"),
             (app.anybody, "1.zip"), (staff, "2.zip"), (staff, "0.zip"), (staff, "1.rar"), (staff, "١.zip"), (staff, "9999999999.zip"),
        ]
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [200, *[404] * 7]


async def test_the_lineage_of_a_pack_cannot_be_changed(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation))
    ancestor = {"pack": str(uuid7()), "version": 1, "title": "Old", "authors": ["A"], "licence": "CC-BY-SA-4.0"}
    activity = packs.activity("a")
    kept = {"licence": "CC-BY-SA-4.0", "authors": ["A"]}
    first = packs.folder(tmp_path, activity, lineage=[ancestor], **kept)
    await send(trainer, zips.zipped(zips.files_in(first)), organisation)

    answer = await send(trainer, folder(tmp_path, activity, id=str(read_pack(first).head.id), **kept), organisation)

    assert answer.json()["detail"] == "pack.yaml: the lineage of a pack that is there already cannot be changed"


@pytest.mark.parametrize("value", ["", "x", "1"])
async def test_an_organisation_is_named_by_its_id(app: TestApp, value: str) -> None:
    trainer = await app.as_(await make.staff(await make.organisation()))

    answer = await trainer.post("/packs/import", content=b"", headers=ZIP, params={"organisation": value})

    assert answer.status_code == 400
