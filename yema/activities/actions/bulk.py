"""Many texts at once. An import writes tens of thousands; the query builder would take half of its time for them."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from yema.activities.rules import source_hash
from yema.activities.source import Translation
from yema.database import Statement, execute
from yema.ids import uuid7

AT_ONCE = 50

Row = tuple[UUID, str, Translation]
"""(block, locale, text)"""


async def save_texts(texts: Iterable[Row]) -> None:
    """Write these texts, whatever was there before. Stands in a transaction of the caller."""
    rows = list(texts)
    hashes = {source: source_hash(source) for source in {translation.source for _, _, translation in rows}}
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        args = [
            value
            for block, locale, found in some
            for value in (uuid7(), block, locale, found.text, found.source, hashes[found.source])
        ]
        await execute(_upsert(len(some)), *args)


@lru_cache(AT_ONCE)
def _upsert(rows: int) -> Statement:
    places = ", ".join(["({}, {}, {}, {}, {}, {})"] * rows)
    return Statement(
        f"INSERT INTO pack_block_text (id, block, locale, text, source, source_hash) VALUES {places}"
        " ON CONFLICT (block, locale) DO UPDATE"
        " SET text = excluded.text, source = excluded.source, source_hash = excluded.source_hash"
    )
