"""Publishing, what a version changed, and withdrawing one: over HTTP, and two at once."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.activities import packs
from tests.client import TestApp
from tests.database.outside import outside
from yema.activities.actions import publish
from yema.activities.actions.publish import publish_pack, sweep_staged
from yema.activities.actions.search_index import sweep_words
from yema.activities.actions.store import store_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.activities.packfile import read_pack
from yema.activities.queries.source import read_source
from yema.activities.tables import Pack, PackFile, PackVersion, Words
from yema.changes import transaction
from yema.database import Statement
from yema.ids import uuid7
from yema.settings import Settings

_FIRST_VERSION = (
    "INSERT INTO pack_version (id, pack, number, published_at, state, note, reason)"
    " VALUES (gen_random_uuid(), $1, 1, now(), 'staged', '', '')"
)


class Desk(NamedTuple):
    """An organisation's pack and one who writes it."""

    organisation: UUID
    writer: httpx.AsyncClient
    place: Path
    pack: UUID


async def desk(app: TestApp, tmp_path: Path, *, public: bool = True, **head: Any) -> Desk:
    organisation = await make.organisation()
    place = packs.folder(tmp_path, packs.activity("lake", "Lake"), packs.activity("hill", "Hill"), **head)
    packs.po(place, "pl", lake__title=("Lake", "Jezioro"), pack__title=("Small", "Mała"))
    packs.po(place, "uk", lake__title=("Lake", "Озеро"))
    pack = await store_pack(read_pack(place), organisation=organisation, public=public)
    return Desk(organisation, await app.as_(await make.staff(organisation)), place, pack)


async def rewrite(one: Desk, *, public: bool = True, **lake: Any) -> None:
    packs.edit(one.place / "activities" / "lake.yaml", **lake)
    await store_pack(read_pack(one.place), organisation=one.organisation, public=public)


async def test_a_writer_publishes_in_the_languages_that_they_name(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)

    answer = await one.writer.post(f"/packs/{one.pack}/versions", json={"locales": ["uk"], "note": "First."})

    said = answer.json()
    assert (answer.status_code, said["number"], said["state"], said["locales"], said["note"], "changes" in said) == (
        201,
        1,
        "published",
        ["en", "uk"],
        "First.",
        False,
    )
    assert [file["locale"] for file in (await app.anybody.get(f"/packs/{one.pack}")).json()["files"]] == ["en", "uk"]


async def test_publishing_tells_what_changed_since_the_last_version(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)
    await one.writer.post(f"/packs/{one.pack}/versions", json={})
    await rewrite(one, age_from=14)

    published = (await one.writer.post(f"/packs/{one.pack}/versions?locale=pl", json={})).json()

    [lake] = published["changes"]["activities"]
    assert (published["number"], lake["title"], lake["title_locale"], lake["change"], lake["fields"]) == (
        2,
        "Jezioro",
        "pl",
        "changed",
        [{"field": "age_from", "before": ["12"], "after": ["14"]}],
    )
    read = (await app.anybody.get(f"/packs/{one.pack}/versions/2/changes?since=1&locale=pl")).json()
    assert read == {"number": 2, "since": 1, "changes": published["changes"]}


async def test_nobody_but_writers_publishes_or_withdraws(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)
    await publish_pack(one.pack)
    others = [
        await make.person(),
        await make.staff(one.organisation, "viewer"),
        await make.staff(await make.organisation("Other")),
    ]
    paths = [f"/packs/{one.pack}/versions", f"/packs/{one.pack}/versions/1/withdrawal"]

    found = [(await (await app.as_(who)).post(path, json={})).status_code for who in others for path in paths]

    assert (found, await PackVersion.count()) == ([404] * 6, 1)


async def test_an_empty_pack_is_not_published(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    pack = await store_pack(read_pack(packs.folder(tmp_path)), organisation=organisation, public=True)
    writer = await app.as_(await make.staff(organisation))

    answer = await writer.post(f"/packs/{pack}/versions", json={})

    assert (answer.status_code, answer.json()["code"]) == (409, "pack_is_empty")


async def test_a_language_without_texts_is_not_published(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)

    answer = await one.writer.post(f"/packs/{one.pack}/versions", json={"locales": ["pl", "de"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_in_this_language")


async def test_the_same_publication_asked_twice_is_one_version(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)

    answers = [
        (await one.writer.post(f"/packs/{one.pack}/versions", json={}, headers={"Idempotency-Key": "a"})).json()
        for _ in range(2)
    ]

    assert (answers[0], await PackVersion.count()) == (answers[1], 1)


async def test_versions_that_are_published_at_once_have_a_number_each_and_are_whole(
    app: TestApp, tmp_path: Path
) -> None:
    one = await desk(app, tmp_path)

    numbers = await asyncio.gather(*(publish_pack(one.pack) for _ in range(4)))

    [pack] = await Pack.select(Pack.latest).where(Pack.id == one.pack)
    states = {row["state"] for row in await PackVersion.select(PackVersion.state)}
    assert (sorted(numbers), pack["latest"], states, await PackFile.count()) == ([1, 2, 3, 4], 4, {"published"}, 12)


@pytest.mark.postgres
@pytest.mark.parametrize(("held", "told"), [(True, ["1", "2"]), (False, ["1", "taken"])], ids=["held", "not held"])
async def test_whoever_publishes_holds_the_pack_until_it_has_a_number(
    app: TestApp, house: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool, told: list[str]
) -> None:
    """The same at the worst moment, and that without the lock two would want the same number."""
    one = await desk(app, tmp_path)
    if not held:
        monkeypatch.setattr(publish, "HOLD_PACK", Statement(publish.HOLD_PACK.sqlite.replace("?", "{}")))

    async with outside(house) as somebody:
        # Who wants this number waits until it is known that nobody has it.
        await somebody.session.execute("BEGIN")
        await somebody.session.execute(_FIRST_VERSION, one.pack)
        both = asyncio.gather(*(publish_pack(one.pack) for _ in range(2)), return_exceptions=True)
        await somebody.waiting(2)
        await somebody.session.execute("ROLLBACK")
        found = await both

    assert sorted("taken" if "pack_version_pack_number" in str(one) else str(one) for one in found) == told


async def test_packs_that_are_published_at_once_have_serials_of_their_own(app: TestApp, tmp_path: Path) -> None:
    desks = [await desk(app, tmp_path) for _ in range(4)]

    await asyncio.gather(*(publish_pack(one.pack) for one in desks))

    serials = [row["serial"] for row in await PackFile.select(PackFile.serial).order_by(PackFile.serial)]
    assert serials == list(range(1, 13))


async def test_what_a_crash_left_is_swept_the_next_day_and_nothing_else(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)
    await publish_pack(one.pack)
    words, source = await Words.count(), read_pack(one.place)
    version = uuid7()
    await publish._stage(version, one.pack, "")
    await publish._write_file(version, source, "en", 2)

    kept = await sweep_staged()
    async with transaction() as tx:
        yesterday = tx.at - timedelta(days=1, minutes=1)
        await PackVersion.update({PackVersion.published_at: yesterday}).where(PackVersion.id == version)
    swept = await sweep_staged()

    assert (kept, swept, await PackVersion.count(), await PackFile.count(), await Words.count()) == (0, 1, 1, 3, words)
    assert len((await app.anybody.get("/activities?q=lake")).json()["items"]) == 1


async def test_a_withdrawn_version_leaves_the_shelf_to_the_one_before(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)
    await publish_pack(one.pack)
    await rewrite(one, age_from=14)
    await publish_pack(one.pack)
    [file] = [f for f in (await app.anybody.get(f"/packs/{one.pack}")).json()["files"] if f["locale"] == "en"]

    answer = await one.writer.post(f"/packs/{one.pack}/versions/2/withdrawal", json={"reason": "Too cold."})

    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (201, "withdrawn", "Too cold.")
    hidden = [
        f"/packs/{one.pack}/versions/2/changes",
        f"/packs/{one.pack}/versions/2/en",
        f"http://yema.test{file['url']}",
    ]
    assert [(await app.anybody.get(path)).status_code for path in hidden] == [404] * 3
    assert (await app.anybody.get(f"/packs/{one.pack}")).json()["version"] == 1
    lists = [(await who.get(f"/packs/{one.pack}/versions")).json()["items"] for who in (app.anybody, one.writer)]
    assert [[(v["number"], v["state"]) for v in found] for found in lists] == [
        [(1, "published")],
        [(2, "withdrawn"), (1, "published")],
    ]


async def test_the_last_version_takes_the_pack_from_the_library(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)
    await publish_pack(one.pack)
    before = (await app.anybody.get(f"/packs/{one.pack}")).status_code

    await withdraw_version(one.pack, 1)

    after = [
        (await app.anybody.get(path)).status_code for path in (f"/packs/{one.pack}", f"/packs/{one.pack}/versions")
    ]
    assert (before, after, (await one.writer.get(f"/packs/{one.pack}/versions")).status_code) == (200, [404, 404], 200)


async def test_a_version_after_a_withdrawn_one_has_the_next_number(app: TestApp, tmp_path: Path) -> None:
    one = await desk(app, tmp_path)
    await publish_pack(one.pack)
    await withdraw_version(one.pack, 1)
    await withdraw_version(one.pack, 1)

    assert (await publish_pack(one.pack), (await app.anybody.get(f"/packs/{one.pack}")).json()["version"]) == (2, 2)


async def test_the_version_before_is_found_by_its_words_as_soon_as_the_last_one_is_withdrawn(
    app: TestApp, tmp_path: Path
) -> None:
    one = await desk(app, tmp_path)
    await publish_pack(one.pack)
    source = read_pack(one.place)
    source.activities[0].blocks[0].text = "Forest"
    await store_pack(source, organisation=one.organisation, public=True)
    await publish_pack(one.pack)
    await sweep_words()

    await one.writer.post(f"/packs/{one.pack}/versions/2/withdrawal", json={"reason": "Too dark."})

    found = [len((await app.anybody.get(f"/activities?q={word}")).json()["items"]) for word in ("lake", "forest")]
    assert (found, await Words.count(), await sweep_words()) == ([1, 0], 18, 0)


async def test_of_two_who_publish_at_once_the_higher_number_has_the_newer_content(
    app: TestApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await desk(app, tmp_path)
    slow, go_on = asyncio.Event(), asyncio.Event()

    async def late(*args: Any, **fields: Any) -> Any:
        source = await read_source(*args, **fields)
        if not slow.is_set():  # the first one reads, and is slow
            slow.set()
            await go_on.wait()
        return source

    monkeypatch.setattr("yema.activities.actions.publish.read_source", late)
    first = asyncio.create_task(publish_pack(one.pack))
    await slow.wait()
    await rewrite(one, energy="calm")
    second = await publish_pack(one.pack)
    go_on.set()

    assert (await first, second) == (1, 2)
    [card] = (await app.anybody.get("/activities")).json()["items"][:1]
    assert (card["title"], card["energy"]) == ("Lake", "calm")
