"""The rows of the workshop: written by whoever writes there, by hand, by import or as an adaptation.

All of this stands inside a `transaction()` of the caller. An activity with its texts is what one transaction holds; a whole pack is many.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID, uuid5

import msgspec
from msgspec import UNSET

from yema.activities.rules import source_hash
from yema.activities.source import (
    PACK_KEYS,
    ActivityDraft,
    BlockDraft,
    PackDraft,
    Translation,
    block_id,
)
from yema.activities.tables import Activity, Pack, PackBlock, PackBlockText
from yema.database import Statement, as_id, execute, fetch
from yema.ids import uuid7

ROWS_AT_ONCE = 500
"""Postgres takes 32,767 arguments in one statement."""

REMOVED = -1
"""The position of an activity that was taken out of the workshop."""

Translations = Mapping[str, Mapping[UUID, Translation]]
"""Locale -> block id -> text."""

_STAYS_FRESH = Statement(
    "UPDATE pack_block_text SET source = {}, source_hash = {} WHERE block = {} AND source_hash ="
    " (SELECT source_hash FROM pack_block_text s WHERE s.block = {} AND s.locale = {})"
)
_REMOVE = Statement("UPDATE activity SET position = {}, slug = {}, version = version + 1 WHERE id = {} AND pack = {}")
_HASHES = Statement(
    "SELECT t.block, t.source_hash FROM pack_block_text t JOIN pack_block b ON b.id = t.block"
    " WHERE b.pack = {} AND (b.activity = {} OR b.activity IS NULL) AND t.locale = {}"
)
_CHANGED = Statement("UPDATE activity SET version = version + 1 WHERE id = {}")
_NEXT = Statement(
    "INSERT INTO pack_translation (id, pack, locale, version) VALUES ({}, {}, {}, 1)"
    " ON CONFLICT (id) DO UPDATE SET version = pack_translation.version + 1 RETURNING version"
)


class Written(Protocol):
    """What has to be known of a pack to write its activities: its head, or `queries.writing.OwnPack`."""

    @property
    def id(self) -> UUID: ...

    @property
    def source_locale(self) -> str: ...


async def write_head(head: PackDraft, translations: Translations | None = None, *, minor: bool = False) -> None:
    """The pack's own words: title and summary, with their translations where some are given."""
    blocks = [BlockDraft(key=key, kind=key, text=getattr(head.texts, key)) for key in PACK_KEYS]  # type: ignore[arg-type]
    await _write_blocks(head.id, None, head.source_locale, blocks, minor=minor)
    await _write_translations(head.id, head.id, blocks, translations)


async def write_activity(
    head: Written,
    position: int,
    draft: ActivityDraft,
    translations: Translations | None = None,
    *,
    minor: bool = False,
    before: ActivityDraft | None = None,
) -> None:
    """The activity as the draft says: its blocks are these, in this order. Those that are the same in `before` are not written again.

    Without `translations` those that there are stay, stale where their source changed, unless the change is a `minor` one. With them, it
    has these and no others.
    """
    await write_fields(head.id, position, draft)
    there = before.blocks if before else ()
    await _write_blocks(head.id, draft.id, head.source_locale, draft.blocks, minor=minor, there=there)
    await _write_translations(head.id, draft.id, draft.blocks, translations)


async def write_fields(pack: UUID, position: int, draft: ActivityDraft) -> None:
    """The activity's fields as the draft says, and its next version; its blocks stay as they are."""
    fields = [c for c in Activity.all_columns() if c is not Activity.id and c is not Activity.version]
    await Activity.insert(_activity(pack, position, draft)).on_conflict(
        target=Activity.id, action="DO UPDATE", values=fields
    )
    await execute(_CHANGED, draft.id)


async def remove_activities(pack: UUID, activities: Sequence[UUID]) -> None:
    """Take activities out of the workshop, with all their texts; published versions keep them.

    Their rows stay, out of place (`REMOVED`) and without a slug: plans and reports name them.
    """
    for start in range(0, len(activities), ROWS_AT_ONCE):
        some = list(activities[start : start + ROWS_AT_ONCE])
        await PackBlock.delete().where(PackBlock.pack == pack, PackBlock.activity.is_in(some))
        for one in some:
            await execute(_REMOVE, REMOVED, str(one), one, pack)


async def next_translation(pack: UUID, owner: UUID, locale: str) -> int:
    """The next version of an activity (or pack) in one language; the row stays locked until the transaction ends."""
    [[version]] = await execute(_NEXT, uuid5(owner, locale), pack, locale)
    return int(version)


async def save_text(block: UUID, locale: str, translation: Translation) -> None:
    """One text in one language."""
    await _upsert_texts([_text(block, locale, translation.text, translation.source)])


async def _write_blocks(
    pack: UUID,
    activity: UUID | None,
    source_locale: str,
    blocks: Sequence[BlockDraft],
    *,
    minor: bool,
    there: Sequence[BlockDraft] = (),
) -> None:
    owner = activity or pack
    mine = PackBlock.activity == activity if activity else (PackBlock.pack == pack) & PackBlock.activity.is_null()
    await PackBlock.delete().where(mine, PackBlock.id.not_in([block_id(owner, block.key) for block in blocks]))
    known = {block.key: (position, block) for position, block in enumerate(there)}
    placed = [one for one in enumerate(blocks) if known.get(one[1].key) != one]
    rows = [_block(pack, activity, position, block) for position, block in placed]
    blocks = [block for _, block in placed if block.key not in known or known[block.key][1].text != block.text]
    if minor:
        await _keep_fresh(pack, activity, source_locale, blocks)
    columns = [c for c in PackBlock.all_columns() if c is not PackBlock.id]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        await PackBlock.insert(*rows[start : start + ROWS_AT_ONCE]).on_conflict(
            target=PackBlock.id, action="DO UPDATE", values=columns
        )
    await _upsert_texts([_text(block_id(owner, b.key), source_locale, b.text, b.text) for b in blocks])
    await next_translation(pack, owner, source_locale)


async def _keep_fresh(pack: UUID, activity: UUID | None, source_locale: str, blocks: Sequence[BlockDraft]) -> None:
    """Translations of the texts that are about to change count as made from the new ones, where they were fresh."""
    hashes = {as_id(block): old for block, old in await fetch(_HASHES, pack, activity, source_locale)}
    for block in blocks:
        which, new = block_id(activity or pack, block.key), source_hash(block.text)
        if hashes.get(which, new) != new:
            await execute(_STAYS_FRESH, block.text, new, which, which, source_locale)


async def _write_translations(
    pack: UUID, owner: UUID, blocks: Sequence[BlockDraft], translations: Translations | None
) -> None:
    if translations is None:
        return
    ids = [block_id(owner, block.key) for block in blocks]
    rows = []
    for locale, texts in translations.items():
        mine = [_text(block, locale, found.text, found.source) for block in ids if (found := texts.get(block))]
        rows += mine
        missing = [block for block in ids if block not in texts]
        if missing:
            await PackBlockText.delete().where(PackBlockText.locale == locale, PackBlockText.block.is_in(missing))
        await next_translation(pack, owner, locale)
    await _upsert_texts(rows)


async def _upsert_texts(rows: Sequence[PackBlockText]) -> None:
    columns = [PackBlockText.text, PackBlockText.source, PackBlockText.source_hash]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        await PackBlockText.insert(*rows[start : start + ROWS_AT_ONCE]).on_conflict(
            target=(PackBlockText.block, PackBlockText.locale), action="DO UPDATE", values=columns
        )


def head_row(head: PackDraft) -> dict[Any, Any]:
    """The columns of `pack` that a head says."""
    return {
        Pack.slug: head.slug,
        Pack.source_locale: head.source_locale,
        Pack.licence: head.licence,
        Pack.authors: as_json(head.authors),
        Pack.lineage: as_json(head.lineage),
    }


def _activity(pack: UUID, position: int, draft: ActivityDraft) -> Activity:
    return Activity(
        id=draft.id,
        pack=pack,
        slug=draft.slug,
        position=position,
        method=draft.method,
        phase=draft.phase,
        group_size_min=draft.group_size.min,
        group_size_max=draft.group_size.max,
        minutes_min=draft.minutes.min,
        minutes_max=draft.minutes.max,
        minutes_preparation=draft.minutes.preparation,
        age_from=draft.age_from,
        settings=as_json(draft.settings),
        energy=draft.energy,
        complexity=draft.complexity,
        tags=as_json(draft.tags),
        competences=as_json(draft.competences),
        source=draft.source,
        origin=_or_none(draft.origin),
        version=0,
    )


def _block(pack: UUID, activity: UUID | None, position: int, block: BlockDraft) -> PackBlock:
    return PackBlock(
        id=block_id(activity or pack, block.key),
        pack=pack,
        activity=activity,
        key=block.key,
        kind=block.kind,
        position=position,
        minutes=_or_none(block.minutes),
        quantity=_or_none(block.quantity),
        per=_or_none(block.per),
        media=_or_none(block.media),
    )


def _text(block: UUID, locale: str, text: str, source: str) -> PackBlockText:
    return PackBlockText(
        id=uuid7(), block=block, locale=locale, text=text, source=source, source_hash=source_hash(source)
    )


def as_json(value: Iterable[Any]) -> str:
    return msgspec.json.encode(value).decode()


def _or_none(value: object) -> object:
    return None if value is UNSET else value
