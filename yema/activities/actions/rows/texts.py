"""Texts in one language each, as they are written, and what counts their changes."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID, uuid5

from yema.activities.pack.source import Translation
from yema.activities.rules import source_hash
from yema.database import Statement, execute
from yema.ids import uuid7

TEXTS_AT_ONCE = 50

Row = tuple[UUID, str, Translation]
"""(block, locale, text)"""

_NEXT = Statement(
    "INSERT INTO pack_translation (id, pack, locale, version) VALUES ({}, {}, {}, 1)"
    " ON CONFLICT (id) DO UPDATE SET version = pack_translation.version + 1 RETURNING version"
)


async def next_translation(pack: UUID, owner: UUID, locale: str) -> int:
    """The next version of an activity (or pack) in one language; the row stays locked until the transaction ends."""
    [[version]] = await execute(_NEXT, uuid5(owner, locale), pack, locale)
    return int(version)


async def save_texts(texts: Iterable[Row]) -> None:
    """Many texts at once, whatever was there before. An import writes tens of thousands; the query builder would take half of its time."""
    rows = list(texts)
    hashes = {source: source_hash(source) for source in {translation.source for _, _, translation in rows}}
    for start in range(0, len(rows), TEXTS_AT_ONCE):
        some = rows[start : start + TEXTS_AT_ONCE]
        args = [
            value
            for block, locale, found in some
            for value in (uuid7(), block, locale, found.text, found.source, hashes[found.source])
        ]
        await execute(_upsert(len(some)), *args)


@lru_cache(TEXTS_AT_ONCE)
def _upsert(rows: int) -> Statement:
    places = ", ".join(["({}, {}, {}, {}, {}, {})"] * rows)
    return Statement(
        f"INSERT INTO pack_block_text (id, block, locale, text, source, source_hash) VALUES {places}"
        " ON CONFLICT (block, locale) DO UPDATE"
        " SET text = excluded.text, source = excluded.source, source_hash = excluded.source_hash"
    )
