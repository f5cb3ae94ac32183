"""Reading media. Nobody here asks who reads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from yema.database import Statement, as_id, fetch
from yema.media.schemas import Kept, KeptVariant
from yema.media.store import opened, read
from yema.media.tables import Media, MediaVariant

SIZES = {"small": 0, "medium": 1, "large": 2, "master": 3}
AT_ONCE = 500
_MADE_BEFORE = Statement("SELECT id FROM media WHERE made_at < {} ORDER BY made_at")


async def kept(ids: Iterable[UUID]) -> dict[UUID, Kept]:
    """The media with these ids, each with its variants from the smallest to the largest; who is not there is left out."""
    wanted = list(dict.fromkeys(ids))
    found: dict[UUID, Kept] = {}
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        variants: dict[UUID, list[KeptVariant]] = {}
        for row in await MediaVariant.select().where(MediaVariant.media.is_in(some)):
            variants.setdefault(row["media"], []).append(_variant(row))
        for row in await Media.select().where(Media.id.is_in(some)):
            row.pop("made_at")
            ordered = sorted(variants.get(row["id"], []), key=lambda variant: SIZES[variant.name])
            found[row["id"]] = Kept(**row, variants=tuple(ordered))
    return found


def _variant(row: dict[str, Any]) -> KeptVariant:
    return KeptVariant(**{name: row[name] for name in KeptVariant.__struct_fields__})


async def content_of(sha256: str) -> bytes:
    """All bytes of a variant. Raises `BytesMissing` (404), or `StoreUnreachable`."""
    return await read(opened().store, sha256)


async def media_made_before(instant: datetime) -> list[UUID]:
    """The media that nobody has handed in since, the oldest first: give those that are not in use to `forget`, with the same instant."""
    return [as_id(row[0]) for row in await fetch(_MADE_BEFORE, instant)]
