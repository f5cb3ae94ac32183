"""Who translates or edits the same at once: one wins, the others see what is there now."""

import asyncio

import pytest

from tests import make
from tests.activities.translating.translated import edit, progress, texts, world
from tests.client import TestApp
from yema.activities.actions.rows.activities import remove_activities
from yema.activities.actions.translating import write_texts
from yema.activities.queries.translating import texts_of
from yema.activities.queries.writing import pack_written_by
from yema.activities.schemas.translations import TextsDraft
from yema.changes import transaction
from yema.errors import NotFound, Stale


async def test_a_change_needs_if_match(app: TestApp) -> None:
    here = await world()

    answer = await (await app.as_(here.trainer)).put(texts(here), json={"texts": {}})

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


async def test_who_was_slower_sees_what_is_there_now(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    etag = (await client.get(texts(here))).headers["etag"]
    body = {"texts": {str(here.block("title")): "Namensfluss"}}
    won = await client.put(texts(here), json=body, headers={"if-match": etag})

    lost = await client.put(texts(here), json=body, headers={"if-match": etag})

    assert (won.status_code, lost.status_code, lost.json()["current"]) == (200, 412, won.json())


async def test_a_translator_hears_that_the_source_has_changed_in_the_meantime(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    etag = (await client.get(texts(here))).headers["etag"]
    await edit(client, here, "Sit down.")

    body = {"texts": {str(here.block("step-1")): "Stellt euch auf."}}
    answer = await client.put(texts(here), json=body, headers={"if-match": etag})

    assert (answer.status_code, answer.json()["current"]["texts"][2]["source"]) == (412, "Sit down.")


@pytest.mark.parametrize("locale", ["pl", "en"])
async def test_of_64_at_once_one_wins(app: TestApp, locale: str) -> None:
    here = await world()
    pack = await pack_written_by(make.signed_in(here.trainer), here.pack)
    view = (await (await app.as_(here.trainer)).get(texts(here, locale))).json()

    async def translate(number: int) -> int | None:
        draft = TextsDraft(texts={here.block("title"): f"Title {number}"})
        try:
            await write_texts(pack, here.activity, locale, draft, view["version"])
        except Stale:
            return None
        return number

    won = [number for number in await asyncio.gather(*map(translate, range(64))) if number is not None]

    after = (await (await app.as_(here.trainer)).get(texts(here, locale))).json()
    assert [len(won), after["version"], after["texts"][0]["text"]] == [1, view["version"] + 1, f"Title {won[0]}"]


async def test_who_edits_the_source_and_who_translates_do_not_lock_each_other_out(app: TestApp) -> None:
    here = await world()
    pack = await pack_written_by(make.signed_in(here.trainer), here.pack)
    blocks = [here.block(key) for key in ("step-1", "title", "summary")]

    async def write(number: int) -> None:
        draft = TextsDraft(texts=dict.fromkeys(blocks[number % 2 :], f"Text {number}"), minor=True)
        await write_texts(pack, here.activity, ("en", "de", "pl")[number % 3], draft, None)

    await asyncio.gather(*map(write, range(60)))

    assert await progress(await app.as_(here.trainer), here) == {"en": (5, 0, 0), "de": (3, 0, 2), "pl": (3, 0, 2)}


async def test_who_was_overtaken_by_the_end_of_an_activity_finds_nothing(app: TestApp) -> None:
    here = await world()
    pack = await pack_written_by(make.signed_in(here.trainer), here.pack)
    async with transaction():
        await remove_activities(here.pack, [here.activity])

    with pytest.raises(NotFound):
        await texts_of(pack, here.activity, "de")
    with pytest.raises(NotFound):
        await write_texts(pack, here.activity, "de", TextsDraft(), None)
