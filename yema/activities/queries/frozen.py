"""Versions as those who planned with them read them, for ever the same: their files, titles and sources. Nobody here asks who reads."""

import asyncio
from collections import OrderedDict, defaultdict
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.activities.errors import NotKept
from yema.activities.pack.source import PackSource, thawed
from yema.activities.schemas.library import ActivityView, AncestorView, PackDocument
from yema.database import Statement, as_id, fetch, recorded
from yema.errors import NotFound
from yema.i18n import choose

KEPT_MAX = 200
"""Versions whose titles and addresses are kept in memory; most exchanges plan with the same few."""

_VERSION = Statement(
    "SELECT v.id, p.source_locale FROM pack_version v JOIN pack p ON p.id = v.pack"
    " WHERE v.pack = {} AND v.number = {} AND v.state <> 'staged'"
)
_FILES = Statement(
    "SELECT id, locale, sha256, length(content), cards FROM pack_file WHERE version = {} ORDER BY locale"
)
_CONTENT = Statement("SELECT content FROM pack_file WHERE id = {}")
_SOURCE = Statement("SELECT content FROM pack_version WHERE pack = {} AND number = {} AND state <> 'staged'")


class FrozenFile(NamedTuple):
    """A version in one language."""

    id: UUID
    locale: str
    sha256: str
    bytes: int


class FrozenPack(NamedTuple):
    """A version: its files by language, and the titles of its activities in those that they really have."""

    pack: UUID
    number: int
    source_locale: str
    files: dict[str, FrozenFile]
    titles: dict[UUID, dict[str, str]]

    def file_for(self, wanted: tuple[str, ...]) -> FrozenFile:
        """The file in the best language for this reader."""
        return self.files[choose(wanted, frozenset(self.files), self.source_locale)]


class FrozenHead(msgspec.Struct):
    """What a file says of its pack, read without its activities."""

    slug: str
    title: str
    locale: str
    licence: str
    authors: list[str]
    lineage: list[AncestorView] = []


class _Card(msgspec.Struct):
    id: UUID
    title: str
    locale: str


_CARDS = msgspec.json.Decoder(list[_Card])
_HEAD = msgspec.json.Decoder(FrozenHead)
_DOCUMENT = msgspec.json.Decoder(PackDocument)
_kept: OrderedDict[UUID, FrozenPack] = OrderedDict()


async def frozen_pack(pack: UUID, number: int) -> FrozenPack:
    """A version that was published, also where it was withdrawn since. Raises `NotFound`."""
    rows = await fetch(_VERSION, pack, number)
    if not rows:
        raise NotFound
    version, source_locale = as_id(rows[0][0]), rows[0][1]
    found = _kept.get(version)
    if found is None:
        # It never changes and was published before, so that it may also be kept from within a transaction.
        with recorded(None):
            found = _kept[version] = await _read(version, pack, number, source_locale)
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(version)
    return found


async def _read(version: UUID, pack: UUID, number: int, source_locale: str) -> FrozenPack:
    files, titles = {}, defaultdict[UUID, dict[str, str]](dict)
    for file, locale, sha256, size, cards in await fetch(_FILES, version):
        files[locale] = FrozenFile(as_id(file), locale, sha256, size)
        for card in _CARDS.decode(cards):
            if card.locale == locale:
                titles[card.id][locale] = card.title
    # The language in which the pack is written today may not be that of this version.
    return FrozenPack(pack, number, source_locale if source_locale in files else next(iter(files)), files, dict(titles))


async def frozen_content(file: FrozenFile) -> bytes:
    """The bytes of a file."""
    [[content]] = await fetch(_CONTENT, file.id)
    return bytes(content)


async def frozen_head(file: FrozenFile) -> FrozenHead:
    """What a file says of its pack."""
    return _HEAD.decode(await frozen_content(file))


async def frozen_activity(file: FrozenFile, activity: UUID) -> ActivityView:
    """One activity of a file. Raises `NotFound`."""
    document = _DOCUMENT.decode(await frozen_content(file))
    for found in document.activities:
        if found.id == activity:
            return found
    raise NotFound


async def frozen_source(pack: UUID, number: int) -> PackSource:
    """The whole of a version, withdrawn or not. Raises `NotFound`, or `NotKept` for one from before sources were kept."""
    rows = await fetch(_SOURCE, pack, number)
    if not rows:
        raise NotFound
    if rows[0][0] is None:
        raise NotKept
    return await asyncio.to_thread(thawed, bytes(rows[0][0]))
