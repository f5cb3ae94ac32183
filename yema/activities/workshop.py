"""The workshop as it is: the rows of a pack that is being written, read into a `PackSource`."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.activities.source import (
    PACK_KEYS,
    ActivityDraft,
    Ancestor,
    BlockDraft,
    GroupSize,
    Medium,
    MinutesRange,
    PackDraft,
    PackSource,
    PackTexts,
    Rendition,
    Translation,
    block_id,
)
from yema.database import Row, Statement, as_id, fetch, snapshot
from yema.errors import NotFound
from yema.media import Kept, kept

_PACK = Statement("SELECT id, slug, source_locale, licence, authors, lineage FROM pack WHERE id = {}")
_FIELDS = (
    "SELECT id, slug, method, phase, group_size_min, group_size_max, minutes_min, minutes_max, minutes_preparation, age_from,"
    " settings, energy, complexity, tags, competences, source, origin FROM activity WHERE pack = {} AND position >= 0"
)
_ACTIVITIES = Statement(f"{_FIELDS} ORDER BY position, id")
_ACTIVITY = Statement(f"{_FIELDS} AND id = {{}}")
_TEXTS = (
    "SELECT b.id, b.activity, b.key, b.kind, b.minutes, b.quantity, b.per, b.media, t.text FROM pack_block b"
    " JOIN pack_block_text t ON t.block = b.id AND t.locale = {}"
)
_BLOCKS = Statement(f"{_TEXTS} WHERE b.pack = {{}} ORDER BY b.position, b.id")
_BLOCKS_OF = Statement(f"{_TEXTS} WHERE b.activity = {{}} ORDER BY b.position, b.id")
_LOCALES = Statement(
    "SELECT DISTINCT t.locale FROM pack_block_text t JOIN pack_block b ON b.id = t.block WHERE b.pack = {} AND t.locale <> {}"
)
_TRANSLATIONS = Statement(
    "SELECT t.block, t.text, t.source FROM pack_block_text t JOIN pack_block b ON b.id = t.block WHERE b.pack = {} AND t.locale = {}"
)
# What only an earlier version shows has no name with an ending any more (`actions/media.py`).
_MEDIA = Statement("SELECT name, media FROM pack_media WHERE pack = {} AND name LIKE '%.%' ORDER BY name")


async def read_source(pack: UUID, locales: Sequence[str] | None = None) -> PackSource:
    """The whole pack as of one moment, in these languages (all where none are named). Raises `NotFound`."""
    async with snapshot():
        rows = await fetch(_PACK, pack)
        if not rows:
            raise NotFound
        head = rows[0]
        source_locale = head[2]
        activities, texts = await _activities(pack, source_locale)
        found = [row[0] for row in await fetch(_LOCALES, pack, source_locale)] if locales is None else locales
        translations = {}
        for locale in sorted(found):
            if locale != source_locale:
                translations[locale] = await _translations(pack, locale)
        media = await pack_media(pack)
    draft = _head(head, texts, [activity.slug for activity in activities])
    return PackSource(head=draft, activities=activities, translations=translations, media=media)


async def _activities(pack: UUID, source_locale: str) -> tuple[list[ActivityDraft], dict[UUID, str]]:
    """The activities, and the source texts of the pack's own blocks."""
    blocks: dict[UUID | None, list[BlockDraft]] = defaultdict(list)
    own = {}
    for row in await fetch(_BLOCKS, source_locale, pack):
        owner = as_id(row[1]) if row[1] is not None else None
        if owner is None:
            own[as_id(row[0])] = row[8]
        else:
            blocks[owner].append(_block(row))
    await asyncio.sleep(0)
    return [_activity(row, blocks[as_id(row[0])]) for row in await fetch(_ACTIVITIES, pack)], own


async def read_activity(pack: UUID, source_locale: str, activity: UUID) -> ActivityDraft:
    """One activity of a pack in its source language, inside a transaction as that sees it. Raises `NotFound`."""
    rows = await fetch(_ACTIVITY, pack, activity)
    if not rows:
        raise NotFound
    return _activity(rows[0], [_block(row) for row in await fetch(_BLOCKS_OF, source_locale, activity)])


async def _translations(pack: UUID, locale: str) -> dict[UUID, Translation]:
    found = {
        as_id(block): Translation(text=text, source=source)
        for block, text, source in await fetch(_TRANSLATIONS, pack, locale)
    }
    await asyncio.sleep(0)  # thousands of rows: others want to read in between
    return found


async def pack_media(pack: UUID) -> dict[str, Medium]:
    """The media of a pack by the names that its blocks may show."""
    names = {name: as_id(media) for name, media in await fetch(_MEDIA, pack)}
    found = await kept(names.values())
    return {name: medium_of(found[media]) for name, media in names.items() if media in found}


def medium_of(one: Kept) -> Medium:
    """A medium as a pack has it."""
    return Medium(
        id=one.id,
        kind=one.kind,
        content_type=one.content_type,
        sha256=one.sha256,
        renditions=[Rendition(v.name, v.content_type, v.bytes, v.sha256, v.width, v.height) for v in one.variants],
        placeholder=one.placeholder,
        seconds=one.seconds,
    )


def _head(row: Row, texts: dict[UUID, str], slugs: list[str]) -> PackDraft:
    pack = as_id(row[0])
    title, summary = (texts.get(block_id(pack, key), "") for key in PACK_KEYS)
    return PackDraft(
        format=1,
        id=pack,
        slug=row[1],
        source_locale=row[2],
        licence=row[3],
        authors=msgspec.json.decode(row[4]),
        texts=PackTexts(title=title, summary=summary),
        activities=slugs,
        lineage=msgspec.json.decode(row[5], type=list[Ancestor]),
    )


def _activity(row: Row, blocks: list[BlockDraft]) -> ActivityDraft:
    return ActivityDraft(
        id=as_id(row[0]),
        slug=row[1],
        method=row[2],
        phase=row[3],
        group_size=GroupSize(min=row[4], max=row[5]),
        minutes=MinutesRange(min=row[6], max=row[7], preparation=row[8]),
        age_from=row[9],
        settings=msgspec.json.decode(row[10]),
        energy=row[11],
        complexity=row[12],
        tags=msgspec.json.decode(row[13]),
        competences=msgspec.json.decode(row[14]),
        source=row[15] or "",
        origin=as_id(row[16]) if row[16] else UNSET,
        blocks=blocks,
    )


def _block(row: Row) -> BlockDraft:
    minutes, quantity, per, media = (UNSET if value is None else value for value in row[4:8])
    return BlockDraft(key=row[2], kind=row[3], text=row[8], minutes=minutes, quantity=quantity, per=per, media=media)
