"""Put a pack that a trainer wrote into the workshop. Storing it again replaces its content; versions stay as they were."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET
from piccolo.table import Table

from yema.activities.rules import block_id, source_hash
from yema.activities.schemas import ActivityDraft, PackSource
from yema.activities.tables import Activity, Block, BlockText, Pack, PackText
from yema.changes import PUBLIC, SpaceKey, transaction
from yema.ids import uuid7

ROWS_AT_ONCE = 500
"""Postgres takes 32,767 arguments in one statement."""


async def store_pack(source: PackSource, *, organisation: UUID | None, public: bool) -> UUID:
    """Store the pack under its own id; its id."""
    head = source.head
    activities = [_activity(head.id, position, draft) for position, draft in enumerate(source.activities)]
    blocks = [block for draft in source.activities for block in _blocks(draft)]
    texts = list(_texts(source))
    pack_texts = list(_pack_texts(source))
    async with transaction() as tx:
        row: dict[Any, Any] = {
            Pack.organisation: organisation,
            Pack.slug: head.slug,
            Pack.source_locale: head.source_locale,
            Pack.licence: head.licence,
            Pack.authors: _json(head.authors),
            Pack.public: public,
        }
        before = await Pack.select(Pack.organisation, Pack.public).where(Pack.id == head.id)
        library = _library(head.id, organisation, public)
        if before:
            # Moved to another library, its readers there must not find it any more.
            if (old := _library(head.id, **before[0])) != library:
                tx.gone(old, "pack", head.id)
            await _clear(head.id, [activity.id for activity in activities])
            await Pack.update(row).where(Pack.id == head.id)
        else:
            await Pack.insert(Pack({**row, Pack.id: head.id, Pack.made_at: tx.at}))
        for start in range(0, len(activities), ROWS_AT_ONCE):
            await Activity.insert(*activities[start : start + ROWS_AT_ONCE]).on_conflict(
                target=Activity.id,
                action="DO UPDATE",
                values=[c for c in Activity.all_columns() if c is not Activity.id],
            )
        await _insert(pack_texts)
        await _insert(blocks)
        await _insert(texts)
        tx.touched(library, "pack", head.id)
    return head.id


def _library(pack: UUID, organisation: UUID | None, public: bool) -> SpaceKey:
    return SpaceKey("library", PUBLIC if public else organisation or pack)


async def _clear(pack: UUID, staying: list[UUID]) -> None:
    """Make room for new content. Activities that stay keep their rows: exchanges have planned with them."""
    activities = [row["id"] for row in await Activity.select(Activity.id).where(Activity.pack == pack)]
    if activities:
        blocks = [row["id"] for row in await Block.select(Block.id).where(Block.activity.is_in(activities))]
        for start in range(0, len(blocks), ROWS_AT_ONCE):
            await BlockText.delete().where(BlockText.block.is_in(blocks[start : start + ROWS_AT_ONCE]))
        await Block.delete().where(Block.activity.is_in(activities))
        await Activity.delete().where(Activity.pack == pack, Activity.id.not_in(staying))
    await PackText.delete().where(PackText.pack == pack)


async def _insert(rows: Sequence[Table]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows[start : start + ROWS_AT_ONCE]
        await type(chunk[0]).insert(*chunk)


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
        settings=_json(draft.settings),
        energy=draft.energy,
        complexity=draft.complexity,
        tags=_json(draft.tags),
        competences=_json(draft.competences),
        source=draft.source,
    )


def _blocks(draft: ActivityDraft) -> Iterator[Block]:
    for position, block in enumerate(draft.blocks):
        yield Block(
            id=block_id(draft.id, block.id),
            activity=draft.id,
            key=block.id,
            kind=block.kind,
            position=position,
            minutes=_or_none(block.minutes),
            quantity=_or_none(block.quantity),
            per=_or_none(block.per),
        )


def _texts(source: PackSource) -> Iterator[BlockText]:
    for draft in source.activities:
        for block in draft.blocks:
            block_key = block_id(draft.id, block.id)
            yield _text(block_key, source.head.source_locale, block.text, block.text)
            for locale, translations in source.translations.items():
                if found := translations.get(f"{draft.slug}/{block.id}"):
                    yield _text(block_key, locale, found.text, found.source)


def _text(block: UUID, locale: str, text: str, made_from: str) -> BlockText:
    return BlockText(id=uuid7(), block=block, locale=locale, text=text, source_hash=source_hash(made_from))


def _pack_texts(source: PackSource) -> Iterator[PackText]:
    head = source.head
    yield PackText(
        id=uuid7(), pack=head.id, locale=head.source_locale, title=head.texts.title, summary=head.texts.summary
    )
    for locale, translations in source.translations.items():
        if (title := translations.get("pack/title")) and (summary := translations.get("pack/summary")):
            yield PackText(id=uuid7(), pack=head.id, locale=locale, title=title.text, summary=summary.text)


def _json(value: Iterable[str]) -> str:
    return msgspec.json.encode(value).decode()


def _or_none(value: object) -> object:
    return None if value is UNSET else value
