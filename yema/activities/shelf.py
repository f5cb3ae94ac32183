"""The shelf: the cards of all published packs that a reader may see, in memory, read again when their library's version moves.

Two thousand activities in eight languages are some megabytes of cards; filtering them here is faster than any query and the same on both
databases.
"""

from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.activities.folding import fold
from yema.activities.schemas import CardView, PackFileView
from yema.activities.tables import Pack, PackFile
from yema.changes import PUBLIC, SpaceKey, version_of
from yema.database import Statement, as_id, fetch
from yema.i18n import choose

_EDITIONS = Statement(
    "SELECT f.id, f.locale, f.sha256, f.cards, length(f.content) FROM pack_file f JOIN pack_version v ON v.id = f.version"
    " WHERE v.pack = {} AND v.number = {}"
)


class Edition(NamedTuple):
    """The latest version of a pack in one language."""

    file: PackFileView
    file_id: UUID
    cards: list[CardView]
    folded: list[str]


class ShelvedPack(NamedTuple):
    """A published pack with its editions."""

    id: UUID
    version: int
    source_locale: str
    editions: dict[str, Edition]

    def edition_for(self, wanted: tuple[str, ...]) -> Edition:
        """The edition in the best language for this reader."""
        return self.editions[choose(wanted, frozenset(self.editions), self.source_locale)]


class Shelf(NamedTuple):
    """The published packs of one library, as of one version of its space."""

    key: tuple[UUID, int, int]
    packs: list[ShelvedPack]

    def find(self, activity: UUID) -> ShelvedPack | None:
        """The pack that an activity stands in."""
        for pack in self.packs:
            if any(card.id == activity for card in pack.editions[pack.source_locale].cards):
                return pack
        return None


_shelves: dict[UUID, Shelf] = {}


async def shelf_of(owner: UUID = PUBLIC) -> Shelf:
    """The shelf of one library as it is now: one look-up where nothing changed."""
    key = (owner, *await version_of(SpaceKey("library", owner)))
    shelf = _shelves.get(owner)
    if shelf is None or shelf.key != key:
        shelf = _shelves[owner] = Shelf(key, await _packs(owner))
    return shelf


def clear_shelves() -> None:
    """Forget what was read: another database was opened."""
    _shelves.clear()


async def _packs(owner: UUID) -> list[ShelvedPack]:
    mine = Pack.public.eq(True) if owner == PUBLIC else (Pack.organisation == owner) & Pack.public.eq(False)
    rows = (
        await Pack.select(Pack.id, Pack.source_locale, Pack.latest)
        .where(mine, Pack.latest.is_not_null())
        .order_by(Pack.slug, Pack.id)
    )
    return [
        ShelvedPack(row["id"], row["latest"], row["source_locale"], await _editions(row["id"], row["latest"]))
        for row in rows
    ]


async def _editions(pack: UUID, number: int) -> dict[str, Edition]:
    editions = {}
    for file_id, locale, sha256, cards, size in await fetch(_EDITIONS, pack, number):
        url = f"/api/v1/packs/{pack}/versions/{number}/{locale}/{sha256}"
        decoded = msgspec.json.decode(cards, type=list[CardView])
        editions[locale] = Edition(
            PackFileView(locale=locale, url=url, bytes=size, sha256=sha256),
            as_id(file_id),
            decoded,
            [fold(f"{card.title} {card.summary}") for card in decoded],
        )
    return editions


async def content_of(file_id: UUID) -> bytes:
    """The bytes of a pack file."""
    [row] = await PackFile.select(PackFile.content).where(PackFile.id == file_id)
    return bytes(row["content"])
