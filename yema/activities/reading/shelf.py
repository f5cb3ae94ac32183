"""The shelf: the cards of all published packs that a reader may see, in memory, read again when their library's version moves.

Two thousand activities in eight languages are some megabytes of cards, kept as the bytes that are sent; what filters ask of them are masks
(`yema.activities.finding.facets`). Filtering them here is faster than any query and the same on both databases.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from yema.activities.finding.facets import Facets, Facts
from yema.activities.schemas.library import PackFileView
from yema.activities.tables import Pack, PackFile
from yema.changes import PUBLIC, SpaceKey, version_of
from yema.database import Statement, as_id, fetch, recorded
from yema.i18n import choose

SIGHTS_MAX = 32

_EDITIONS = Statement(
    "SELECT f.id, f.locale, f.sha256, f.cards, length(f.content), f.serial"
    " FROM pack_file f JOIN pack_version v ON v.id = f.version WHERE v.pack = {} AND v.number = {} ORDER BY f.locale"
)
_CARDS = msgspec.json.Decoder(list[Raw])
_FACTS = msgspec.json.Decoder(list[Facts])


class _Title(Struct):
    title: str
    locale: str


_TITLE = msgspec.json.Decoder(_Title)


class Edition(NamedTuple):
    """The latest version of a pack in one language; `cards` are `CardView`s as JSON. Without a serial nothing is found in it yet."""

    file: PackFileView
    file_id: UUID
    serial: int | None
    cards: list[Raw]


class ShelvedPack(NamedTuple):
    """A published pack with its editions; `activities` and `facets` are the same in all of them, in the order of the cards."""

    id: UUID
    version: int
    source_locale: str
    editions: dict[str, Edition]
    activities: list[UUID]
    facets: Facets

    @property
    def is_found(self) -> bool:
        """Whether each of its files has the serial by which matches name it."""
        return all(edition.serial is not None for edition in self.editions.values())

    def edition_for(self, wanted: tuple[str, ...]) -> Edition:
        """The edition in the best language for this reader."""
        return self.editions[choose(wanted, frozenset(self.editions), self.source_locale)]


class Sight(NamedTuple):
    """A shelf as somebody sees it who wants certain languages: of each pack one edition, and all their cards in a row."""

    editions: list[Edition]
    cards: list[Raw]


class Shelf:
    """The published packs of one library, as of one version of its space.

    Its activities are a row: those of the first pack, then those of the next. `starts` is where each pack begins in it, `ranks` their
    order by id.
    """

    def __init__(self, key: tuple[UUID, int, int], packs: list[ShelvedPack]) -> None:
        self.key = key
        self.packs = packs
        self.activities = [activity for pack in packs for activity in pack.activities]
        self.facets = Facets.joined(pack.facets for pack in packs)
        self.starts = [*accumulate((len(pack.activities) for pack in packs[:-1]), initial=0)]
        self.ranks = _ranks(self.activities)
        self._packs = {activity: (pack, n) for pack in packs for n, activity in enumerate(pack.activities)}
        self._sights: dict[tuple[str, ...], Sight] = {}

    def find(self, activity: UUID) -> ShelvedPack | None:
        """The pack that an activity stands in."""
        found = self._packs.get(activity)
        return found[0] if found else None

    def titles(self, activity: UUID) -> dict[str, str]:
        """The published titles of an activity in all its languages; none where it is not here."""
        if (found := self._packs.get(activity)) is None:
            return {}
        pack, place = found
        titles = ((locale, _TITLE.decode(edition.cards[place])) for locale, edition in pack.editions.items())
        return {locale: card.title for locale, card in titles if card.locale == locale}

    def sight(self, wanted: tuple[str, ...]) -> Sight:
        """What somebody sees who wants these languages, best first."""
        if (seen := self._sights.get(wanted)) is None:
            editions = [pack.edition_for(wanted) for pack in self.packs]
            if len(self._sights) >= SIGHTS_MAX:
                self._sights.pop(next(iter(self._sights)))
            seen = self._sights[wanted] = Sight(editions, [card for edition in editions for card in edition.cards])
        return seen


def _ranks(activities: Sequence[UUID]) -> list[int]:
    ranks = [0] * len(activities)
    for rank, place in enumerate(sorted(range(len(activities)), key=lambda n: activities[n].int)):
        ranks[place] = rank
    return ranks


_shelves: dict[UUID, Shelf] = {}


async def shelf_of(owner: UUID = PUBLIC) -> Shelf:
    """The shelf of one library as it is now: one look-up where nothing changed, else the packs with a new version are read."""
    key = (owner, *await version_of(SpaceKey("library", owner)))
    shelf = _shelves.get(owner)
    if shelf is None or shelf.key != key:
        with recorded(None):  # what is on it follows from the version
            shelf = _shelves[owner] = Shelf(key, await _packs(owner, shelf.packs if shelf else []))
    return shelf


def clear_shelves() -> None:
    """Forget what was read: another database was opened."""
    _shelves.clear()


async def _packs(owner: UUID, before: list[ShelvedPack]) -> list[ShelvedPack]:
    known = {(pack.id, pack.version): pack for pack in before if pack.is_found}
    mine = Pack.public.eq(True) if owner == PUBLIC else (Pack.organisation == owner) & Pack.public.eq(False)
    columns = (Pack.id, Pack.slug, Pack.source_locale, Pack.latest)
    rows = await Pack.select(*columns).where(mine, Pack.latest.is_not_null())
    rows.sort(key=lambda row: (row["slug"], row["id"]))  # the databases differ in how they sort a hyphen
    return [
        known.get((row["id"], row["latest"])) or await _pack(row["id"], row["latest"], row["source_locale"])
        for row in rows
    ]


async def _pack(pack: UUID, number: int, source_locale: str) -> ShelvedPack:
    editions = {}
    facts: list[Facts] = []
    for file_id, locale, sha256, cards, size, serial in await fetch(_EDITIONS, pack, number):
        url = f"/api/v1/packs/{pack}/versions/{number}/{locale}/{sha256}"
        file = PackFileView(locale=locale, url=url, bytes=size, sha256=sha256)
        editions[locale] = Edition(file, as_id(file_id), serial, _CARDS.decode(cards))
        facts = facts or _FACTS.decode(cards)
    # The workshop's pack may have got another source language since.
    source = source_locale if source_locale in editions else next(iter(editions))
    return ShelvedPack(pack, number, source, editions, [one.id for one in facts], Facets.of_all(facts))


async def content_of(file_id: UUID) -> bytes:
    """The bytes of a pack file."""
    [row] = await PackFile.select(PackFile.content).where(PackFile.id == file_id)
    return bytes(row["content"])
