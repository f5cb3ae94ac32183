"""Carry a whole pack into the workshop: stage it, then activity by activity; versions stay as they were.

A big pack is more than one transaction may hold. So the first one keeps the whole of it (`PackImport`), the next ones each carry an
activity that differs from what is there, and the last one forgets it. What a crash interrupted goes on at the next start.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

from yema.activities.actions.rows import Translations, head_row, remove_activities, write_activity, write_head
from yema.activities.source import ActivityDraft, PackSource, block_id, frozen, thawed
from yema.activities.tables import Pack, PackImport, PackMedia
from yema.activities.workshop import read_source
from yema.changes import PUBLIC, SpaceKey, Transaction, transaction
from yema.errors import NotFound
from yema.ids import uuid7

Progress = Callable[[int, int], None]
"""(activities that are there, of how many)"""


async def store_pack(
    source: PackSource, *, organisation: UUID | None, public: bool, progress: Progress | None = None
) -> UUID:
    """Make the workshop's pack of that id what the source says; its id."""
    row = PackImport(
        id=uuid7(),
        pack=source.head.id,
        organisation=organisation,
        public=public,
        content=await asyncio.to_thread(frozen, source),
        made_at=None,
    )
    async with transaction() as tx:
        row.made_at = tx.at
        await PackImport.insert(row)
    await _carry(row.id, source, organisation, public, progress)
    return source.head.id


async def go_on_storing() -> int:
    """Carry on what was interrupted; how many packs that were."""
    waiting = await PackImport.select().order_by(PackImport.made_at)
    for row in waiting:
        source = await asyncio.to_thread(thawed, bytes(row["content"]))
        await _carry(row["id"], source, row["organisation"], row["public"], None)
    return len(waiting)


async def _carry(
    job: UUID, source: PackSource, organisation: UUID | None, public: bool, progress: Progress | None
) -> None:
    before = await _before(source.head.id)
    known = {activity.id: (position, activity) for position, activity in enumerate(before.activities)} if before else {}
    async with transaction() as tx:
        await _write_pack(tx, source, organisation, public)
    for position, activity in enumerate(source.activities):
        was = known.pop(activity.id, None)
        if before is None or was != (position, activity) or _differs(before, source, activity):
            async with transaction():
                await write_activity(source.head, position, activity, _of(source, activity))
        if progress:
            progress(position + 1, len(source.activities))
        await asyncio.sleep(0)
    async with transaction():
        await remove_activities(source.head.id, [*known])
        await PackImport.delete().where(PackImport.id == job)


async def _before(pack: UUID) -> PackSource | None:
    try:
        return await read_source(pack)
    except NotFound:
        return None


def _of(source: PackSource, activity: ActivityDraft) -> Translations:
    """The translations of one activity."""
    ids = {block_id(activity.id, block.key) for block in activity.blocks}
    return {locale: {i: texts[i] for i in ids & texts.keys()} for locale, texts in source.translations.items()}


def _differs(before: PackSource, source: PackSource, activity: ActivityDraft) -> bool:
    there, here = _of(before, activity), _of(source, activity)
    return {k: v for k, v in there.items() if v} != {k: v for k, v in here.items() if v}


async def _write_pack(tx: Transaction, source: PackSource, organisation: UUID | None, public: bool) -> None:
    head = source.head
    row = {**head_row(head), Pack.organisation: organisation, Pack.public: public}
    before = await Pack.select(Pack.organisation, Pack.public).where(Pack.id == head.id)
    library = library_of(head.id, organisation, public)
    if before:
        # Moved to another library, its readers there must not find it any more.
        if (old := library_of(head.id, before[0]["organisation"], before[0]["public"])) != library:
            tx.gone(old, "pack", head.id)
        await Pack.update({**row, Pack.version: Pack.version + 1}).where(Pack.id == head.id)
    else:
        await Pack.insert(Pack({**row, Pack.id: head.id, Pack.made_at: tx.at}))
    tx.touched(library, "pack", head.id)
    await write_head(head, source.translations)
    await _write_media(source)


async def _write_media(source: PackSource) -> None:
    """The names that this pack has for its media; what an earlier version showed stays in the media room."""
    await PackMedia.delete().where(PackMedia.pack == source.head.id, PackMedia.published.eq(False))
    rows = [PackMedia(id=uuid7(), pack=source.head.id, name=name, media=m.id) for name, m in source.media.items()]
    if rows:
        await PackMedia.insert(*rows).on_conflict(
            target=(PackMedia.pack, PackMedia.name), action="DO UPDATE", values=[PackMedia.media]
        )


def library_of(pack: UUID, organisation: UUID | None, public: bool) -> SpaceKey:
    """The space of those who may read a pack: everybody, its organisation's people, or nobody."""
    return SpaceKey("library", PUBLIC if public else organisation or pack)
