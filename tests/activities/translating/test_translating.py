"""Translating over HTTP: states, progress and texts."""

from typing import Any

import httpx
import pytest

from tests.activities.translating.translated import ANY, STEP, SUMMARY, World, edit, progress, texts, world
from tests.client import TestApp
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.rows.activities import remove_activities
from yema.changes import transaction
from yema.ids import uuid7


async def states(client: httpx.AsyncClient, here: World, locale: str = "de") -> dict[str, str]:
    """State by key."""
    return {text["key"]: text["state"] for text in (await client.get(texts(here, locale))).json()["texts"]}


async def test_progress_says_how_many_texts_are_fresh_stale_and_missing(app: TestApp) -> None:
    here = await world(translated=("title", "step-1"))
    client = await app.as_(here.trainer)
    await publish_pack(here.pack, ["en"])
    await edit(client, here, "Sit down.")

    answer = await client.get(f"/packs/{here.pack}/translations?locale=pl")

    numbers = {"total": 5, "stale": 0, "missing": 0}
    assert answer.json() == {
        "source_locale": "en",
        "items": [
            {"locale": "en", "name": "angielski", **numbers, "fresh": 5, "published": True},
            {"locale": "de", "name": "niemiecki", **numbers, "fresh": 1, "stale": 1, "missing": 3, "published": False},
        ],
    }


async def test_a_language_is_published_when_the_latest_version_has_it(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    await publish_pack(here.pack)

    items = (await client.get(f"/packs/{here.pack}/translations")).json()["items"]

    assert [(item["locale"], item["published"]) for item in items] == [("en", True), ("de", True)]


async def test_progress_is_that_of_now(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    first = await progress(client, here)
    await edit(client, here, "Sit down.")
    edited = await progress(client, here)
    async with transaction():
        await remove_activities(here.pack, [here.activity])

    assert [first, edited, await progress(client, here)] == [
        {"en": (5, 0, 0), "de": (3, 0, 2)},
        {"en": (5, 0, 0), "de": (2, 1, 2)},
        {"en": (2, 0, 0)},
    ]


async def test_texts_come_with_their_source_and_state(app: TestApp) -> None:
    here = await world(translated=("summary", "step-1"))
    client = await app.as_(here.trainer)
    await edit(client, here, "Stand in a wide circle and say your name.")

    answer = await client.get(texts(here))

    body = answer.json()
    assert {**body, "texts": None, "version": None} == {
        "id": str(here.activity),
        "pack": str(here.pack),
        "locale": "de",
        "source_locale": "en",
        "version": None,
        "texts": None,
    }
    assert answer.headers["etag"].startswith(f'"{body["version"]}-')
    assert body["texts"] == [
        {
            "block": str(here.block("title")),
            "key": "title",
            "kind": "title",
            "source": "Name River",
            "state": "missing",
        },
        {
            "block": str(here.block("summary")),
            "key": "summary",
            "kind": "summary",
            "source": SUMMARY,
            "state": "fresh",
            "text": "summary auf de",
        },
        {
            "block": str(here.block("step-1")),
            "key": "step-1",
            "kind": "step",
            "source": "Stand in a wide circle and say your name.",
            "state": "stale",
            "text": "step-1 auf de",
            "source_before": STEP,
            "difference": [
                {"op": "same", "text": "Stand in a "},
                {"op": "added", "text": "wide "},
                {"op": "same", "text": "circle and say your name."},
            ],
            "minutes": 5,
        },
    ]


async def test_a_text_that_is_sent_is_fresh(app: TestApp) -> None:
    here = await world(translated=("title", "step-1"))
    client = await app.as_(here.trainer)
    await edit(client, here, "Sit down.")

    body = {"texts": {str(here.block("step-1")): " Setzt euch.\r\n", str(here.block("title")): ""}}
    answer = await client.put(texts(here), json=body, headers=ANY)

    found = {text["key"]: (text["state"], text.get("text")) for text in answer.json()["texts"]}
    assert found == {"title": ("missing", None), "summary": ("missing", None), "step-1": ("fresh", "Setzt euch.")}


async def test_a_translation_that_still_holds_is_confirmed(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    await edit(client, here, "Stand in a circle, and say your name!")

    answer = await client.put(texts(here), json={"confirmed": [str(here.block("step-1"))]}, headers=ANY)

    step = answer.json()["texts"][2]
    assert (step["state"], step["text"]) == ("fresh", "step-1 auf de")


@pytest.mark.parametrize(
    ("text", "minor", "state"),
    [
        ("Sit down.", False, "stale"),
        ("Sit down.", True, "fresh"),
        (f" {STEP}\n", False, "fresh"),
        (STEP, True, "fresh"),
    ],
)
async def test_editing_the_source_makes_stale_what_was_made_from_it(
    app: TestApp, text: str, minor: bool, state: str
) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    await edit(client, here, text, minor=minor)

    assert await states(client, here) == {"title": "fresh", "summary": "fresh", "step-1": state}


async def test_a_minor_edit_does_not_freshen_what_was_stale(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    await edit(client, here, "Sit down.")

    await edit(client, here, "Sit down!", minor=True)

    assert (await states(client, here))["step-1"] == "stale"


async def test_the_packs_own_words_are_translated_too(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    view = (await client.get(f"/packs/{here.pack}/texts/pl")).json()
    title = view["texts"][0]["block"]

    answer = await client.put(
        f"/packs/{here.pack}/texts/pl", json={"texts": {title: "Mała"}}, headers={"if-match": f'"{view["version"]}-x"'}
    )

    assert [(text["key"], text["source"], text.get("text")) for text in answer.json()["texts"]] == [
        ("title", "Small", "Mała"),
        ("summary", "A small pack.", None),
    ]


async def test_the_packs_own_words_are_changed_in_its_own_language(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    view = (await client.get(f"/packs/{here.pack}/texts/en")).json()
    title = view["texts"][0]["block"]

    answer = await client.put(f"/packs/{here.pack}/texts/en", json={"texts": {title: "Tiny"}}, headers=ANY)

    assert (answer.json()["version"], answer.json()["texts"][0]["source"]) == (view["version"] + 1, "Tiny")


async def wrong(here: World) -> dict[str, tuple[str, dict[str, Any], list[tuple[str, str]]]]:
    """Locale and body that are refused, and what with."""
    title, step, nobody = here.block("title"), here.block("step-1"), uuid7()
    return {
        "unknown": ("de", {"texts": {str(nobody): "x"}}, [(f"/texts/{nobody}", "unknown_block")]),
        "long title": ("de", {"texts": {str(title): "x" * 201}}, [(f"/texts/{title}", "too_long")]),
        "no source": ("en", {"texts": {str(step): " "}}, [(f"/texts/{step}", "required")]),
        "nothing there": ("pl", {"confirmed": [str(step)]}, [("/confirmed/0", "nothing_to_confirm")]),
        "unknown, confirmed": ("pl", {"confirmed": [str(nobody)]}, [("/confirmed/0", "unknown_block")]),
        "NUL": ("de", {"texts": {str(step): "a\0b"}}, [("/texts/...", "bad_characters")]),
    }


@pytest.mark.parametrize("what", ["unknown", "long title", "no source", "nothing there", "unknown, confirmed", "NUL"])
async def test_what_is_no_text_is_refused_with_its_block(app: TestApp, what: str) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    locale, body, errors = (await wrong(here))[what]
    before = (await client.get(texts(here))).json()

    answer = await client.put(texts(here, locale), json=body, headers=ANY)

    assert (answer.status_code, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]) == (400, errors)
    assert (await client.get(texts(here))).json() == before
