"""Carry a whole pack into the workshop: stage it, then activity by activity; versions stay as they were.

A big pack is more than one transaction may hold. So the first one keeps the whole of it (`PackImport`), the next ones each carry an
activity that differs from what is there, and the last one forgets it. What a crash interrupted goes on at the next start. Of two imports
of one pack the later one counts: the earlier one stops at its next step.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

from yema.activities.actions.media import name_media, put_aside
from yema.activities.actions.rows.activities import head_row, remove_activities, write_head
from yema.activities.actions.store_steps import Place, carry_activity, park_slugs, place_activities, places_of
from yema.activities.errors import SlugTaken
from yema.activities.pack.source import PackSource, frozen, thawed
from yema.activities.packfile.faults import ActivityElsewhere, ImportOvertaken
from yema.activities.queries.source import read_source
from yema.activities.tables import Activity, Pack, PackImport, PackMedia
from yema.changes import PUBLIC, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute, fetch, is_taken
from yema.errors import Conflict, IdTaken, NotFound, YemaError
from yema.ids import uuid7

Progress = Callable[[int, int], None]
"""(activities that are there, of how many)"""

REMOVED_AT_ONCE = 5
"""Each goes with all its blocks and their texts in all languages."""
LOOKED_UP_AT_ONCE = 500
_TRIES = 5

# All of them: who waits here for another import's step finds after it that this one is the later, or gone.
# First of all, and by whoever changes the pack too: nobody waits in a circle, and others may still refer to the row.
_PACK = "SELECT id FROM pack WHERE id = {}"
_HOLD_PACK = Statement(_PACK, postgres=f"{_PACK} FOR NO KEY UPDATE")
_ACTIVITY = "SELECT pack FROM activity WHERE id = {}"
_HOLD_ACTIVITY = Statement(_ACTIVITY, postgres=f"{_ACTIVITY} FOR NO KEY UPDATE")
_WAITING = Statement("SELECT id FROM pack_import WHERE pack = {} ORDER BY id", locks=True)
_OVERTAKE = Statement("DELETE FROM pack_import WHERE pack = {} AND id < {}")


async def store_pack(
    source: PackSource,
    *,
    organisation: UUID | None,
    public: bool,
    moves: bool = True,
    progress: Progress | None = None,
) -> UUID:
    """Make the workshop's pack of that id what the source says; its id.

    Without `moves`, a pack that is there stays whose it is and as public as it is. Raises `ActivityElsewhere`, `IdTaken`,
    `ImportOvertaken`, `SlugTaken`, and `NotFound` where it is somebody else's and must not move.
    """
    await check_activities(source)
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
    await _carry(_Job(row.id, source.head.id, moves), source, organisation, public, progress)
    return source.head.id


async def go_on_storing(on_trouble: Callable[[Exception], None] | None = None) -> int:
    """Carry on what was interrupted; how many packs that were. With `on_trouble`, one that fails does not keep the others from it."""
    waiting = await PackImport.select().order_by(PackImport.made_at)
    for row in waiting:
        try:
            source = await asyncio.to_thread(thawed, bytes(row["content"]))
            await _carry(_Job(row["id"], row["pack"], moves=False), source, row["organisation"], row["public"], None)
        except Conflict:
            continue  # another one is there now, or it was given up
        except Exception as error:
            if on_trouble is None:
                raise
            on_trouble(error)
    return len(waiting)


async def check_activities(source: PackSource) -> None:
    """Raises `ActivityElsewhere` where an activity's id is that of one in another pack, or of a pack; `IdTaken` where the pack's is an
    activity's. The ids of blocks are made from both.
    """
    slugs = {activity.id: activity.slug for activity in source.activities}
    if source.head.id in slugs or await Activity.exists().where(Activity.id == source.head.id):
        raise IdTaken
    ids = list(slugs)
    for start in range(0, len(ids), LOOKED_UP_AT_ONCE):
        some = ids[start : start + LOOKED_UP_AT_ONCE]
        for row in await Activity.select(Activity.id, Activity.pack).where(Activity.id.is_in(some)):
            if row["pack"] != source.head.id:
                raise ActivityElsewhere(slug=slugs[row["id"]])
        for row in await Pack.select(Pack.id).where(Pack.id.is_in(some)):
            raise ActivityElsewhere(slug=slugs[row["id"]])


class _Job(NamedTuple):
    id: UUID
    pack: UUID
    moves: bool

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Transaction]:
        """One transaction of the import. Raises `ImportOvertaken` where a later one of the same pack has begun."""
        async with transaction() as tx:
            await execute(_HOLD_PACK, self.pack)
            waiting = [as_id(row[0]) for row in await fetch(_WAITING, self.pack)]
            if not waiting or waiting[-1] != self.id:
                raise ImportOvertaken
            if len(waiting) > 1:
                await execute(_OVERTAKE, self.pack, self.id)
            yield tx


async def _carry(
    job: _Job, source: PackSource, organisation: UUID | None, public: bool, progress: Progress | None
) -> None:
    try:
        for left in reversed(range(_TRIES)):
            try:
                await _carry_all(job, source, organisation, public, progress)
                return
            except Exception as error:
                if not is_taken(error):
                    raise
                if not left:
                    raise SlugTaken from error
                # Somebody has just written an activity with a slug of the file's. Now it is known, and gives way.
    except YemaError as error:
        if not error.temporary:  # it would fail again at every start
            async with transaction():
                await PackImport.delete().where(PackImport.id == job.id)
        raise


async def _carry_all(
    job: _Job, source: PackSource, organisation: UUID | None, public: bool, progress: Progress | None
) -> None:
    pack = source.head.id
    async with job.step():
        pass  # from here on no earlier import of the pack writes any more, so that what is there can be read
    before = await source_before(pack)
    places = await places_of(pack)
    async with job.step() as tx:
        await _write_pack(tx, before, source, await _owner(job, organisation, public))
    for some in park_slugs(source, places):
        async with job.step():
            await some()
    there = {activity.id: activity for activity in before.activities} if before else {}
    for position, activity in enumerate(source.activities):
        step = carry_activity(before, source, position, there.get(activity.id))
        if step:
            async with job.step():
                # Before its texts, as everybody does who writes or translates it.
                if any(as_id(row[0]) != pack for row in await execute(_HOLD_ACTIVITY, activity.id)):
                    raise ActivityElsewhere(slug=activity.slug)
                await step()
        if progress:
            progress(position + 1, len(source.activities))
        await asyncio.sleep(0)
    for some in place_activities(source, there, places):
        async with job.step():
            await some()
    await _remove(job, source, places)
    async with job.step():
        await _put_media_aside(source)
        await PackImport.delete().where(PackImport.id == job.id)


async def _remove(job: _Job, source: PackSource, places: dict[UUID, Place]) -> None:
    gone = [*(places.keys() - {activity.id for activity in source.activities})]
    for start in range(0, len(gone), REMOVED_AT_ONCE):
        async with job.step():
            some = gone[start : start + REMOVED_AT_ONCE]
            for one in some:
                await execute(_HOLD_ACTIVITY, one)
            await remove_activities(source.head.id, some)


async def source_before(pack: UUID) -> PackSource | None:
    """What the workshop holds of a pack; None where it does not know it."""
    try:
        return await read_source(pack)
    except NotFound:
        return None


async def _owner(job: _Job, organisation: UUID | None, public: bool) -> dict[Any, Any]:
    """Whose the pack is from now on, and whether everybody may read it; looked at while the pack is held."""
    rows = await Pack.select(Pack.organisation, Pack.public).where(Pack.id == job.pack)
    if rows and not job.moves:
        if rows[0]["organisation"] != organisation:
            raise NotFound
        public = rows[0]["public"]
    return {Pack.organisation: organisation, Pack.public: public}


async def _write_pack(tx: Transaction, before: PackSource | None, source: PackSource, owner: dict[Any, Any]) -> None:
    head = source.head
    row = {**head_row(head), **owner}
    there = await Pack.select(Pack.organisation, Pack.public).where(Pack.id == head.id)
    library = library_of(head.id, *owner.values())
    if there:
        # Moved to another library, its readers there must not find it any more.
        if (old := library_of(head.id, there[0]["organisation"], there[0]["public"])) != library:
            tx.gone(old, "pack", head.id)
        await Pack.update({**row, Pack.version: Pack.version + 1}).where(Pack.id == head.id)
    else:
        await Pack.insert(Pack({**row, Pack.id: head.id, Pack.made_at: tx.at}))
    tx.touched(library, "pack", head.id)
    locales = (before.translations.keys() if before else set()) | source.translations.keys()
    await write_head(head, {locale: source.translations.get(locale, {}) for locale in locales})
    await name_media(head.id, {name: medium.id for name, medium in source.media.items()})


async def _put_media_aside(source: PackSource) -> None:
    """Let the names go that no block has any more."""
    rows = await PackMedia.select(PackMedia.name).where(PackMedia.pack == source.head.id).order_by(PackMedia.name)
    await put_aside(
        source.head.id, [row["name"] for row in rows if "." in row["name"] and row["name"] not in source.media]
    )


def library_of(pack: UUID, organisation: UUID | None, public: bool) -> SpaceKey:
    """The space of those who may read a pack: everybody, its organisation's people, or nobody."""
    return SpaceKey("library", PUBLIC if public else organisation or pack)


def nobodys_library(pack: UUID) -> SpaceKey:
    """For changes of the workshop: no reader sees what it holds, so no phone and no shelf is woken."""
    return SpaceKey("library", pack)
