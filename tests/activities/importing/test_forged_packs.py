"""Pack files, ids and numbers from somebody who wants more than they may."""

import base64
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import make
from tests.activities import packs
from tests.activities.importing.test_importing import folder, send
from tests.activities.workshop import blocks, desk
from tests.client import TestApp
from tests.measuring import cpu_seconds
from yema.activities.actions.rows.activities import write_activity
from yema.activities.actions.rows.blocks import write_blocks
from yema.activities.actions.store import go_on_storing, store_pack
from yema.activities.packfile import PackFault, read_pack
from yema.activities.queries.source import read_source
from yema.activities.reading.markdown import html_of
from yema.activities.tables import Pack, PackImport
from yema.changes import transaction
from yema.errors import IdTaken, NotFound
from yema.ids import uuid7

BIG = "-99999999999999999999"


async def somebody_elses(app: TestApp) -> tuple[Any, UUID]:
    organisation = await make.organisation()
    return await app.as_(await make.staff(organisation)), organisation


async def test_an_activity_with_the_id_of_a_pack_is_refused_and_takes_nothing_from_it(
    app: TestApp, tmp_path: Path
) -> None:
    victim = await desk(app)
    await victim.activity("river")
    before = await read_source(UUID(victim.pack))
    evil, mine = await somebody_elses(app)

    answer = await send(evil, folder(tmp_path, packs.activity("a", id=victim.pack)), mine)

    assert (answer.status_code, await read_source(UUID(victim.pack)) == before) == (409, True)


async def test_a_pack_with_the_id_of_an_activity_is_refused_and_takes_nothing_from_it(
    app: TestApp, tmp_path: Path
) -> None:
    victim = await desk(app)
    river = await victim.activity("river")
    before = await read_source(UUID(victim.pack))
    evil, mine = await somebody_elses(app)

    answer = await send(evil, folder(tmp_path, packs.activity("a"), id=river["id"]), mine)

    assert (answer.status_code, await read_source(UUID(victim.pack)) == before) == (409, True)


async def test_a_pack_with_the_id_of_its_own_activity_is_refused(app: TestApp, tmp_path: Path) -> None:
    evil, mine = await somebody_elses(app)
    same = str(uuid7())

    answer = await send(evil, folder(tmp_path, packs.activity("a", id=same), id=same), mine)

    assert answer.status_code in (409, 422)


async def test_an_activity_is_never_written_for_another_pack(app: TestApp) -> None:
    victim = await desk(app)
    await victim.activity("river")
    before, other = await read_source(UUID(victim.pack)), await read_source(UUID((await desk(app)).pack))

    with pytest.raises(IdTaken):
        async with transaction():
            await write_activity(other.head, 0, before.activities[0])

    assert await read_source(UUID(victim.pack)) == before


async def test_blocks_are_never_written_for_another_pack(app: TestApp) -> None:
    victim = await desk(app)
    await victim.activity("river")
    before, other = await read_source(UUID(victim.pack)), await read_source(UUID((await desk(app)).pack))
    [river] = before.activities

    with pytest.raises(IdTaken):
        async with transaction():
            await write_blocks(other.head, river.id, river.blocks, [])

    assert await read_source(UUID(victim.pack)) == before


async def test_a_made_up_lineage_opens_nothing(app: TestApp, tmp_path: Path) -> None:
    victim = await desk(app, public=False)
    await victim.activity("river", blocks=blocks({"key": "s", "kind": "text", "text": "TOP SECRET"}))
    await victim.client.post(f"/packs/{victim.pack}/versions", json={})
    evil, mine = await somebody_elses(app)
    pack = str(uuid7())
    lineage = [{"pack": victim.pack, "version": 1, "title": "x", "authors": ["Me"], "licence": "CC0-1.0"}]
    place = folder(tmp_path, packs.activity("a"), id=pack, lineage=lineage, licence="CC0-1.0", authors=["Me"])

    imported = await send(evil, place, mine)
    answer = await evil.get(f"/packs/{pack}/changes")

    assert (imported.status_code, answer.status_code, "river" in answer.text) == (200, 404, False)


async def test_an_import_keeps_the_licence_and_the_first_authors_of_an_adaptation(app: TestApp, tmp_path: Path) -> None:
    trainer, mine = await somebody_elses(app)
    pack, one = str(uuid7()), packs.activity("a")
    lineage = [{"pack": str(uuid7()), "version": 1, "title": "x", "authors": ["First"], "licence": "CC-BY-SA-4.0"}]
    kept: dict[str, Any] = {"id": pack, "lineage": lineage, "licence": "CC-BY-SA-4.0", "authors": ["First", "Me"]}
    first = await send(trainer, folder(tmp_path, one, **kept), mine)

    relicensed = await send(trainer, folder(tmp_path, one, **{**kept, "licence": "CC0-1.0"}), mine)
    renamed = await send(trainer, folder(tmp_path, one, **{**kept, "authors": ["Me"]}), mine)

    head = (await read_source(UUID(pack))).head
    assert (first.status_code, relicensed.status_code, renamed.status_code) == (200, 409, 409)
    assert (head.licence, head.authors) == ("CC-BY-SA-4.0", ["First", "Me"])


async def test_the_language_in_which_a_pack_is_written_stays(app: TestApp, tmp_path: Path) -> None:
    trainer, mine = await somebody_elses(app)
    pack, one = str(uuid7()), packs.activity("a", "River")
    await send(trainer, folder(tmp_path, one, id=pack), mine)

    answer = await send(trainer, folder(tmp_path, one, id=pack, source_locale="de"), mine)

    source = await read_source(UUID(pack))
    assert (answer.status_code, answer.json()["code"]) == (422, "pack_fault")
    assert [block.text for block in source.activities[0].blocks] == ["River", "Short."]


async def test_an_import_in_a_language_that_nobody_knows_is_refused(app: TestApp, tmp_path: Path) -> None:
    trainer, mine = await somebody_elses(app)

    answer = await send(trainer, folder(tmp_path, packs.activity("a"), source_locale="xx"), mine)

    assert (answer.status_code, answer.json()["code"]) == (422, "pack_fault")


async def test_an_import_that_fails_does_not_come_again_at_the_next_start(app: TestApp, tmp_path: Path) -> None:
    trainer, mine = await somebody_elses(app)
    a, c, pack = packs.activity("a"), packs.activity("c"), str(uuid7())
    await send(trainer, folder(tmp_path, a, c, id=pack), mine)
    await send(trainer, folder(tmp_path, a, id=pack), mine)

    answer = await send(trainer, folder(tmp_path, a, packs.activity(c["id"]), id=pack), mine)

    assert (answer.status_code < 500, await PackImport.count(), await go_on_storing()) == (True, 0, 0)


@pytest.mark.parametrize("tail", [f"versions/{BIG}/changes", f"versions/{BIG}/en", f"versions/{BIG}/en/abc"])
async def test_a_number_that_no_version_can_have_is_404(app: TestApp, tail: str) -> None:
    pack = await make.small_pack()

    assert (await app.anybody.get(f"/packs/{pack}/{tail}")).status_code == 404


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_cursor_at_the_end_of_the_years_is_400(app: TestApp, year: str) -> None:
    own = await desk(app)
    river = await own.activity("river")
    cursor = base64.urlsafe_b64encode(f"{year} {uuid4()}".encode()).decode().rstrip("=")

    answer = await own.client.get(f"/activities/{river['id']}/runs", params={"cursor": cursor})

    assert answer.status_code == 400


async def test_a_pack_that_was_made_private_during_an_import_stays_private(app: TestApp, tmp_path: Path) -> None:
    _, mine = await somebody_elses(app)
    source = read_pack(packs.folder(tmp_path, packs.activity("a")))
    await store_pack(source, organisation=mine, public=False)

    await store_pack(source, organisation=mine, public=True, moves=False)

    rows = await Pack.select(Pack.public).where(Pack.id == source.head.id)
    assert rows == [{"public": False}]


async def test_of_two_organisations_that_import_the_same_new_pack_the_first_one_keeps_it(
    app: TestApp, tmp_path: Path
) -> None:
    _, first = await somebody_elses(app)
    _, second = await somebody_elses(app)
    source = read_pack(packs.folder(tmp_path, packs.activity("a")))
    await store_pack(source, organisation=first, public=False, moves=False)

    with pytest.raises(NotFound):
        await store_pack(source, organisation=second, public=False, moves=False)

    rows = await Pack.select(Pack.organisation).where(Pack.id == source.head.id)
    assert (rows, await PackImport.count()) == ([{"organisation": first}], 0)


def test_directives_of_yaml_are_refused_before_they_are_compared(tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    file = place / "activities" / "a.yaml"
    file.write_text("%TAG !a! tag:x\n" * 60_000 + "---\n" + file.read_text("utf-8"), "utf-8")

    def refused() -> None:
        with pytest.raises(PackFault, match="directives"):
            read_pack(place)

    assert cpu_seconds(refused) < 1


def test_thousands_of_brackets_are_only_brackets() -> None:
    few, many = (cpu_seconds(partial(html_of, "text", piece * 4990), rounds=3) for piece in ("\\[", "!["))

    assert (html_of("text", "![" * 4990).count("!["), many < 3 * few) == (4990, True)


@pytest.mark.parametrize("name", ["%00", "a%00b"])
async def test_a_name_that_no_medium_can_have_is_404(app: TestApp, name: str) -> None:
    own = await desk(app)

    answers = [
        await own.client.get(f"/packs/{own.pack}/media/{name}"),
        await own.client.delete(f"/packs/{own.pack}/media/{name}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
