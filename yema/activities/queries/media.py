"""Which media of a pack somebody may see, and which ones a version shows."""

import asyncio
from collections import OrderedDict
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.queries.frozen import FrozenFile, frozen_content
from yema.activities.queries.reading import pack_for
from yema.activities.queries.writing import pack_written_by
from yema.database import Statement, fetch
from yema.errors import NotFound

KEPT_MAX = 100
"""Files whose media are kept in memory: a few hundred addresses each, and read again while a day is being prepared."""

_RENDITION = Statement(
    "SELECT v.content_type, p.published FROM pack_media p JOIN media_variant v ON v.media = p.media"
    " WHERE p.pack = {} AND v.sha256 = {}"
)


class _Rendition(Struct):
    sha256: str
    content_type: str


class _Medium(Struct):
    renditions: list[_Rendition]


class _Block(Struct):
    media: _Medium | UnsetType = UNSET


class _Activity(Struct):
    blocks: list[_Block]


class _Shown(Struct):
    """What a file says of its media, read without its texts."""

    activities: list[_Activity]


_SHOWN = msgspec.json.Decoder(_Shown)
_kept: OrderedDict[UUID, dict[str, str]] = OrderedDict()


async def rendition_for(reader: Reader, pack: UUID, sha256: str) -> str:
    """The content type of a rendition: readers of the pack see what was published, its writers all. Raises `NotFound`."""
    rows = await fetch(_RENDITION, pack, sha256) if "\0" not in sha256 else []
    if not rows:
        raise NotFound
    if not (any(published for _, published in rows) and await _reads(reader, pack)):
        if not isinstance(reader, SignedIn):
            raise NotFound
        await pack_written_by(reader, pack)
    return str(rows[0][0])


async def _reads(reader: Reader, pack: UUID) -> bool:
    try:
        await pack_for(reader, pack)
    except NotFound:
        return False
    return True


async def rendition_in(file: FrozenFile, sha256: str) -> str:
    """The content type of a rendition that a block of this file shows; nobody here asks who reads. Raises `NotFound`."""
    found = _kept.get(file.id)
    if found is None:
        found = _kept[file.id] = await asyncio.to_thread(_renditions, await frozen_content(file))
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    if sha256 not in found:
        raise NotFound
    return found[sha256]


def _renditions(document: bytes) -> dict[str, str]:
    return {
        one.sha256: one.content_type
        for activity in _SHOWN.decode(document).activities
        for block in activity.blocks
        if block.media is not UNSET
        for one in block.media.renditions
    }
