"""The migration that gave packs blocks of their own carries along what had been written before."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid5

import pytest

from yema.activities.queries.source import read_source
from yema.activities.rules import source_hash
from yema.database import Statement, close_database, engine, execute, open_database
from yema.database import migrations as machinery
from yema.ids import now, uuid7
from yema.settings import Settings

BEFORE = "2026-11-21T10:35:00:000000"
PACK = uuid7()
ACTIVITY = uuid7()


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an empty database."""
    if database_kind == "sqlite":
        yield Settings(data=tmp_path)
        return
    server = request.getfixturevalue("postgres_server")
    yield Settings(data=tmp_path, database_url=server.create("yema_before"))
    server.drop("yema_before")


@pytest.fixture
async def opened(empty: Settings) -> AsyncIterator[None]:
    """That database, open."""
    await open_database(empty)
    yield
    await close_database()


async def test_texts_of_packs_and_blocks_move_and_stale_ones_stay_stale(
    opened: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(machinery._modules())
    with monkeypatch.context() as patch:
        patch.setattr(
            machinery, "_modules", lambda: iter([m for m in every if m[0] != "activities" or m[1].ID < BEFORE])
        )
        await machinery.migrate()
    await _as_it_was()

    await machinery.migrate()

    source = await read_source(PACK)
    texts = {text.block.key if text.activity else f"pack {text.block.key}": text.block.text for text in source.texts()}
    assert texts == {"pack title": "Days", "pack summary": "Some.", "title": "River", "summary": "Names."}
    assert {
        locale: {block: (found.text, found.source) for block, found in there.items()}
        for locale, there in source.translations.items()
    } == {
        "pl": {
            uuid5(PACK, "title"): ("Dni", "Days"),
            uuid5(PACK, "summary"): ("Kilka.", "Some."),
            uuid5(ACTIVITY, "title"): ("Rzeka", "River"),
            uuid5(ACTIVITY, "summary"): ("Stare.", ""),
        }
    }


async def _as_it_was() -> None:
    async with engine().begin():
        await _insert(
            "pack", id=PACK, slug="d", source_locale="en", licence="CC-BY-4.0", authors="[]", public=True, made_at=now()
        )
        await _insert(
            "activity", id=ACTIVITY, pack=PACK, slug="river", position=0, method="name_game", phase="implementation",
            group_size_min=1, group_size_max=9, minutes_min=1, minutes_max=9, minutes_preparation=0, age_from=13,
            settings='["indoor"]', energy="calm", complexity=1, tags="[]", competences="[]", source="",
        )  # fmt: skip
        for locale, title, summary in (("en", "Days", "Some."), ("pl", "Dni", "Kilka.")):
            await _insert("pack_text", id=uuid7(), pack=PACK, locale=locale, title=title, summary=summary)
        texts = {
            "title": (("en", "River", "River"), ("pl", "Rzeka", "River")),
            "summary": (("en", "Names.", "Names."), ("pl", "Stare.", "Other.")),
        }
        for position, (key, rows) in enumerate(texts.items()):
            block = uuid5(ACTIVITY, key)
            await _insert("block", id=block, activity=ACTIVITY, key=key, kind=key, position=position)
            for locale, text, made_from in rows:
                await _insert(
                    "block_text", id=uuid7(), block=block, locale=locale, text=text, source_hash=source_hash(made_from)
                )


async def _insert(table: str, **fields: object) -> None:
    places = ", ".join("{}" for _ in fields)
    await execute(Statement(f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({places})"), *fields.values())
