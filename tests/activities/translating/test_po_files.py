"""PO files over HTTP: what translators get, send back and are told."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import polib
import pytest

from tests import make
from tests.activities.translating.translated import World, activity, source, world
from tests.client import TestApp
from yema.activities.actions import translating
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import Translation
from yema.activities.translating.po import Taken, po_of, translations_in

ANY = {"if-match": "*"}
PO = {"content-type": "text/x-gettext-translation; charset=utf-8"}


def file_of(here: World, locale: str = "de") -> str:
    return f"/packs/{here.pack}/translations/{locale}.po"


async def stale_step(client: httpx.AsyncClient, here: World) -> None:
    await client.put(
        f"/activities/{here.activity}/texts/en",
        json={"texts": {str(here.block("step-1")): "Sit down."}},
        headers=ANY,
    )


async def kept(client: httpx.AsyncClient, here: World, locale: str = "de") -> list[tuple[str, str | None]]:
    """(state, text) of title, summary and step."""
    answer = await client.get(f"/activities/{here.activity}/texts/{locale}")
    return [(text["state"], text.get("text")) for text in answer.json()["texts"]]


def edited(text: str, tmp_path: Path, texts: dict[str, str]) -> bytes:
    """The file as an editor saves it: with other texts of the activity, by their keys, that are not fuzzy any more."""
    place = tmp_path / "edited.po"
    place.write_text(text, "utf-8")
    file = polib.pofile(str(place))
    for entry in file:
        for key, new in texts.items():
            if entry.comment.startswith("Activity") and entry.comment.endswith(f"Key: {key}"):
                entry.msgstr, entry.flags, entry.previous_msgid = new, [], None
    file.save()
    return place.read_bytes()


async def test_a_translator_gets_a_po_file(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    answer = await client.get(file_of(here))

    assert answer.text == po_of(here.source, "de")
    assert [answer.headers[name] for name in ("content-type", "content-disposition", "content-language")] == [
        "text/x-gettext-translation; charset=utf-8",
        'attachment; filename="small.de.po"',
        "de",
    ]


async def test_the_same_content_gives_the_same_file(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    first = await client.get(file_of(here))

    again = await client.get(file_of(here), headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
async def test_a_po_file_travels_in_the_encoding_that_was_asked_for(app: TestApp, encoding: str) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    answer = await client.get(file_of(here), headers={"accept-encoding": encoding})

    assert (answer.headers.get("content-encoding", "identity"), answer.text) == (encoding, po_of(here.source, "de"))


async def test_a_language_that_nobody_has_begun_is_an_empty_file(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    assert {entry.msgstr for entry in polib.pofile((await client.get(file_of(here, "uk"))).text)} == {""}


async def test_a_po_file_that_comes_back_translates(app: TestApp, tmp_path: Path) -> None:
    here = await world(translated=("title", "step-1"))
    client = await app.as_(here.trainer)
    await stale_step(client, here)
    file = edited((await client.get(file_of(here))).text, tmp_path, {"summary": "Alle Namen.", "step-1": "Setzt euch."})

    answer = await client.put(file_of(here), content=file, headers=PO)

    body = answer.json()
    assert (body["preview"], body["taken"], body["replaced"], body["stale"]) == (False, 2, 1, [])
    assert [note["code"] for note in body["not_taken"]] == ["empty", "empty", "unchanged"]
    assert body["progress"] == {
        "locale": "de",
        "name": "German",
        "fresh": 3,
        "stale": 0,
        "missing": 2,
        "total": 5,
        "published": False,
    }
    assert await kept(client, here) == [("fresh", "title auf de"), ("fresh", "Alle Namen."), ("fresh", "Setzt euch.")]


async def test_what_was_not_taken_is_told_in_the_readers_language_with_its_line(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    await stale_step(client, here)
    text = (await client.get(file_of(here))).text

    answer = await client.put(file_of(here), content=text.encode(), headers=PO)

    notes = [(note["line"], note["context"], note["code"]) for note in answer.json()["not_taken"]]
    lines = text.split("\n")
    assert [code for *_, code in notes] == ["empty", "empty", "unchanged", "unchanged", "fuzzy"]
    assert [lines[line - 1] for line, *_ in notes] == [f'msgctxt "{context}"' for _, context, _ in notes]


async def test_a_preview_says_the_same_and_changes_nothing(app: TestApp, tmp_path: Path) -> None:
    here = await world(translated=("title",))
    client = await app.as_(here.trainer)
    before = await kept(client, here)
    file = edited((await client.get(file_of(here))).text, tmp_path, {"summary": "Alle Namen.", "title": "Fluss"})

    preview = await client.put(f"{file_of(here)}?preview=true", content=file, headers=PO)
    unchanged = await kept(client, here)
    done = await client.put(file_of(here), content=file, headers=PO)

    assert (preview.json(), unchanged) == ({**done.json(), "preview": True}, before)
    assert (await kept(client, here))[:2] == [("fresh", "Fluss"), ("fresh", "Alle Namen.")]


async def test_a_malformed_file_changes_nothing_and_every_fault_is_named(app: TestApp, tmp_path: Path) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    before = await kept(client, here)
    file = edited((await client.get(file_of(here))).text, tmp_path, {"title": "Fluss"})
    end = file.count(b"\n")

    answer = await client.put(file_of(here), content=file + b'\nmsgid "a\nfoo\nmsgstr "\xff"\n', headers=PO)

    assert (answer.status_code, answer.json()["code"]) == (400, "po_malformed")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        (f"/lines/{end + 2}", "bad_text"),
        (f"/lines/{end + 3}", "bad_line"),
        (f"/lines/{end + 4}", "not_utf8"),
    ]
    assert await kept(client, here) == before


async def test_a_file_in_another_language_is_refused(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    file = (await client.get(file_of(here))).content

    answer = await client.put(file_of(here, "pl"), content=file, headers=PO)

    assert [error["code"] for error in answer.json()["errors"]] == ["other_language"]
    assert await kept(client, here, "pl") == [("missing", None)] * 3


async def test_a_text_made_from_an_older_source_is_taken_as_stale(app: TestApp, tmp_path: Path) -> None:
    here = await world(translated=("title",))
    client = await app.as_(here.trainer)
    file = edited((await client.get(file_of(here))).text, tmp_path, {"step-1": "Stellt euch auf."})
    await stale_step(client, here)

    body = (await client.put(file_of(here), content=file, headers=PO)).json()

    assert ([note["code"] for note in body["stale"]], (await kept(client, here))[2]) == (
        ["older_source"],
        ("stale", "Stellt euch auf."),
    )


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_pack_is_not_translated_into_its_own_language(app: TestApp, method: str) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    answer = await client.request(method, file_of(here, "en"), headers=PO)

    assert (answer.status_code, answer.json()["code"]) == (409, "source_language")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("text/x-po", 200), ("text/plain; charset=utf-8", 200), ("application/json", 415), ("", 415), ("text/html", 415)],
)
async def test_only_what_is_said_to_be_a_po_file_is_one(app: TestApp, kind: str, status: int) -> None:
    here = await world()

    answer = await (await app.as_(here.trainer)).put(file_of(here), content=b"", headers={"content-type": kind})

    assert answer.status_code == status


@pytest.mark.parametrize("name", ["de", "de.mo", ".po", "xx.po", "de.po.po"])
async def test_a_file_is_named_by_its_language(app: TestApp, name: str) -> None:
    here = await world()

    answer = await (await app.as_(here.trainer)).get(f"/packs/{here.pack}/translations/{name}")

    assert answer.status_code == 404


async def test_a_po_file_may_be_larger_than_other_bodies(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    mebibyte = (b"# " + b"x" * (1024 - 3) + b"\n") * 1024

    answers = [await client.put(file_of(here), content=mebibyte * n, headers=PO) for n in (8, 9)]

    assert [answer.status_code for answer in answers] == [200, 413]


async def test_a_file_says_nothing_about_other_activities(app: TestApp) -> None:
    organisation = await make.organisation()
    one, other = activity("one"), activity("other")
    made = source(one, other)
    await store_pack(made, organisation=organisation, public=False)
    client = await app.as_(await make.staff(organisation))
    before = (await client.get(f"/activities/{other.id}/texts/de")).json()
    made.translations["de"] = {
        t.id: Translation(text="x", source=t.block.text) for t in made.texts() if t.activity is one
    }

    body: dict[str, Any] = (
        await client.put(f"/packs/{made.head.id}/translations/de.po", content=po_of(made, "de").encode(), headers=PO)
    ).json()

    assert (body["taken"], (await client.get(f"/activities/{other.id}/texts/de")).json()) == (3, before)


@pytest.mark.parametrize("begun", [("title", "step-1"), ("title",)])
async def test_what_somebody_translates_while_a_file_is_compared_stays(
    app: TestApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: tuple[str, ...]
) -> None:
    here = await world(translated=begun)
    client = await app.as_(here.trainer)
    file = edited((await client.get(file_of(here))).text, tmp_path, {"summary": "Alle Namen.", "step-1": "Setzt euch."})
    meanwhile(monkeypatch, lambda: translate_step(client, here, "Bitte setzt euch."))

    answer = await client.put(file_of(here), content=file, headers=PO)

    body = answer.json()
    left = [note["context"] for note in body["not_taken"] if note["code"] == "changed_meanwhile"]
    assert (body["taken"], body["replaced"], body["progress"]["fresh"], left) == (1, 0, 3, [str(here.block("step-1"))])
    assert (await kept(client, here))[1:] == [("fresh", "Alle Namen."), ("fresh", "Bitte setzt euch.")]


async def test_texts_that_went_while_a_file_was_compared_are_not_taken(
    app: TestApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await world(translated=("title",))
    client = await app.as_(here.trainer)
    file = edited((await client.get(file_of(here))).text, tmp_path, {"step-1": "Setzt euch."})
    meanwhile(monkeypatch, lambda: client.delete(f"/activities/{here.activity}", headers=ANY))

    body = (await client.put(file_of(here), content=file, headers=PO)).json()

    codes = {note["context"]: note["code"] for note in body["not_taken"]}
    assert (body["taken"], codes[str(here.block("step-1"))]) == (0, "unknown_block")


async def translate_step(client: httpx.AsyncClient, here: World, text: str) -> None:
    body = {"texts": {str(here.block("step-1")): text}}
    await client.put(f"/activities/{here.activity}/texts/de", json=body, headers=ANY)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Let something happen after a file was compared, and before its texts are written."""
    loop = asyncio.get_running_loop()

    def compared(*args: Any, **more: Any) -> Taken:
        taken = translations_in(*args, **more)
        asyncio.run_coroutine_threadsafe(happens(), loop).result(10)
        return taken

    monkeypatch.setattr(translating, "translations_in", compared)
