"""Packs in the making, as those who write them see them. Whoever calls this has found that they may (`writing.py`)."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.activities.pack.source import PACK_KEYS, BlockDraft, Translation, block_id
from yema.activities.queries.source import pack_media, read_activity
from yema.activities.queries.writing import OwnPack, organisations_written_for
from yema.activities.reading.documents import medium_view
from yema.activities.rules import state_of
from yema.activities.schemas.library import AncestorView
from yema.activities.schemas.workshop import (
    ActivityRowView,
    MinutesView,
    NamedMediumView,
    PackTextsView,
    RangeView,
    WorkshopActivityView,
    WorkshopBlockView,
    WorkshopPackView,
    WorkshopView,
)
from yema.activities.tables import Pack
from yema.database import Statement, as_id, fetch, snapshot
from yema.errors import NotFound
from yema.shapes import present

_PACK_TEXTS = Statement(
    "SELECT b.id, t.text FROM pack_block b JOIN pack_block_text t ON t.block = b.id AND t.locale = {}"
    " WHERE b.pack = {} AND b.activity IS NULL"
)
_ROWS = Statement(
    "SELECT a.id, a.slug, a.version, t.text FROM activity a JOIN pack_block b ON b.activity = a.id AND b.kind = 'title'"
    " JOIN pack_block_text t ON t.block = b.id AND t.locale = {}"
    " WHERE a.pack = {} AND a.position >= 0 ORDER BY a.position, a.id"
)
_LOCALES = Statement(
    "SELECT DISTINCT t.locale FROM pack_block_text t JOIN pack_block b ON b.id = t.block WHERE b.pack = {} ORDER BY t.locale"
)
_VERSION = Statement("SELECT version FROM activity WHERE id = {} AND pack = {} AND position >= 0")
_TRANSLATIONS = Statement(
    "SELECT t.block, t.text, t.source FROM pack_block_text t JOIN pack_block b ON b.id = t.block"
    " WHERE b.activity = {} AND t.locale = {}"
)


async def packs_written_by(person: SignedIn, after: UUID | None, limit: int) -> list[WorkshopPackView]:
    """The packs that this person writes, published or not, by their ids; one more than the limit."""
    mine = await organisations_written_for(person)
    if not mine:
        return []
    rows = Pack.select().where(Pack.organisation.is_in(mine)).order_by(Pack.id).limit(limit + 1)
    return [WorkshopPackView(**await _head(row)) for row in await (rows.where(Pack.id > after) if after else rows)]


async def workshop_view(pack: OwnPack) -> WorkshopView:
    """A pack in the making, with what is in it as of one moment. Raises `NotFound`."""
    async with snapshot():
        found = await Pack.select().where(Pack.id == pack.id)
        if not found:
            raise NotFound
        [row] = found
        rows = await fetch(_ROWS, row["source_locale"], pack.id)
        locales = [tag for [tag] in await fetch(_LOCALES, pack.id)]
        media = await pack_media(pack.id)
        head = await _head(row)
    return WorkshopView(
        **head,
        lineage=msgspec.json.decode(row["lineage"], type=list[AncestorView]),
        locales=locales,
        activities=[ActivityRowView(id=as_id(i), slug=slug, version=v, title=title) for i, slug, v, title in rows],
        media=[
            NamedMediumView(name=name, **msgspec.structs.asdict(medium_view(pack.id, one)))
            for name, one in media.items()
        ],
    )


async def _head(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `WorkshopPackView`."""
    texts = {as_id(block): text for block, text in await fetch(_PACK_TEXTS, row["source_locale"], row["id"])}
    title, summary = (texts.get(block_id(row["id"], key), "") for key in PACK_KEYS)
    plain = ("id", "organisation", "slug", "source_locale", "licence", "public", "version")
    return {
        **{name: row[name] for name in plain},
        "texts": PackTextsView(title=title, summary=summary),
        "authors": msgspec.json.decode(row["authors"]),
        "published": present(row["latest"]),
    }


async def workshop_activity(pack: OwnPack, activity: UUID, locale: str | None = None) -> WorkshopActivityView:
    """An activity in the making, its texts in this language (that of the pack where none is named). Raises `NotFound`."""
    locale = locale or pack.source_locale
    async with snapshot():
        draft = await read_activity(pack.id, pack.source_locale, activity)
        [[version]] = await fetch(_VERSION, activity, pack.id)
        rows = await fetch(_TRANSLATIONS, activity, locale)
    texts = {as_id(block): Translation(text=text, source=source) for block, text, source in rows}
    return WorkshopActivityView(
        id=draft.id,
        pack=pack.id,
        slug=draft.slug,
        locale=locale,
        source_locale=pack.source_locale,
        version=version,
        method=draft.method,
        phase=draft.phase,
        group_size=RangeView(min=draft.group_size.min, max=draft.group_size.max),
        minutes=MinutesView(min=draft.minutes.min, max=draft.minutes.max, preparation=draft.minutes.preparation),
        age_from=draft.age_from,
        settings=draft.settings,
        energy=draft.energy,
        complexity=draft.complexity,
        tags=draft.tags,
        competences=draft.competences,
        source=draft.source,
        origin=draft.origin,
        blocks=[
            _block(block_id(draft.id, block.key), block, texts, in_source=locale == pack.source_locale)
            for block in draft.blocks
        ],
    )


def _block(which: UUID, block: BlockDraft, texts: dict[UUID, Translation], *, in_source: bool) -> WorkshopBlockView:
    found = texts.get(which)
    return WorkshopBlockView(
        id=which,
        key=block.key,
        kind=block.kind,
        source_text=UNSET if in_source else block.text,
        state=state_of(block, found),
        text=found.text if found else UNSET,
        minutes=block.minutes,
        quantity=block.quantity,
        per=block.per,
        media=block.media,
    )
