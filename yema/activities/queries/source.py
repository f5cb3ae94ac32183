"""The workshop as it is: the rows of a pack that is being written, read into a `PackSource`."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.activities.errors import ImportUnderWay
from yema.activities.pack.source import (
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
_IMPORTED = Statement("SELECT 1 FROM pack_import WHERE pack = {}")
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
ACTIVITIES_AT_ONCE = 5
"""Read with one statement: what SQLite does in the loop's thread, others wait for."""
_SOME = ", ".join(["{}"] * ACTIVITIES_AT_ONCE)
_BLOCKS = Statement(f"{_TEXTS} WHERE b.activity IN ({_SOME}) ORDER BY b.position, b.id")
_BLOCKS_OF = Statement(f"{_TEXTS} WHERE b.activity = {{}} ORDER BY b.position, b.id")
_OWN = Statement("SELECT block, text, source, locale FROM pack_block_text WHERE block IN ({}, {})")
_TRANSLATED = (
    "SELECT t.block, t.text, t.source, t.locale FROM pack_block b JOIN pack_block_text t ON t.block = b.id"
    f" WHERE b.activity IN ({_SOME}) AND t.locale"
)
_TRANSLATIONS = Statement(f"{_TRANSLATED} = {{}}")
_ALL_TRANSLATIONS = Statement(f"{_TRANSLATED} <> {{}}")
# What only an earlier version shows has no name with an ending any more (`actions/media.py`).
_MEDIA = Statement("SELECT name, media FROM pack_media WHERE pack = {} AND name LIKE '%.%' ORDER BY name")


async def read_source(pack: UUID, locales: Sequence[str] | None = None, *, settled: bool = False) -> PackSource:
    """The whole pack as of one moment, in these languages (all where none are named). Raises `NotFound`.

    `settled`: raises `ImportUnderWay` where it is half the old one and half the new one.

    A large one is tens of thousands of rows: a few activities are fetched at a time, and a thread makes the rows what they mean, so that
    nobody else waits for it.
    """
    async with snapshot():
        found = await fetch(_PACK, pack)
        if not found:
            raise NotFound
        if settled and await fetch(_IMPORTED, pack):
            raise ImportUnderWay
        head = found[0]
        texts = _Texts(head[2], locales)
        own = await fetch(_OWN, *(block_id(pack, key) for key in PACK_KEYS))
        texts.take([], own)
        rows = await fetch(_ACTIVITIES, pack)
        ids = [row[0] for row in rows]
        for start in range(0, len(ids), ACTIVITIES_AT_ONCE):
            some = ids[start : start + ACTIVITIES_AT_ONCE]
            await _read_some(texts, some + some[-1:] * (ACTIVITIES_AT_ONCE - len(some)))
        media = await pack_media(pack)
    activities = await asyncio.to_thread(lambda: [_activity(row, texts.blocks[as_id(row[0])]) for row in rows])
    titles = {as_id(row[0]): row[1] for row in own if row[3] == head[2]}
    return PackSource(
        head=_head(head, titles, [activity.slug for activity in activities]),
        activities=activities,
        translations=dict(sorted(texts.translations.items())),
        media=media,
    )


class _Texts:
    """The blocks of each activity, and the translations, as they come in.

    Ids are made once and the rows do not live long: with more objects to look through, Python's collector would hold up everybody.
    """

    def __init__(self, source_locale: str, locales: Sequence[str] | None) -> None:
        self.source_locale = source_locale
        self.locales = None if locales is None else sorted({*locales} - {source_locale})
        self.blocks: dict[UUID, list[BlockDraft]] = defaultdict(list)
        self.translations: dict[str, dict[UUID, Translation]] = {locale: {} for locale in self.locales or ()}
        self._ids: dict[UUID | str, UUID] = {}

    def take(self, blocks: Sequence[Row], translations: Sequence[Row]) -> None:
        for row in blocks:
            self.blocks[self._id(row[1])].append(_block(row))
        for block, text, source, locale in translations:
            if locale != self.source_locale and (self.locales is None or locale in self.translations):
                known = self.translations.setdefault(locale, {})
                known[self._id(block)] = Translation(text=text, source=source)

    def _id(self, value: UUID | str) -> UUID:
        return self._ids.get(value) or self._ids.setdefault(value, as_id(value))


async def _read_some(texts: _Texts, activities: Sequence[UUID | str]) -> None:
    blocks = await fetch(_BLOCKS, texts.source_locale, *activities)
    if texts.locales is None:
        await asyncio.to_thread(texts.take, blocks, await fetch(_ALL_TRANSLATIONS, *activities, texts.source_locale))
        return
    await asyncio.to_thread(texts.take, blocks, ())
    for locale in texts.locales:
        await asyncio.to_thread(texts.take, (), await fetch(_TRANSLATIONS, *activities, locale))


async def read_activity(pack: UUID, source_locale: str, activity: UUID) -> ActivityDraft:
    """One activity of a pack in its source language, inside a transaction as that sees it. Raises `NotFound`."""
    rows = await fetch(_ACTIVITY, pack, activity)
    if not rows:
        raise NotFound
    return _activity(rows[0], [_block(row) for row in await fetch(_BLOCKS_OF, source_locale, activity)])


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
