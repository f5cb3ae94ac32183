"""Keeping what was handed in, and forgetting it. The bytes are there before the row, and go after it."""

import asyncio
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from yema.changes import transaction
from yema.database import Statement, as_id, execute, fetch
from yema.ids import now, uuid7
from yema.media.errors import MediaTooLarge
from yema.media.formats import format_of
from yema.media.queries import kept
from yema.media.schemas import Kept
from yema.media.store import Opened, opened
from yema.media.workshop.answer import Made

BYTES_MAX = 25 * 1024 * 1024
KEPT_WITHOUT_ROW = timedelta(days=1)
"""Bytes that are younger may be about to get their row."""

_FIND = Statement("SELECT id FROM media WHERE sha256 = {}")
_AGAIN = Statement("UPDATE media SET made_at = {} WHERE id = {} RETURNING id")
_KEEP = Statement(
    "INSERT INTO media (id, kind, content_type, sha256, bytes, width, height, seconds, pages, placeholder, made_at)"
    " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})"
    " ON CONFLICT (sha256) DO UPDATE SET made_at = excluded.made_at RETURNING id"
)
_KEEP_VARIANT = Statement(
    "INSERT INTO media_variant (id, media, name, content_type, width, height, bytes, sha256)"
    " VALUES ({}, {}, {}, {}, {}, {}, {}, {})"
)
_HASHES = Statement("SELECT DISTINCT sha256 FROM media_variant WHERE media = {}")
_FORGET = Statement("DELETE FROM media WHERE id = {} AND made_at < {} RETURNING id")
_IN_USE = Statement("SELECT 1 FROM media_variant WHERE sha256 = {} LIMIT 1")


async def keep(content: bytes, *, declared: str | None = None) -> Kept:
    """Make it anew, without anything but what is seen or heard, and keep that.

    `declared`: the content type under which it came. The same again is the same medium, and so is a medium's own largest variant.
    Raises `MediaUnknown`, `MediaMismatch`, `MediaTooLarge` or one of `REFUSALS`; then nothing is left behind.
    """
    if len(content) > BYTES_MAX:
        raise MediaTooLarge
    given = format_of(content, declared)
    house = opened()
    if (found := await _kept_already(house, content)) is not None:
        return found
    made = await house.bench.make(content, given)
    hashes = [_hash(variant.content) for variant in made.variants]
    async with house.turn:
        for sha256, variant in dict(zip(hashes, made.variants, strict=True)).items():
            await house.store.put(sha256, variant.content)
        medium = await _write_down(made, hashes)
    return (await kept([medium]))[medium]


async def _kept_already(house: Opened, content: bytes) -> Kept | None:
    sha256 = await asyncio.to_thread(_hash, content)
    for [found] in await fetch(_FIND, sha256):
        async with house.turn:
            if await house.store.size(sha256) is None:  # a disk was lost: here it is again
                await house.store.put(sha256, content)
            async with transaction() as tx:
                if not await execute(_AGAIN, tx.at, as_id(found)):
                    return None
        return (await kept([as_id(found)])).get(as_id(found))
    return None


async def _write_down(made: Made, hashes: list[str]) -> UUID:
    largest, mine = made.variants[-1], uuid7()
    async with transaction() as tx:
        row = (mine, made.kind, largest.content_type, hashes[-1], len(largest.content), largest.width, largest.height)
        [[kept_id]] = await execute(_KEEP, *row, made.seconds, made.pages, made.placeholder, tx.at)
        medium = as_id(kept_id)
        if medium == mine:
            for sha256, variant in zip(hashes, made.variants, strict=True):
                size = (variant.content_type, variant.width, variant.height, len(variant.content))
                await execute(_KEEP_VARIANT, uuid7(), medium, variant.name, *size, sha256)
    return medium


async def forget(ids: Iterable[UUID], *, made_before: datetime | None = None) -> None:
    """Let media go, with their bytes.

    The caller has looked that nobody uses them. What was handed in again meanwhile may be in use in a moment: `made_before` sees to that.
    """
    house = opened()
    for medium in ids:
        async with house.turn:
            async with transaction() as tx:
                hashes = [row[0] for row in await execute(_HASHES, medium)]
                gone = await execute(_FORGET, medium, made_before or tx.at + timedelta(days=1))
            for sha256 in hashes if gone else ():
                await _drop(house, sha256)


async def _drop(house: Opened, sha256: str) -> None:
    """Delete bytes that no row speaks of."""
    if not await fetch(_IN_USE, sha256):
        await house.store.delete(sha256)


async def sweep_media() -> None:
    """Delete bytes without a row that are older than a day: a power cut came between the two, or a restore brought older rows."""
    house = opened()
    async for sha256 in house.store.all_older_than(now() - KEPT_WITHOUT_ROW):
        async with house.turn:
            await _drop(house, sha256)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
