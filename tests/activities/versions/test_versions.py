"""Versions are frozen, their files immutable, and the private ones private."""

import hashlib
from pathlib import Path

import httpx
import pytest

from tests import make
from tests.activities import packs
from tests.client import TestApp
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import PackSource, block_id
from yema.activities.packfile import read_pack
from yema.activities.rules import source_hash
from yema.activities.tables import Activity, PackBlockText, PackFile, PackVersion
from yema.exchanges.tables.plan import Slot

ORIGIN = "http://yema.test"


async def _files(client: httpx.AsyncClient, pack: object) -> dict[str, str]:
    """The address of each language's file."""
    found = (await client.get(f"/packs/{pack}")).json()["files"]
    return {file["locale"]: ORIGIN + file["url"] for file in found}


async def test_the_address_of_a_file_ends_in_the_hash_of_its_bytes(app: TestApp) -> None:
    pack = await make.pack()
    described = (await app.anybody.get(f"/packs/{pack}")).json()["files"]

    contents = [(await app.anybody.get(ORIGIN + file["url"])).content for file in described]

    assert [(file["sha256"], file["bytes"]) for file in described] == [
        (hashlib.sha256(content).hexdigest(), len(content)) for content in contents
    ]
    assert [file["url"].rpartition("/")[2] for file in described] == [file["sha256"] for file in described]
    assert [file["locale"] for file in described] == ["ar", "de", "en", "es", "fr", "it", "pl", "uk"]


async def test_a_file_of_a_public_pack_is_for_everybody_and_for_ever(app: TestApp) -> None:
    files = await _files(app.anybody, await make.small_pack())

    answer = await app.anybody.get(files["pl"])

    assert (answer.status_code, answer.headers["cache-control"], answer.headers["content-language"]) == (
        200,
        "public, max-age=31536000, immutable",
        "pl",
    )


async def test_a_wrong_hash_is_404(app: TestApp) -> None:
    files = await _files(app.anybody, await make.pack())
    place, _, digest = files["pl"].rpartition("/")

    answers = [
        await app.anybody.get(f"{place}/{wrong}")
        for wrong in ("0" * 64, digest.upper(), digest[:-1], files["de"].rpartition("/")[2])
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


async def test_without_the_hash_the_file_is_shown_the_way_to(app: TestApp) -> None:
    pack = await make.small_pack()
    files = await _files(app.anybody, pack)

    answer = await app.anybody.get(f"/packs/{pack}/versions/1/pl")

    assert (answer.status_code, ORIGIN + answer.headers["location"]) == (302, files["pl"])


@pytest.mark.parametrize("tail", ["2/pl", "0/pl", "1/sv", "1/PL"])
async def test_a_version_or_language_that_is_not_there_is_404(app: TestApp, tail: str) -> None:
    pack = await make.small_pack()

    assert (await app.anybody.get(f"/packs/{pack}/versions/{tail}")).status_code == 404


async def test_publishing_again_leaves_the_first_version_as_it_was(app: TestApp, tmp_path: Path) -> None:
    pack = await make.pack()
    first = await _files(app.anybody, pack)
    before = {locale: (await app.anybody.get(url)).content for locale, url in first.items()}
    place = packs.copy(tmp_path)
    packs.edit(place / "pack.yaml", texts={"title": "Second Days", "summary": "Changed."})

    await packs.published(place)

    second = await _files(app.anybody, pack)
    versions = (await app.anybody.get(f"/packs/{pack}/versions")).json()["items"]
    assert {locale: (await app.anybody.get(url)).content for locale, url in first.items()} == before
    assert set(first.values()).isdisjoint(second.values())
    assert (await app.anybody.get(second["en"])).json()["title"] == "Second Days"
    assert [version["number"] for version in versions] == [2, 1]


async def test_what_is_stored_is_not_seen_before_it_is_published(app: TestApp, tmp_path: Path) -> None:
    pack = await make.pack()
    place = packs.copy(tmp_path)
    packs.edit(place / "pack.yaml", texts={"title": "Second Days", "summary": "Changed."})

    await store_pack(read_pack(place), organisation=None, public=True)

    found = (await app.anybody.get(f"/packs/{pack}")).json()
    assert (found["title"], found["version"]) == ("First Days Together", 1)


async def test_a_private_pack_is_seen_by_its_staff_and_by_nobody_else(app: TestApp) -> None:
    organisation = await make.organisation()
    pack = await make.small_pack(organisation=organisation, public=False)
    staff = await app.as_(await make.staff(organisation))
    others = [
        app.anybody,
        await app.as_(await make.person()),
        await app.as_(await make.staff(await make.organisation("Other"))),
    ]
    [card, *_] = (await staff.get("/activities")).json()["items"]
    file = (await _files(staff, pack))["pl"]
    paths = [
        f"/packs/{pack}",
        f"/packs/{pack}/versions",
        f"/packs/{pack}/versions/1/pl",
        file,
        f"/activities/{card['id']}",
    ]

    seen = [(await staff.get(path)).status_code for path in paths]
    hidden = {(await client.get(path)).status_code for client in others for path in paths}
    lists = [(await client.get(path)).json() for client in others for path in ("/packs", "/activities")]

    assert seen == [200, 200, 302, 200, 200]
    assert hidden == {404}
    assert [found["items"] for found in lists] == [[]] * 6


async def test_nothing_of_a_private_pack_may_be_kept_by_a_shared_cache(app: TestApp) -> None:
    organisation = await make.organisation()
    pack = await make.small_pack(organisation=organisation, public=False)
    staff = await app.as_(await make.staff(organisation))
    [card, *_] = (await staff.get("/activities")).json()["items"]
    paths = ["/packs", "/activities", f"/packs/{pack}", f"/packs/{pack}/versions", f"/activities/{card['id']}"]

    kept = [(await staff.get(path)).headers["cache-control"] for path in paths]
    file = (await staff.get((await _files(staff, pack))["pl"])).headers["cache-control"]

    assert kept == ["private, no-cache"] * 5
    assert file == "private, max-age=31536000, immutable"


async def test_a_pack_that_became_private_is_gone_from_the_public_library(app: TestApp) -> None:
    organisation = await make.organisation()
    pack = await make.small_pack()
    before = (await app.anybody.get(f"/packs/{pack}")).status_code

    await make.small_pack(organisation=organisation, public=False)

    staff = await app.as_(await make.staff(organisation))
    after = [(await client.get(f"/packs/{pack}")).status_code for client in (app.anybody, staff)]
    assert (before, after) == (200, [404, 200])


async def test_public_packs_and_private_ones_stand_in_one_list_for_staff(app: TestApp, tmp_path: Path) -> None:
    organisation = await make.organisation()
    own = packs.folder(tmp_path, packs.activity("a"), slug="own")
    await packs.published(own, organisation=organisation, public=False)
    await make.small_pack()

    staff = await app.as_(await make.staff(organisation))

    assert [pack["slug"] for pack in (await staff.get("/packs")).json()["items"]] == ["first-days", "own"]


async def test_storing_again_keeps_the_activities_and_the_slots_that_planned_with_them(app: TestApp) -> None:
    await make.small_pack()
    ids = [card["id"] for card in (await app.anybody.get("/activities")).json()["items"]]
    exchange = await make.exchange()
    [activity, *_] = await Activity.select(Activity.id).order_by(Activity.position)
    slot = await make.slot(exchange, activity=activity["id"])

    await make.small_pack()

    assert [card["id"] for card in (await app.anybody.get("/activities")).json()["items"]] == ids
    assert await Slot.select(Slot.activity).where(Slot.id == slot) == [{"activity": activity["id"]}]


async def test_storing_again_replaces_what_changed(app: TestApp, tmp_path: Path) -> None:
    stays, goes, comes = packs.activity("stays"), packs.activity("goes"), packs.activity("comes")
    place = packs.folder(tmp_path, stays, goes)
    head = read_pack(place).head
    await packs.published(place)

    other = packs.folder(tmp_path, comes, {**stays, "energy": "calm"}, id=str(head.id))
    await packs.published(other)

    cards = (await app.anybody.get("/activities")).json()["items"]
    assert [(card["id"], card["energy"]) for card in cards] == [(comes["id"], "lively"), (stays["id"], "calm")]


async def test_a_changed_source_text_is_told_from_the_hash_that_its_translation_keeps(
    app: TestApp, tmp_path: Path
) -> None:
    activity = packs.activity("a", "New title")
    place = packs.folder(tmp_path, activity)
    packs.po(place, "pl", a__title=("Old title", "Stary tytuł"), a__summary=("Short.", "Krótko."))

    await packs.published(place)

    source = read_pack(place).activities[0]
    fresh = {}
    for block in source.blocks:
        rows = await PackBlockText.select(PackBlockText.locale, PackBlockText.source_hash).where(
            PackBlockText.block == block_id(source.id, block.key)
        )
        hashes = {row["locale"]: row["source_hash"] for row in rows}
        fresh[block.key] = (hashes["en"] == source_hash(block.text), hashes["pl"] == hashes["en"])
    assert fresh == {"title": (True, False), "summary": (True, True)}
    assert [card["title"] for card in (await app.anybody.get("/activities?locale=pl")).json()["items"]] == [
        "Stary tytuł"
    ]


@pytest.fixture(scope="module")
def two_thousand(tmp_path_factory: pytest.TempPathFactory) -> PackSource:
    """Read once: writing and reading so many files takes as long as what is done with them."""
    activities = [packs.activity(f"a-{number}") for number in range(2000)]
    return read_pack(packs.folder(tmp_path_factory.mktemp("large"), *activities))


async def test_two_thousand_activities_are_one_pack(app: TestApp, two_thousand: PackSource) -> None:
    pack = await store_pack(two_thousand, organisation=None, public=True)
    await publish_pack(pack)

    assert await Activity.count() == 2000
    [found, *_] = (await app.anybody.get("/activities?q=a-1999")).json()["items"]
    assert found["id"] == str(two_thousand.activities[-1].id)


async def test_every_version_has_a_file_in_every_language(app: TestApp) -> None:
    pack = await make.pack()

    await publish_pack(pack)

    assert (await PackVersion.count(), await PackFile.count()) == (2, 16)
