"""The words of the latest versions, and no others."""

from typing import Any
from uuid import UUID

import pytest

from tests.activities import library
from tests.client import TestApp
from yema.activities.actions import search_index
from yema.activities.actions.publish import publish_pack
from yema.activities.reading.shelf import clear_shelves, shelf_of
from yema.activities.tables import Pack, PackFile, PackVersion, Words
from yema.changes import PUBLIC, SpaceKey, transaction
from yema.database import Statement, engine, fetch
from yema.database.statements import Row

_INDEXED = Statement("SELECT count(*) FROM activity_words_index WHERE activity_words_index MATCH {}")


async def _found(app: TestApp, q: str) -> list[str]:
    return [card["title"] for card in (await app.anybody.get("/activities", params={"q": q})).json()["items"]]


async def _two_versions() -> UUID:
    """A pack whose activity was called River, and then Lake."""
    one = library.activity("River")
    source = library.pack([one])
    await library.publish(source)
    one.blocks[0].text = "Lake"
    return await library.publish(source)


async def _put_on_shelf(pack: UUID, number: int) -> None:
    async with transaction() as tx:
        await Pack.update({Pack.latest: number}).where(Pack.id == pack)
        tx.touched(SpaceKey("library", PUBLIC), "pack", pack)


async def test_a_new_version_is_found_by_its_own_words_only(app: TestApp) -> None:
    await _two_versions()

    assert (await _found(app, "river"), await _found(app, "lake")) == ([], ["Lake"])


async def test_sweeping_leaves_the_rows_of_the_latest_versions(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 2)
    await _two_versions()

    assert (await search_index.sweep_words(), await search_index.sweep_words(), await Words.count()) == (3, 0, 3)
    assert (await _found(app, "river"), await _found(app, "lake")) == ([], ["Lake"])


async def test_what_was_swept_is_out_of_the_index_too(app: TestApp) -> None:
    await _two_versions()
    await search_index.sweep_words()
    if engine().engine_type == "postgres":
        assert await Words.count() == 3
        return

    # A row of the index without its words would be counted as well.
    sign = (await Words.select(Words.folded).first())["folded"][0]  # type: ignore[index]
    counts: list[list[Row]] = [await fetch(_INDEXED, f'"{sign}{word}" *') for word in ("river", "lake")]
    assert counts == [[(0,)], [(3,)]]


async def test_a_version_that_is_being_made_keeps_its_rows(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    from yema.activities.actions import publish

    swept = []

    async def sweep_first(*given: Any) -> None:
        swept.append(await search_index.sweep_words())
        await shelve(*given)

    shelve = publish._shelve
    monkeypatch.setattr(publish, "_shelve", sweep_first)
    await library.publish(library.pack([library.activity("River")]))

    assert (swept, await _found(app, "river")) == ([0], ["River"])


async def test_files_from_before_there_were_words_get_theirs(app: TestApp) -> None:
    await library.publish(library.pack([library.activity("River"), library.activity("River two")]))
    async with transaction():
        await PackFile.update({PackFile.serial: None}, force=True)
    clear_shelves()
    before = await _found(app, "river")

    await search_index.sweep_words()

    assert (before, await _found(app, "river")) == ([], ["River", "River two"])


async def test_the_version_before_a_withdrawn_one_is_found_again(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 2)
    pack = await _two_versions()
    await search_index.sweep_words()
    async with transaction():
        await PackVersion.update({PackVersion.state: "withdrawn"}).where(PackVersion.number == 2)
    await _put_on_shelf(pack, 1)

    await search_index.sweep_words()

    assert (await _found(app, "river"), await Words.count()) == (["River"], 3)


async def test_a_moved_library_reads_only_the_packs_that_have_a_new_version(house: object) -> None:
    first = await library.publish(library.pack([library.activity("River")], slug="a"))
    second = await library.publish(library.pack([library.activity("Lake")], slug="b"))
    before = {pack.id: pack for pack in (await shelf_of()).packs}

    await publish_pack(second)

    after = {pack.id: pack for pack in (await shelf_of()).packs}
    assert (after[first] is before[first], after[second].version) == (True, 2)
