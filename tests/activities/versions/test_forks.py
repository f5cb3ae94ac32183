"""Adaptations keep where they come from, and say what they changed."""

from pathlib import Path
from typing import Any
from uuid import UUID

from tests import make
from tests.activities.versions.test_flow import Desk, desk, rewrite
from tests.client import TestApp
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.activities.packfile import read_pack
from yema.activities.queries.source import read_source


async def published(app: TestApp, tmp_path: Path, **head: Any) -> Desk:
    one = await desk(app, tmp_path, **head)
    await publish_pack(one.pack)
    return one


async def fork(app: TestApp, pack: UUID, organisation: UUID, **asked: Any) -> Any:
    client = await app.as_(await make.staff(organisation))
    return await client.post(f"/packs/{pack}/forks", json={"organisation": str(organisation), **asked})


async def test_an_adaptation_has_all_texts_and_knows_where_it_comes_from(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path), await make.organisation("Mine")

    answer = await fork(app, one.pack, mine, slug="ours", authors=["Mine"])

    said = answer.json()
    ancestor = {
        "pack": str(one.pack),
        "version": 1,
        "title": "Small",
        "authors": ["Somebody"],
        "licence": "CC-BY-4.0",
    }
    assert (answer.status_code, said["slug"], said["authors"], said["licence"], said["lineage"], "version" in said) == (
        201,
        "ours",
        ["Somebody", "Mine"],
        "CC-BY-4.0",
        [ancestor],
        False,
    )
    origin, copy = await read_source(one.pack), await read_source(UUID(said["id"]))
    assert [activity.origin for activity in copy.activities] == [activity.id for activity in origin.activities]
    assert {activity.id for activity in copy.activities}.isdisjoint({activity.id for activity in origin.activities})
    texts = [
        {locale: sorted(t.text for t in found.values()) for locale, found in source.translations.items()}
        for source in (origin, copy)
    ]
    assert texts[0] == texts[1] == {"pl": ["Jezioro", "Mała"], "uk": ["Озеро"]}


async def test_an_adaptation_of_an_adaptation_begins_with_the_first_pack(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path), await make.organisation("Mine")
    first = UUID((await fork(app, one.pack, mine)).json()["id"])
    await publish_pack(first)

    second = (await fork(app, first, mine)).json()

    await publish_pack(UUID(second["id"]))
    client = await app.as_(await make.staff(mine))
    read = (await client.get(f"/packs/{second['id']}")).json()
    file = (await client.get("http://yema.test" + read["files"][0]["url"])).json()
    lineages = [[ancestor["pack"] for ancestor in found["lineage"]] for found in (second, read, file)]
    assert lineages == [[str(one.pack), str(first)]] * 3


async def test_a_licence_that_forbids_it_is_kept_but_for_the_owner(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path, licence="CC-BY-ND-4.0"), await make.organisation("Mine")

    theirs, own = await fork(app, one.pack, mine), await fork(app, one.pack, one.organisation)

    assert (theirs.status_code, theirs.json()["code"], own.status_code) == (409, "licence_forbids", 201)


async def test_one_adapts_only_what_one_reads_and_for_whom_one_writes(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path), await make.organisation("Mine")
    private = await published(app, tmp_path, public=False)
    await publish_pack(one.pack)
    await withdraw_version(one.pack, 1)
    stranger = await app.as_(await make.person())

    answers = [
        await fork(app, private.pack, mine),
        await fork(app, one.pack, mine, version=1),
        await fork(app, one.pack, mine, version=3),
        await stranger.post(f"/packs/{one.pack}/forks", json={"organisation": str(mine)}),
        await one.writer.post(f"/packs/{one.pack}/forks", json={"organisation": str(mine)}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


async def test_the_same_adaptation_asked_twice_is_one_pack(app: TestApp, tmp_path: Path) -> None:
    one = await published(app, tmp_path)
    asked = {"json": {"organisation": str(one.organisation)}, "headers": {"Idempotency-Key": "a"}}

    first, again = [(await one.writer.post(f"/packs/{one.pack}/forks", **asked)).json() for _ in range(2)]  # type: ignore[arg-type]

    assert first == again


async def test_adaptations_are_listed_where_they_are_public_or_mine(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path), await make.organisation("Mine")
    made = [UUID((await fork(app, one.pack, mine)).json()["id"]) for _ in range(2)]
    source = await read_source(made[0])
    await store_pack(source, organisation=mine, public=True)
    await publish_pack(made[0])
    staff = await app.as_(await make.staff(mine))

    lists = [(await who.get(f"/packs/{one.pack}/forks")).json()["items"] for who in (app.anybody, one.writer, staff)]

    found = [[fork["id"] for fork in listed] for listed in lists]
    assert found == [[str(made[0])], [str(made[0])], sorted(map(str, made))]


async def test_an_adaptation_says_what_it_changed(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path), await make.organisation("Mine")
    made = UUID((await fork(app, one.pack, mine)).json()["id"])
    await rewrite(one, age_from=18)
    await publish_pack(one.pack)
    source = await read_source(made)
    source.activities[0].age_from = 14
    await store_pack(source, organisation=mine, public=True)
    await publish_pack(made)

    answers = [
        (await who.get(f"/packs/{made}/changes")).json() for who in (app.anybody, await app.as_(await make.staff(mine)))
    ]

    fields = [[a["fields"] for a in answer["changes"]["activities"]] for answer in answers]
    assert fields == [[[{"field": "age_from", "before": ["12"], "after": ["14"]}]]] * 2
    assert ([answer.get("version") for answer in answers], answers[0]["origin"]["version"]) == ([1, None], 1)


async def test_what_was_withdrawn_is_not_shown_by_its_adaptations(app: TestApp, tmp_path: Path) -> None:
    one, mine = await published(app, tmp_path), await make.organisation("Mine")
    made = UUID((await fork(app, one.pack, mine)).json()["id"])
    await store_pack(await read_source(made), organisation=mine, public=True)
    await publish_pack(made)
    before = (await app.anybody.get(f"/packs/{made}/changes")).status_code

    await withdraw_version(one.pack, 1)

    staff = await app.as_(await make.staff(mine))
    after = [(await who.get(f"/packs/{made}/changes")).status_code for who in (app.anybody, staff)]
    assert (before, after) == (200, [404, 200])


async def test_a_pack_that_is_no_adaptation_has_no_changes(app: TestApp, tmp_path: Path) -> None:
    one = await published(app, tmp_path)

    assert (await app.anybody.get(f"/packs/{one.pack}/changes")).status_code == 404
    assert read_pack(one.place).head.lineage == []
