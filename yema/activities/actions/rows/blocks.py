"""The blocks of an activity, or of a pack itself: two hundred at once are a few statements, which the query builder would take long for.

The caller holds the activity (or the pack).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from msgspec import UNSET

from yema.activities.actions.rows.texts import next_translation, save_texts
from yema.activities.pack.source import PACK_KEYS, BlockDraft, Translation, block_id
from yema.activities.rules import source_hash
from yema.database import Row, Statement, execute, fetch
from yema.errors import IdTaken

AT_ONCE = 50
_COLUMNS = ("id", "pack", "activity", "key", "kind", "position", "minutes", "quantity", "per", "media")
_FORGET = Statement("DELETE FROM pack_block WHERE id = {} AND pack = {}")
# A text that is a translation, in a language in which the pack was not written until now, is none of the source.
_THERE = (
    "SELECT b.key, b.kind, b.minutes, b.quantity, b.per, b.media, coalesce(t.text, '') FROM pack_block b"
    " LEFT JOIN pack_block_text t ON t.block = b.id AND t.locale = {} AND t.source = t.text WHERE "
)
_OF_ACTIVITY = Statement(_THERE + "b.activity = {} ORDER BY b.position, b.id")
_OF_PACK = Statement(_THERE + f"b.id IN ({', '.join(['{}'] * len(PACK_KEYS))}) ORDER BY b.position, b.id")


class Written(Protocol):
    """What has to be known of a pack to write its activities: its head, or `queries.writing.OwnPack`."""

    @property
    def id(self) -> UUID: ...

    @property
    def source_locale(self) -> str: ...


async def blocks_there(pack: Written, activity: UUID | None) -> list[BlockDraft]:
    """The blocks of an activity as they are now, those of the pack itself for None."""
    if activity:
        rows = await fetch(_OF_ACTIVITY, pack.source_locale, activity)
    else:
        rows = await fetch(_OF_PACK, pack.source_locale, *(block_id(pack.id, key) for key in PACK_KEYS))
    return [_block(row) for row in rows]


async def write_blocks(
    pack: Written,
    activity: UUID | None,
    blocks: Sequence[BlockDraft],
    before: Sequence[BlockDraft],
    *,
    minor: bool = False,
) -> None:
    """Make the blocks of an activity these, in this order, which were those; its next version in the source language.

    Without an activity they are the pack's own. Translations of what changed are stale from now on, unless the change is a `minor` one.
    Raises `IdTaken` where one is another pack's.
    """
    owner = activity or pack.id
    known = {block.key: (position, block) for position, block in enumerate(before)}
    for key in known.keys() - {block.key for block in blocks}:
        await execute(_FORGET, block_id(owner, key), pack.id)
    placed = [one for one in enumerate(blocks) if known.get(one[1].key) != one]
    for some in _pieces(placed):
        rows = (_row(pack.id, activity, position, block) for position, block in some)
        if len(await execute(_upsert(len(some)), *(value for row in rows for value in row))) < len(some):
            raise IdTaken
    said = [block for _, block in placed if block.key not in known or known[block.key][1].text != block.text]
    if minor:
        await _keep_fresh(owner, [(known[block.key][1].text, block) for block in said if block.key in known])
    await save_texts(
        (block_id(owner, b.key), pack.source_locale, Translation(text=b.text, source=b.text)) for b in said
    )
    await next_translation(pack.id, owner, pack.source_locale)


async def _keep_fresh(owner: UUID, changed: Sequence[tuple[str, BlockDraft]]) -> None:
    """Translations that were made from these texts count as made from the new ones."""
    rows = [
        (block_id(owner, block.key), source_hash(was), block.text, new)
        for was, block in changed
        if (new := source_hash(block.text)) != source_hash(was)
    ]
    for some in _pieces(rows):
        await execute(_fresh(len(some)), *(value for row in some for value in row))


def _pieces(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _block(row: Row) -> BlockDraft:
    key, kind, *more, text = row
    minutes, quantity, per, media = (UNSET if value is None else value for value in more)
    return BlockDraft(key=key, kind=kind, text=text, minutes=minutes, quantity=quantity, per=per, media=media)


def _row(pack: UUID, activity: UUID | None, position: int, block: BlockDraft) -> tuple[object, ...]:
    more = (None if value is UNSET else value for value in (block.minutes, block.quantity, block.per, block.media))
    return (block_id(activity or pack, block.key), pack, activity, block.key, block.kind, position, *more)


@lru_cache(AT_ONCE)
def _upsert(rows: int) -> Statement:
    places = ", ".join([f"({', '.join(['{}'] * len(_COLUMNS))})"] * rows)
    changes = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])
    return Statement(
        f"INSERT INTO pack_block ({', '.join(_COLUMNS)}) VALUES {places} ON CONFLICT (id) DO UPDATE SET {changes}"
        " WHERE pack_block.pack = excluded.pack RETURNING id"
    )


@lru_cache(AT_ONCE)
def _fresh(rows: int) -> Statement:
    template = (
        "UPDATE pack_block_text SET source = new.column3, source_hash = new.column4 FROM (VALUES %s) AS new"
        " WHERE pack_block_text.block = new.column1 AND pack_block_text.source_hash = new.column2"
    )
    typed = ", ".join(["(CAST({} AS uuid), {}, {}, {})"] * rows)
    return Statement(template % ", ".join(["({}, {}, {}, {})"] * rows), postgres=template % typed)
