"""Packs as those who write them make and change them."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests import make
from tests.activities import workshop
from tests.activities.workshop import ANY, desk
from tests.client import TestApp
from tests.http.worlds import manners, pointers, problem
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.rows.texts import save_texts
from yema.activities.pack.source import Ancestor, Translation, block_id
from yema.activities.tables import Pack
from yema.changes import PUBLIC, SpaceKey, transaction, version_of
from yema.ids import uuid7

ROLES = ("trainer", "coordinator", "admin")


@pytest.mark.parametrize("role", ROLES)
async def test_a_pack_that_was_begun_is_shown_to_its_writers_as_it_was_sent(app: TestApp, role: str) -> None:
    trainer = await desk(app, role)

    found = await trainer.read_pack()

    sent = workshop.pack(trainer.organisation)
    rest = {"public": False, "lineage": [], "locales": ["en"], "activities": [], "media": []}
    assert found == {**sent, **rest, "id": trainer.pack, "version": 1}


async def test_nobody_reads_a_pack_before_its_first_version(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    await trainer.activity()

    before = (await app.anybody.get(f"/packs/{trainer.pack}")).status_code
    await publish_pack(UUID(trainer.pack))

    assert (before, (await app.anybody.get(f"/packs/{trainer.pack}")).status_code) == (404, 200)


async def test_every_field_of_a_pack_is_changed_and_the_others_stay(app: TestApp) -> None:
    trainer = await desk(app)
    change: dict[str, Any] = {
        "slug": "lakes",
        "licence": "CC0-1.0",
        "authors": ["Somebody", "Somebody else"],
        "texts": {"title": "Lakes", "summary": "About lakes."},
        "public": True,
    }
    for name, value in change.items():
        before = await trainer.read_pack()
        match = {"if-match": str(before["version"])}

        answer = await trainer.client.patch(f"/packs/{trainer.pack}", json={name: value}, headers=match)

        assert answer.json() == {**before, name: value, "version": before["version"] + 1}
        assert answer.json() == await trainer.read_pack()


async def test_a_pack_is_changed_with_if_match_only(app: TestApp) -> None:
    trainer = await desk(app)
    path = f"/packs/{trainer.pack}"
    current = await trainer.read_pack()

    without = await trainer.client.patch(path, json={"slug": "a"})
    stale = await trainer.client.patch(path, json={"slug": "a"}, headers={"if-match": "7"})

    assert (manners(without), manners(stale)) == (problem(428, "precondition_required"), problem(412, "stale"))
    assert stale.json()["current"] == current == await trainer.read_pack()


async def test_the_activities_of_a_pack_are_put_into_an_order(app: TestApp) -> None:
    trainer = await desk(app)
    ids = [(await trainer.activity(slug))["id"] for slug in ("a", "b", "c")]
    wanted = [ids[2], ids[0], ids[1]]

    answer = await trainer.client.patch(f"/packs/{trainer.pack}", json={"activities": wanted}, headers=ANY)

    assert [activity["id"] for activity in answer.json()["activities"]] == wanted
    assert [activity["slug"] for activity in (await trainer.read_pack())["activities"]] == ["c", "a", "b"]


@pytest.mark.parametrize("wrong", ["one missing", "one twice", "a stranger", "a removed one"])
async def test_an_order_names_every_activity_once(app: TestApp, wrong: str) -> None:
    trainer = await desk(app)
    ids = [(await trainer.activity(slug))["id"] for slug in ("a", "b", "c")]
    removed = ids.pop()
    await trainer.client.delete(f"/activities/{removed}")
    wanted = {
        "one missing": ids[:1],
        "one twice": [ids[0], *ids],
        "a stranger": [ids[0], str(uuid7())],
        "a removed one": [*ids, removed],
    }[wrong]

    answer = await trainer.client.patch(f"/packs/{trainer.pack}", json={"activities": wanted}, headers=ANY)

    assert pointers(answer) == [("/activities", "not_all_once")]
    assert [activity["id"] for activity in (await trainer.read_pack())["activities"]] == ids


@pytest.mark.parametrize(("minor", "state"), [(False, "stale"), (True, "fresh")])
async def test_a_minor_change_of_the_packs_own_texts_keeps_its_translations_fresh(
    app: TestApp, minor: bool, state: str
) -> None:
    trainer = await desk(app)
    title = block_id(UUID(trainer.pack), "title")
    async with transaction():
        await save_texts([(title, "pl", Translation(text="Rzeki", source="Rivers"))])
    texts = {"title": "Rivers!", "summary": "About rivers."}

    await trainer.client.patch(f"/packs/{trainer.pack}", json={"texts": texts, "minor": minor}, headers=ANY)

    shown = (await trainer.client.get(f"/packs/{trainer.pack}/texts/pl")).json()
    assert [text["state"] for text in shown["texts"]] == [state, "missing"]


async def _adapted(trainer: workshop.Desk) -> None:
    """Make the pack an adaptation of another one."""
    ancestor = Ancestor(pack=uuid7(), version=1, title="Seas", authors=["First", "Second"], licence="CC-BY-4.0")
    row: dict[Any, Any] = {
        Pack.lineage: msgspec.json.encode([ancestor]).decode(),
        Pack.authors: '["First", "Second", "Somebody"]',
    }
    async with transaction() as tx:
        await Pack.update(row).where(Pack.id == UUID(trainer.pack))
        tx.touched(SpaceKey("library", UUID(trainer.pack)), "pack", UUID(trainer.pack))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"licence": "CC0-1.0"}, (409, "licence_kept")),
        ({"licence": "CC-BY-4.0"}, (200, None)),
        ({"authors": ["Somebody"]}, (409, "authors_kept")),
        ({"authors": ["Second", "First"]}, (409, "authors_kept")),
        ({"authors": ["Me", "First", "Second"]}, (409, "authors_kept")),
        ({"authors": ["First", "Second"]}, (200, None)),
        ({"authors": ["First", "Second", "Me"]}, (200, None)),
    ],
)
async def test_an_adaptation_keeps_its_licence_and_its_first_authors(
    app: TestApp, change: dict[str, Any], expected: tuple[int, str | None]
) -> None:
    trainer = await desk(app)
    await _adapted(trainer)

    answer = await trainer.client.patch(f"/packs/{trainer.pack}", json=change, headers=ANY)

    assert (answer.status_code, answer.json().get("code")) == expected


async def test_a_pack_that_is_made_private_is_gone_from_the_public_library_at_once(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    await trainer.activity()
    await publish_pack(UUID(trainer.pack))
    path = f"/packs/{trainer.pack}"

    await trainer.client.patch(path, json={"public": False}, headers=ANY)

    assert [(await client.get(path)).status_code for client in (app.anybody, trainer.client)] == [404, 200]


async def test_writing_wakes_no_phone_and_no_shelf(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    libraries = [SpaceKey("library", owner) for owner in (PUBLIC, trainer.organisation)]
    before = [await version_of(library) for library in libraries]

    made = await trainer.activity()
    await trainer.change(made, energy="lively")
    await trainer.client.patch(f"/packs/{trainer.pack}", json={"licence": "CC0-1.0"}, headers=ANY)
    await trainer.client.delete(f"/activities/{made['id']}")

    assert [await version_of(library) for library in libraries] == before


async def test_writers_list_the_packs_of_their_organisations_and_no_others(app: TestApp) -> None:
    other, trainer = await desk(app), await desk(app)
    second = await trainer.client.post("/packs", json=workshop.pack(trainer.organisation, slug="lakes"))
    await make.small_pack()

    first = (await trainer.client.get("/packs?view=workshop&limit=1")).json()
    rest = (await trainer.client.get(f"/packs?view=workshop&limit=1&cursor={first['next_cursor']}")).json()

    assert [pack["id"] for page in (first, rest) for pack in page["items"]] == [trainer.pack, second.json()["id"]]
    assert (rest.get("next_cursor"), first["items"][0]["texts"]["title"]) == (None, "Rivers")
    assert [pack["id"] for pack in (await other.client.get("/packs?view=workshop")).json()["items"]] == [other.pack]


async def test_a_pack_is_written_in_a_language_that_is_known(app: TestApp) -> None:
    trainer = await desk(app)

    answer = await trainer.client.post("/packs", json=workshop.pack(trainer.organisation, source_locale="xx-YY"))

    assert pointers(answer) == [("/source_locale", "unknown_language")]


async def test_the_same_key_begins_one_pack_and_writes_one_activity(app: TestApp) -> None:
    trainer = await desk(app)
    key = {"idempotency-key": "b1946ac9"}
    packs = [
        await trainer.client.post("/packs", json=workshop.pack(trainer.organisation), headers=key) for _ in range(2)
    ]
    activities = [
        await trainer.client.post("/activities", json=workshop.activity(trainer.pack), headers=key) for _ in range(2)
    ]

    assert [answer.status_code for answer in (*packs, *activities)] == [201] * 4
    assert [packs[0].json(), activities[0].json()] == [packs[1].json(), activities[1].json()]
    assert len((await trainer.read_pack())["activities"]) == 1
