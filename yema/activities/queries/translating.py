"""What translators find: how far each language is, and the texts of an activity in one of them."""

import asyncio
from typing import NamedTuple
from uuid import UUID, uuid5

from msgspec import UNSET

from yema.activities.queries.writing import OwnPack
from yema.activities.schemas.translations import PieceView, ProgressListView, ProgressView, TextsView, TextView
from yema.activities.translating.rules import Progress, difference
from yema.database import Row, Statement, as_id, fetch, snapshot
from yema.errors import NotFound
from yema.i18n import is_tag, language_name
from yema.shapes import present

_TOTAL = Statement("SELECT count(*) FROM pack_block WHERE pack = {}")
_COUNTS = Statement(
    "SELECT t.locale, count(*), sum(CASE WHEN t.source_hash = s.source_hash THEN 1 ELSE 0 END) FROM pack_block b"
    " JOIN pack_block_text t ON t.block = b.id JOIN pack_block_text s ON s.block = b.id AND s.locale = {}"
    " WHERE b.pack = {} AND t.locale <> {} GROUP BY t.locale"
)
_PUBLISHED = Statement(
    "SELECT f.locale FROM pack p JOIN pack_version v ON v.pack = p.id AND v.number = p.latest"
    " JOIN pack_file f ON f.version = v.id WHERE p.id = {} AND v.state = 'published'"
)
# Whoever writes a text raises a version; who takes an activity out takes its blocks.
_STATE = Statement(
    "SELECT latest, (SELECT coalesce(sum(version), 0) FROM pack_translation WHERE pack = {}),"
    " (SELECT count(*) FROM pack_block WHERE pack = {}) FROM pack WHERE id = {}"
)
_COLUMNS = (
    "SELECT b.id, b.key, b.kind, b.minutes, b.quantity, b.per, s.text, s.source_hash, t.text, t.source, t.source_hash"
    " FROM pack_block b JOIN pack_block_text s ON s.block = b.id AND s.locale = {}"
    " LEFT JOIN pack_block_text t ON t.block = b.id AND t.locale = {} WHERE b.pack = {} AND "
)
_OF_ACTIVITY = Statement(_COLUMNS + "b.activity = {} ORDER BY b.position, b.id")
_OF_PACK = Statement(_COLUMNS + "b.activity IS NULL ORDER BY b.position, b.id")
# Both count: whoever translates must hear that the source was changed in the meantime.
_VERSION = Statement("SELECT coalesce(sum(version), 0) FROM pack_translation WHERE id IN ({}, {})")


class KnownText(NamedTuple):
    """A text of the workshop with its translation, if there is one; hashes as `rules.source_hash` makes them."""

    block: UUID
    key: str
    kind: str
    minutes: int | None
    quantity: float | None
    per: str | None
    source: str
    source_hash: str
    text: str | None
    made_from: str | None
    made_from_hash: str | None

    @property
    def state(self) -> str:
        if self.text is None:
            return "missing"
        return "fresh" if self.made_from_hash == self.source_hash else "stale"


def known_locale(locale: str) -> str:
    """The tag, as it stands on the wire. Raises `NotFound` for what is no language."""
    if not is_tag(locale):
        raise NotFound
    return locale


async def progress_state(pack: OwnPack) -> tuple[object, ...]:
    """What `progress_of` depends on, as long as it is the same; to find it takes a tenth of the time."""
    [row] = await fetch(_STATE, pack.id, pack.id, pack.id)
    return (pack.id, pack.source_locale, *map(int, (row[0] or 0, row[1], row[2])))


async def progress_of(pack: OwnPack, reader: str) -> ProgressListView:
    """How far each language of the pack is, with the names of the languages in the reader's."""
    async with snapshot():
        [[total]] = await fetch(_TOTAL, pack.id)
        counts = await fetch(_COUNTS, pack.source_locale, pack.id, pack.source_locale)
    published = await published_locales(pack.id)
    states = {pack.source_locale: Progress(total, 0, 0)}
    for locale, there, fresh in sorted(counts, key=lambda row: row[0]):
        states[locale] = Progress(int(fresh), int(there - fresh), int(total - there))
    items = [progress_view(locale, found, locale in published, reader) for locale, found in states.items()]
    return ProgressListView(source_locale=pack.source_locale, items=items)


def progress_view(locale: str, found: Progress, published: bool, reader: str) -> ProgressView:
    return ProgressView(
        locale=locale,
        name=language_name(locale, reader),
        fresh=found.fresh,
        stale=found.stale,
        missing=found.missing,
        total=found.total,
        published=published,
    )


async def published_locales(pack: UUID) -> set[str]:
    """The languages of the version on the shelf."""
    return {locale for (locale,) in await fetch(_PUBLISHED, pack)}


async def texts_of(pack: OwnPack, owner: UUID, locale: str) -> TextsView:
    """The texts of an activity (or of the pack itself) with their state in that language. Raises `NotFound`."""
    async with snapshot():
        texts = await known_texts(pack, owner, locale)
        version = await version_of(owner, pack.source_locale, locale)
    if not texts:
        raise NotFound
    # Comparing long texts takes a while, and others are waiting.
    views = await asyncio.to_thread(lambda: [_view(text) for text in texts])
    return TextsView(
        id=owner, pack=pack.id, locale=locale, source_locale=pack.source_locale, version=version, texts=views
    )


async def known_texts(pack: OwnPack, owner: UUID, locale: str) -> list[KnownText]:
    """The rows of these texts, in their order."""
    if owner == pack.id:
        rows = await fetch(_OF_PACK, pack.source_locale, locale, pack.id)
    else:
        rows = await fetch(_OF_ACTIVITY, pack.source_locale, locale, pack.id, owner)
    return [_known(row) for row in rows]


async def version_of(owner: UUID, source_locale: str, locale: str) -> int:
    """How often these texts or their source were changed."""
    [[version]] = await fetch(_VERSION, uuid5(owner, source_locale), uuid5(owner, locale))
    return int(version)


def _known(row: Row) -> KnownText:
    return KnownText(as_id(row[0]), *row[1:])


def _view(text: KnownText) -> TextView:
    stale = text.state == "stale"
    before = text.made_from or ""
    return TextView(
        block=text.block,
        key=text.key,
        kind=text.kind,  # type: ignore[arg-type]
        source=text.source,
        state=text.state,  # type: ignore[arg-type]
        text=present(text.text),
        source_before=before if stale else UNSET,
        difference=[PieceView(op=op, text=words) for op, words in difference(before, text.source)] if stale else UNSET,
        minutes=present(text.minutes),
        quantity=present(text.quantity),
        per=present(text.per),  # type: ignore[arg-type]
    )
