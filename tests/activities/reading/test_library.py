"""The library in the reader's language."""

from pathlib import Path
from typing import Any
from uuid import UUID

import polib
import pytest
import yaml

from tests import make
from tests.activities import packs
from tests.client import TestApp
from yema.activities.pack.source import block_id


async def _titles(app: TestApp, query: str = "", **headers: str) -> list[tuple[str, str]]:
    answer = await app.anybody.get(f"/activities?{query}", headers=headers)
    return [(card["title"], card["locale"]) for card in answer.json()["items"]]


@pytest.mark.parametrize(
    ("headers", "title", "locale"),
    [
        ({}, "Name River", "en"),
        ({"accept-language": "pl"}, "Rzeka imion", "pl"),
        ({"accept-language": "pl-PL, en;q=0.5"}, "Rzeka imion", "pl"),
        ({"accept-language": "uk;q=0.4, de;q=0.9"}, "Namensfluss", "de"),
        ({"accept-language": "ar-EG"}, "نهر الأسماء", "ar"),
        ({"accept-language": "sv"}, "Name River", "en"),
        ({"accept-language": "sv, uk;q=0.1"}, "Ріка імен", "uk"),
    ],
)
async def test_a_card_is_in_the_best_language_that_the_pack_has(
    app: TestApp, headers: dict[str, str], title: str, locale: str
) -> None:
    await make.pack()

    answer = await app.anybody.get("/activities?limit=1", headers=headers)

    [card] = answer.json()["items"]
    assert (card["title"], card["locale"], answer.headers["content-language"]) == (title, locale, locale)


async def test_the_language_in_the_query_goes_before_the_header_and_the_header_before_the_persons(app: TestApp) -> None:
    await make.pack()
    person = await app.as_(await make.person(locale="uk"))
    german = {"accept-language": "de"}

    answers = [
        await person.get("/activities?limit=1&locale=pl", headers=german),
        await person.get("/activities?limit=1", headers=german),
        await person.get("/activities?limit=1"),
    ]

    assert [answer.json()["items"][0]["locale"] for answer in answers] == ["pl", "de", "uk"]


async def test_a_block_without_a_translation_stands_in_the_source_language_and_says_so(
    app: TestApp, tmp_path: Path
) -> None:
    place = packs.copy(tmp_path)
    path = place / "po" / "pl.po"
    entries = polib.pofile(str(path))
    activity = UUID(yaml.safe_load((place / "activities" / "name-river.yaml").read_text("utf-8"))["id"])
    entries.remove(next(entry for entry in entries if entry.msgctxt == str(block_id(activity, "aim"))))
    entries.save(str(path))
    await packs.published(place)
    [card] = (await app.anybody.get("/activities?limit=1&locale=pl")).json()["items"]

    shown = (await app.anybody.get(f"/activities/{card['id']}?locale=pl")).json()

    kinds = {block["kind"]: block["locale"] for block in shown["blocks"]}
    assert {kind for kind, locale in kinds.items() if locale != "pl"} == {"aim"}
    assert (kinds["aim"], shown["locale"], card["locale"]) == ("en", "pl", "pl")


async def test_a_card_whose_title_is_not_translated_says_so(app: TestApp, tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a", "Tag"), packs.activity("b", "Chain"))
    packs.po(place, "pl", b__title=("Chain", "Łańcuch"))
    await packs.published(place)

    assert await _titles(app, "locale=pl") == [("Tag", "en"), ("Łańcuch", "pl")]


async def test_an_activity_in_full_has_what_its_file_says(app: TestApp) -> None:
    await make.small_pack()
    [card, *_] = (await app.anybody.get("/activities")).json()["items"]

    activity = (await app.anybody.get(f"/activities/{card['id']}")).json()

    assert {name: activity[name] for name in card} == card
    assert [activity[name] for name in ("slug", "version", "licence", "authors")] == [
        "name-river",
        1,
        "CC-BY-4.0",
        ["YEMA contributors"],
    ]
    assert {block["locale"] for block in activity["blocks"]} == {"en"}


async def test_an_activity_that_is_not_there_is_404(app: TestApp) -> None:
    await make.small_pack()

    assert (await app.anybody.get(f"/activities/{packs.activity('x')['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Łódź by Night", "Quiet Ørsted", "Straßenfest"]),
        ("q=lodz", ["Łódź by Night"]),
        ("q=LODZ", ["Łódź by Night"]),
        ("q=%C5%81%C3%93D%C5%B9", ["Łódź by Night"]),
        ("q=night+lodz", ["Łódź by Night"]),
        ("q=orsted", ["Quiet Ørsted"]),
        ("q=strassen", ["Straßenfest"]),
        ("q=lodz+orsted", []),
        ("q=%20", ["Łódź by Night", "Quiet Ørsted", "Straßenfest"]),
        ("energy=calm", ["Quiet Ørsted"]),
        ("setting=online", ["Quiet Ørsted"]),
        ("minutes_max=4", []),
        ("minutes_max=5", ["Łódź by Night", "Straßenfest"]),
        ("group_size=30&age=12", ["Łódź by Night", "Quiet Ørsted", "Straßenfest"]),
        ("group_size=31", []),
        ("age=11", []),
        ("tag=city", ["Łódź by Night"]),
        ("competence=digital&method=discussion", ["Quiet Ørsted"]),
        ("competence=digital&method=energiser", []),
        ("pack=0199a3c0-264a-72b9-89ce-512e2f6201d0", []),
    ],
)
async def test_a_search_finds_what_fits(app: TestApp, tmp_path: Path, query: str, found: list[str]) -> None:
    quiet: dict[str, Any] = {
        "energy": "calm",
        "settings": ["online", "indoor"],
        "minutes": {"min": 50, "max": 60},
        "method": "discussion",
        "competences": ["digital"],
    }
    await packs.published(
        packs.folder(
            tmp_path,
            packs.activity("a", "Łódź by Night", tags=["city"]),
            packs.activity("b", "Quiet Ørsted", **quiet),
            packs.activity("c", "Straßenfest"),
        )
    )

    assert [title for title, _ in await _titles(app, query)] == found


async def test_a_search_is_in_the_language_that_is_read(app: TestApp) -> None:
    await make.pack()

    assert await _titles(app, "q=rzeka+imion&locale=pl") == [("Rzeka imion", "pl")]
    assert await _titles(app, "q=rzeka+imion&locale=de") == []


async def test_an_empty_library_is_an_empty_list(app: TestApp) -> None:
    facets: dict[str, dict[str, int]] = {
        name: {} for name in ("method", "competence", "setting", "energy", "tag", "pack")
    }
    assert (await app.anybody.get("/activities")).json() == {"items": [], "facets": facets}
