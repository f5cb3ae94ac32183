"""Publish a pack: freeze what the workshop holds into one immutable file for each language.

A big pack is more than one transaction may hold: the files are written first, beside what readers see, and the last transaction puts the
new version on the shelf.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from uuid import UUID

from yema.activities.actions.store import library_of
from yema.activities.documents import document_of, encoded
from yema.activities.search import rows_of, save_rows
from yema.activities.source import PackSource, frozen
from yema.activities.tables import PackMedia, PackVersion
from yema.activities.workshop import read_source
from yema.changes import transaction
from yema.database import Statement, as_id, execute
from yema.errors import NotFound
from yema.ids import uuid7

WORDS_AT_ONCE = 300

_VERSION = Statement(
    "INSERT INTO pack_version (id, pack, number, published_at, state, content)"
    " SELECT {}, {}, coalesce(max(number), 0) + 1, {}, 'staged', {} FROM pack_version WHERE pack = {} RETURNING number"
)
_FILE = Statement(
    "INSERT INTO pack_file (id, version, locale, sha256, content, cards, serial)"
    " SELECT {}, {}, {}, {}, {}, {}, coalesce(max(serial), 0) + 1 FROM pack_file RETURNING serial"
)
# Another version may have been faster; the higher number stays on the shelf.
_SHELVE = Statement(
    "UPDATE pack SET latest = CASE WHEN coalesce(latest, 0) < {} THEN {} ELSE latest END WHERE id = {}"
    " RETURNING organisation, public"
)


async def publish_pack(pack: UUID, locales: Sequence[str] | None = None) -> int:
    """Publish the next version in these languages (all that the pack has where none are named); its number.

    The source language is always one of them.
    """
    source = await read_source(pack, locales)
    content = await asyncio.to_thread(frozen, source)
    version = uuid7()
    async with transaction() as tx:
        [[number]] = await execute(_VERSION, version, pack, tx.at, content, pack)
    for locale in source.locales:
        await _write_file(version, source, locale, number)
    await _shelve(version, source, number)
    return int(number)


async def _write_file(version: UUID, source: PackSource, locale: str, number: int) -> None:
    document = await asyncio.to_thread(document_of, source, locale, number)
    edition = await asyncio.to_thread(encoded, document)
    sha256 = hashlib.sha256(edition.document).hexdigest()
    async with transaction():
        [[serial]] = await execute(_FILE, uuid7(), version, locale, sha256, edition.document, edition.cards)
    rows = await asyncio.to_thread(lambda: list(rows_of(document, serial)))
    for start in range(0, len(rows), WORDS_AT_ONCE):
        async with transaction():
            await save_rows(rows[start : start + WORDS_AT_ONCE])


async def _shelve(version: UUID, source: PackSource, number: int) -> None:
    pack = source.head.id
    async with transaction() as tx:
        await PackVersion.update({PackVersion.state: "published", PackVersion.published_at: tx.at}).where(
            PackVersion.id == version
        )
        if source.media:
            await PackMedia.update({PackMedia.published: True}).where(PackMedia.pack == pack)
        rows = await execute(_SHELVE, number, number, pack)
        if not rows:
            raise NotFound
        [[organisation, public]] = rows
        tx.touched(library_of(pack, as_id(organisation) if organisation else None, bool(public)), "pack", pack)
