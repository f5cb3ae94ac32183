"""The pack's head and its activities, as whoever writes there leaves them: by hand, by import or as an adaptation.

An activity with its texts is what one transaction holds; a whole pack is many.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.activities.actions.rows.blocks import Written, blocks_there, write_blocks
from yema.activities.actions.rows.texts import Row, next_translation, save_texts
from yema.activities.pack.source import (
    PACK_KEYS,
    ActivityDraft,
    BlockDraft,
    PackDraft,
    Translation,
    block_id,
)
from yema.activities.tables import Pack, PackBlock, PackBlockText
from yema.database import Statement, execute
from yema.errors import IdTaken

ROWS_AT_ONCE = 500
"""Postgres takes 32,767 arguments in one statement."""

REMOVED = -1
"""The position of an activity that was taken out of the workshop."""

Translations = Mapping[str, Mapping[UUID, Translation]]
"""Locale -> block id -> text."""

_REMOVE = Statement("UPDATE activity SET position = {}, slug = {}, version = version + 1 WHERE id = {} AND pack = {}")
_FIELDS = (
    "id",
    "pack",
    "slug",
    "position",
    "method",
    "phase",
    "group_size_min",
    "group_size_max",
    "minutes_min",
    "minutes_max",
    "minutes_preparation",
    "age_from",
    "settings",
    "energy",
    "complexity",
    "tags",
    "competences",
    "source",
    "origin",
)
_WRITE = Statement(
    f"INSERT INTO activity ({', '.join(_FIELDS)}, version) VALUES ({', '.join(['{}'] * len(_FIELDS))}, 1)"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{field} = excluded.{field}' for field in _FIELDS[1:])},"
    " version = activity.version + 1 WHERE activity.pack = excluded.pack RETURNING id"
)


async def write_head(head: PackDraft, translations: Translations | None = None, *, minor: bool = False) -> None:
    """The pack's own words: title and summary, with their translations where some are given."""
    blocks = [BlockDraft(key=key, kind=key, text=getattr(head.texts, key)) for key in PACK_KEYS]  # type: ignore[arg-type]
    await write_blocks(head, None, blocks, await blocks_there(head, None), minor=minor)
    await _write_translations(head.id, blocks, translations)


async def write_activity(head: Written, position: int, draft: ActivityDraft) -> None:
    """The activity as the draft says: its blocks are these, in this order.

    The translations that there are stay, stale where their source changed. Raises `IdTaken`.
    """
    await write_fields(head.id, position, draft)
    await write_blocks(head, draft.id, draft.blocks, await blocks_there(head, draft.id))


async def write_fields(pack: UUID, position: int, draft: ActivityDraft) -> None:
    """The activity's fields as the draft says, and its next version; its blocks stay as they are.

    Raises `IdTaken` where the activity is another pack's.
    """
    row = _activity(pack, position, draft)
    if not await execute(_WRITE, *(row[field] for field in _FIELDS)):
        raise IdTaken


async def remove_activities(pack: UUID, activities: Sequence[UUID]) -> None:
    """Take activities out of the workshop, with all their texts; published versions keep them.

    Their rows stay, out of place (`REMOVED`) and without a slug: plans and reports name them.
    """
    for start in range(0, len(activities), ROWS_AT_ONCE):
        some = list(activities[start : start + ROWS_AT_ONCE])
        await PackBlock.delete().where(PackBlock.pack == pack, PackBlock.activity.is_in(some))
        for one in some:
            await execute(_REMOVE, REMOVED, str(one), one, pack)


async def _write_translations(pack: UUID, blocks: Sequence[BlockDraft], translations: Translations | None) -> None:
    if translations is None:
        return
    ids = [block_id(pack, block.key) for block in blocks]
    rows: list[Row] = []
    for locale, texts in translations.items():
        rows += [(block, locale, texts[block]) for block in ids if block in texts]
        missing = [block for block in ids if block not in texts]
        if missing:
            await PackBlockText.delete().where(PackBlockText.locale == locale, PackBlockText.block.is_in(missing))
        await next_translation(pack, pack, locale)
    await save_texts(rows)


def head_row(head: PackDraft) -> dict[Any, Any]:
    """The columns of `pack` that a head says."""
    return {
        Pack.slug: head.slug,
        Pack.source_locale: head.source_locale,
        Pack.licence: head.licence,
        Pack.authors: as_json(head.authors),
        Pack.lineage: as_json(head.lineage),
    }


def _activity(pack: UUID, position: int, draft: ActivityDraft) -> dict[str, object]:
    """Its row, but for the version."""
    return {
        "id": draft.id,
        "pack": pack,
        "slug": draft.slug,
        "position": position,
        "method": draft.method,
        "phase": draft.phase,
        "group_size_min": draft.group_size.min,
        "group_size_max": draft.group_size.max,
        "minutes_min": draft.minutes.min,
        "minutes_max": draft.minutes.max,
        "minutes_preparation": draft.minutes.preparation,
        "age_from": draft.age_from,
        "settings": as_json(draft.settings),
        "energy": draft.energy,
        "complexity": draft.complexity,
        "tags": as_json(draft.tags),
        "competences": as_json(draft.competences),
        "source": draft.source,
        "origin": _or_none(draft.origin),
    }


def as_json(value: Iterable[Any]) -> str:
    return msgspec.json.encode(value).decode()


def _or_none(value: object) -> object:
    return None if value is UNSET else value
