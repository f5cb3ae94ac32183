"""Sealed words open where they belong, with the keys of this house, and nowhere else."""

from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import world
from tests.journals.diary import Author, author, without_request
from yema.app import create_asgi
from yema.changes import SpaceKey, transaction
from yema.house import open_house
from yema.ids import uuid7
from yema.journals.tables import Revision
from yema.settings import Settings
from yema.vault import keyring

WITHOUT_WORDS = {
    "type": "urn:yema:problem:not_found",
    "title": "There is nothing here.",
    "status": 404,
    "code": "not_found",
}


async def move(source: tuple[UUID, int], target: tuple[UUID, int]) -> None:
    """Put the sealed words of one revision into the row of another, as a thief with the database could."""
    entry, number = source
    [row] = await Revision.select(Revision.sealed).where(Revision.entry == entry, Revision.number == number)
    entry, number = target
    async with transaction() as tx:
        await Revision.update({Revision.sealed: row["sealed"]}).where(
            Revision.entry == entry, Revision.number == number
        )
        tx.touched(SpaceKey("person", entry), "entry", entry)


@pytest.mark.parametrize("origin", ["another entry", "an older revision", "another person"])
async def test_sealed_words_that_were_moved_do_not_open(app: TestApp, origin: str) -> None:
    w = await world()
    writer, other = await author(app, w.participant, w.exchange), await author(app, w.groupmate, w.exchange)
    entry = await writer.write("First")
    await writer.write("Second", entry)
    source = {
        "another entry": (await writer.write("Elsewhere"), 1),
        "an older revision": (entry, 1),
        "another person": (await other.write("Theirs"), 1),
    }[origin]

    await move(source, (entry, 2))

    answer = await writer.client.get(f"/journal/entries/{entry}")
    assert (answer.status_code, without_request(answer.json())) == (404, WITHOUT_WORDS)


async def test_one_page_that_does_not_open_leaves_the_others_open(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    broken, whole = await writer.write("Broken"), await writer.write("Whole")

    await move((whole, 1), (broken, 1))

    listed = (await writer.client.get("/journal/entries")).json()["items"]
    assert [item["text"] for item in listed] == ["Whole"]


async def test_sealed_words_that_were_not_moved_open(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.write("First")

    await move((entry, 1), (entry, 1))

    assert (await writer.client.get(f"/journal/entries/{entry}")).json()["text"] == "First"


async def write_and_close(settings: Settings) -> tuple[UUID, UUID]:
    """A house with one page in it, closed again; the author and the page."""
    async with open_house(settings):
        app = TestApp(create_asgi(settings))
        exchange = await make.exchange()
        person = await make.participant(exchange)
        entry = await Author(await app.as_(person), exchange).write("Mine")
        await app.close()
    return person, entry


async def reopen_and_read(settings: Settings, person: UUID, entry: UUID) -> list[tuple[int, str | None]]:
    """Status and text of the page alone, and of the list."""
    async with open_house(settings):
        app = TestApp(create_asgi(settings))
        client = await app.as_(person)
        single, listed = await client.get(f"/journal/entries/{entry}"), await client.get("/journal/entries")
        await app.close()
        texts = [item["text"] for item in listed.json().get("items", [])]
        return [(single.status_code, single.json().get("text")), (listed.status_code, "".join(texts) or None)]


async def test_the_same_keys_open_a_diary_again(settings: Settings) -> None:
    person, entry = await write_and_close(settings)

    assert await reopen_and_read(settings, person, entry) == [(200, "Mine"), (200, "Mine")]


async def test_a_stolen_database_and_keyring_open_nothing_without_the_key(settings: Settings) -> None:
    person, entry = await write_and_close(settings)

    (settings.keys_folder / "journals.key").write_bytes(bytes(range(32)))

    assert await reopen_and_read(settings, person, entry) == [(500, None), (500, None)]


async def test_a_stolen_database_opens_nothing_without_the_keyring(settings: Settings) -> None:
    person, entry = await write_and_close(settings)

    for file in settings.data.glob("keyring.sqlite*"):
        file.unlink()
    (settings.data / "keyring.sqlite").touch()  # without any, the house does not even open

    assert await reopen_and_read(settings, person, entry) == [(404, None), (200, None)]


async def test_what_an_erased_person_shared_is_absent(app: TestApp) -> None:
    w = await world()
    goes, stays = await author(app, w.participant, w.exchange), await author(app, w.groupmate, w.exchange)
    kept = [await stays.shared("leader", "Stays")]
    erased = [await goes.shared("leader", "Goes") for _ in range(3)]
    kept.append(await stays.shared("leader", "Stays too"))
    leader = await app.as_(w.leader)
    await leader.post(f"/reflections/{erased[0]}/feedback", json={"text": "Well done"})

    await keyring().destroy_key(w.participant)

    first = (await leader.get(f"/exchanges/{w.exchange}/reflections", params={"limit": "1"})).json()
    params = {"limit": "1", "cursor": first["next_cursor"]}
    second = (await leader.get(f"/exchanges/{w.exchange}/reflections", params=params)).json()
    alone = [
        await leader.get(f"/reflections/{erased[0]}"),
        await leader.get(f"/reflections/{erased[0]}/feedback"),
        await leader.post(f"/reflections/{erased[0]}/feedback", json={"text": "Well done"}),
    ]
    found = [UUID(item["id"]) for page in (first, second) for item in page["items"]]
    assert (found, "next_cursor" in second, [answer.status_code for answer in alone]) == (
        [kept[1], kept[0]],
        False,
        [404, 404, 404],
    )


async def test_an_erased_diary_is_empty_for_its_author(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("leader")

    await keyring().destroy_key(w.participant)

    listed = (await writer.client.get("/journal/entries")).json()
    path, body = f"/journal/entries/{entry}", make.entry(w.exchange)
    answers = [
        await writer.client.get(path),
        await writer.client.put(path, json=body),
        await writer.client.put(f"/journal/entries/{uuid7()}", json=body),
        await writer.client.get(f"/reflections/{entry}/feedback"),
    ]
    assert (listed, [answer.status_code for answer in answers]) == ({"items": []}, [404] * 4)
