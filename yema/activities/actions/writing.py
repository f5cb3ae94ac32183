"""Writing packs and activities. Readers see nothing of it before the next version."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET
from piccolo.columns import Column

from yema.activities.actions.media import check_media
from yema.activities.actions.publish import tell_listeners
from yema.activities.actions.rows.activities import (
    as_json,
    head_row,
    remove_activities,
    write_fields,
    write_head,
)
from yema.activities.actions.rows.blocks import write_blocks
from yema.activities.actions.store import library_of, nobodys_library
from yema.activities.actions.weekly import tell_on_monday
from yema.activities.errors import PackFull, SlugTaken
from yema.activities.pack.source import ACTIVITIES_MAX, ActivityDraft, Ancestor, BlockDraft, PackDraft, PackTexts
from yema.activities.queries.source import read_activity
from yema.activities.queries.writing import OwnPack
from yema.activities.rules import SINGLE_KINDS, check_lineage, field_faults
from yema.activities.schemas.workshop import ActivityChange, NewActivityDraft, NewBlockDraft, NewPackDraft, PackChange
from yema.activities.tables import Pack
from yema.changes import Once, Transaction, transaction
from yema.database import Statement, as_id, engine, execute, fetch, is_taken
from yema.errors import N_, FieldError, Invalid, NotFound, Stale
from yema.i18n import is_tag
from yema.ids import uuid7
from yema.shapes import given

# Held so that others may still refer to the row: who writes blocks does, and would wait in a circle.
_HELD = " FOR NO KEY UPDATE"
_TAKE_PACK = "SELECT version, organisation, public, slug, licence, authors, lineage FROM pack WHERE id = {}"
_PACK = Statement(_TAKE_PACK, postgres=_TAKE_PACK + _HELD)
_TAKE_ACTIVITY = "SELECT version, position FROM activity WHERE id = {} AND pack = {} AND position >= 0"
_ACTIVITY = Statement(_TAKE_ACTIVITY, postgres=_TAKE_ACTIVITY + _HELD)
_COUNT = Statement("SELECT count(*), coalesce(max(position), -1) FROM activity WHERE pack = {} AND position >= 0")
_NEXT = Statement("UPDATE pack SET version = version + 1 WHERE id = {} RETURNING version")
_ORDER = {
    "sqlite": Statement(
        "UPDATE activity SET position = moved.key FROM json_each({}) AS moved"
        # Found by their ids: by their pack, each would be looked for in the whole list.
        " WHERE activity.id = moved.value AND +activity.pack = {} AND +activity.position >= 0 RETURNING id"
    ),
    "postgres": Statement(
        "UPDATE activity SET position = moved.place - 1"
        " FROM jsonb_array_elements_text(CAST({} AS jsonb)) WITH ORDINALITY AS moved(id, place)"
        " WHERE activity.id = CAST(moved.id AS uuid) AND activity.pack = {} AND activity.position >= 0 RETURNING activity.id"
    ),
}


async def make_pack(draft: NewPackDraft, once: Once | None = None) -> UUID:
    """A new pack, with no activities yet; its id. Raises `Invalid` where nobody knows its language."""
    if not is_tag(draft.source_locale):
        raise Invalid(FieldError("/source_locale", "unknown_language", N_("This value is not allowed here.")))
    pack = uuid7()
    head = PackDraft(
        format=1,
        id=pack,
        slug=draft.slug,
        source_locale=draft.source_locale,
        licence=draft.licence,
        authors=draft.authors,
        texts=draft.texts,
        activities=[],
    )
    own = {Pack.id: pack, Pack.organisation: draft.organisation, Pack.public: draft.public}
    async with transaction(once) as tx:
        await Pack.insert(Pack({**head_row(head), **own, Pack.made_at: tx.at}))
        await write_head(head)
        tx.touched(nobodys_library(pack), "pack", pack)
        await tx.made(pack, 1)
    return pack


async def change_pack(pack: OwnPack, change: PackChange, expected: int | None) -> None:
    """Change what a pack says of itself, or the order of its activities. `expected` is the version that the writer saw, None for any.

    Raises `Stale`, `LicenceKept`, `AuthorsKept`, and `Invalid` where the order does not name all activities once.
    """
    async with transaction() as tx:
        now = await _take_pack(pack.id, expected)
        moves = change.public not in (UNSET, now["public"])
        licence = now["licence"] if change.licence is UNSET else change.licence
        authors = now["authors"] if change.authors is UNSET else change.authors
        check_lineage(now["lineage"], licence, authors)
        fields: dict[Column | str, Any] = {
            name: value for name, value in given(change).items() if name in ("slug", "licence", "public")
        }
        if change.authors is not UNSET:
            fields["authors"] = as_json(change.authors)
        if fields:
            await Pack.update(fields).where(Pack.id == pack.id)
        if change.texts is not UNSET:
            await write_head(_head(pack, now, change.texts), minor=change.minor)
            if not change.minor:
                tell_on_monday(tx, "source_changed", pack.id)
        if change.activities is not UNSET:
            await _order(pack.id, change.activities)
        _tell_readers(tx, pack.id, now, change)
    if moves:  # who plans with it may have lost it, or found it
        await tell_listeners(pack.id)


async def add_activity(pack: OwnPack, draft: NewActivityDraft, once: Once | None = None) -> UUID:
    """A new activity, the last one of its pack; its id. Raises `Invalid` with every fault, `SlugTaken`, `PackFull`."""
    fields = {name: getattr(draft, name) for name in ActivityDraft.__struct_fields__ if name not in ("id", "blocks")}
    activity = ActivityDraft(id=uuid7(), blocks=with_keys(draft.blocks), **fields)
    _refuse(field_faults(activity))
    try:
        async with transaction(once) as tx:
            await _take_pack(pack.id, None)
            [[count, last]] = await fetch(_COUNT, pack.id)
            if count >= ACTIVITIES_MAX:
                raise PackFull(max=ACTIVITIES_MAX)
            await check_media(pack.id, activity.blocks)
            await write_fields(pack.id, last + 1, activity)
            await write_blocks(pack, activity.id, activity.blocks, [])
            tx.touched(nobodys_library(pack.id), "pack", pack.id)
            await tx.made(activity.id, 1)
    except Exception as error:
        if is_taken(error):
            raise SlugTaken from error
        raise
    return activity.id


async def change_activity(pack: OwnPack, activity: UUID, change: ActivityChange, expected: int | None) -> None:
    """Change an activity. `expected` is the version that the writer saw, None for any.

    Raises `NotFound`, `Stale`, `Invalid` with every fault, `SlugTaken`.
    """
    try:
        async with transaction() as tx:
            rows = await fetch(_ACTIVITY, activity, pack.id)
            if not rows:
                raise NotFound
            version, position = rows[0]
            if expected is not None and expected != version:
                raise Stale
            before = await read_activity(pack.id, pack.source_locale, activity)
            draft = _changed(before, change)
            _refuse(field_faults(draft))
            await write_fields(pack.id, position, draft)
            if change.blocks is not UNSET:
                await check_media(pack.id, draft.blocks)
                await write_blocks(pack, activity, draft.blocks, before.blocks, minor=change.minor)
                if not change.minor:
                    tell_on_monday(tx, "source_changed", pack.id)
    except Exception as error:
        if is_taken(error):
            raise SlugTaken from error
        raise


async def remove_activity(pack: OwnPack, activity: UUID) -> None:
    """Take an activity out of the workshop; published versions, and whoever planned with it, keep it. Raises `NotFound`."""
    async with transaction() as tx:
        await _take_pack(pack.id, None)
        if not await fetch(_ACTIVITY, activity, pack.id):
            raise NotFound
        await remove_activities(pack.id, [activity])
        tx.touched(nobodys_library(pack.id), "pack", pack.id)


def with_keys(blocks: Sequence[NewBlockDraft]) -> list[BlockDraft]:
    """The blocks, each with a key. One that the server makes is never that of a block that was there before: its id would be, too."""
    taken = {block.key for block in blocks}
    found = []
    for block in blocks:
        fields = given(block)
        if block.key is UNSET:
            plain = block.kind if block.kind in SINGLE_KINDS and block.kind not in taken else None
            fields = {**fields, "key": plain or f"{block.kind.replace('_', '-')}-{secrets.token_hex(5)}"}
            taken.add(fields["key"])
        found.append(BlockDraft(**fields))
    return found


async def _take_pack(pack: UUID, expected: int | None) -> dict[str, Any]:
    """Make the next version of a pack, and hold it until the transaction ends; what it was. Raises `NotFound`, `Stale`."""
    rows = await fetch(_PACK, pack)
    if not rows:
        raise NotFound
    version, organisation, public, slug, licence, authors, lineage = rows[0]
    if expected is not None and expected != version:
        raise Stale
    await execute(_NEXT, pack)
    return {
        "organisation": as_id(organisation),
        "public": bool(public),
        "slug": slug,
        "licence": licence,
        "authors": msgspec.json.decode(authors),
        "lineage": msgspec.json.decode(lineage, type=list[Ancestor]),
    }


def _head(pack: OwnPack, now: dict[str, Any], texts: PackTexts) -> PackDraft:
    fields = {name: now[name] for name in ("slug", "licence", "authors", "lineage")}
    return PackDraft(format=1, id=pack.id, source_locale=pack.source_locale, texts=texts, activities=[], **fields)


async def _order(pack: UUID, activities: list[UUID]) -> None:
    [[count, _]] = await fetch(_COUNT, pack)
    kind = "sqlite" if engine().engine_type == "sqlite" else "postgres"
    moved = await execute(_ORDER[kind], as_json(activities), pack)
    if not len(set(activities)) == len(activities) == len(moved) == count:
        words = N_("Name every activity of the pack, each of them once.")
        raise Invalid(FieldError("/activities", "not_all_once", words))


def _tell_readers(tx: Transaction, pack: UUID, now: dict[str, Any], change: PackChange) -> None:
    """What stands on a shelf changes with the next version only, but its place there, and on which one, do at once."""
    public = now["public"] if change.public is UNSET else change.public
    before, after = (library_of(pack, now["organisation"], shown) for shown in (now["public"], public))
    if before != after:
        tx.gone(before, "pack", pack)
    if before != after or change.slug not in (UNSET, now["slug"]):
        tx.touched(after, "pack", pack)
    else:
        tx.touched(nobodys_library(pack), "pack", pack)


def _changed(activity: ActivityDraft, change: ActivityChange) -> ActivityDraft:
    fields = {name: value for name, value in given(change).items() if name != "minor"}
    if change.blocks is not UNSET:
        fields["blocks"] = with_keys(change.blocks)
    if change.origin is None:
        fields["origin"] = UNSET
    return msgspec.structs.replace(activity, **fields)


def _refuse(faults: Sequence[FieldError]) -> None:
    if faults:
        raise Invalid(*faults)
