"""Importing a pack file: say what it would change, or do it. It goes into the workshop, and onto the shelf only where that is asked for."""

import asyncio
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.accounts.signed_in import SignedIn
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import Progress, check_activities, source_before, store_pack
from yema.activities.pack.source import Medium, PackSource
from yema.activities.packfile import PackFault, PackFile
from yema.activities.packfile.changes import ImportView, changes_between
from yema.activities.queries.source import medium_of
from yema.activities.queries.writing import organisations_written_for
from yema.activities.rules import check_lineage
from yema.activities.tables import PackMedia
from yema.database import Statement, as_id, fetch
from yema.errors import NotFound, YemaError
from yema.ids import now
from yema.media import forget, keep, media_made_before

_OWNER = Statement("SELECT organisation, public FROM pack WHERE id = {}")


class Owner(NamedTuple):
    """Whose pack it is, and whether everybody may read what is published of it."""

    organisation: UUID | None
    public: bool


async def owner_of(pack: UUID) -> Owner | None:
    """None where there is no such pack."""
    for organisation, public in await fetch(_OWNER, pack):
        return Owner(as_id(organisation) if organisation else None, bool(public))
    return None


async def pack_imported_by(person: SignedIn, pack: UUID, organisation: UUID) -> Owner | None:
    """The owner of the pack that an import would replace, None for a new one.

    Raises `NotFound` for who does not write for the organisation, and where the pack is not that organisation's.
    """
    if organisation not in await organisations_written_for(person):
        raise NotFound
    owner = await owner_of(pack)
    if owner and owner.organisation != organisation:
        raise NotFound
    return owner


async def preview_import(file: PackFile) -> ImportView:
    """What importing would change. Raises `PackFault`, `ActivityElsewhere`; nothing is changed."""
    before = await _checked(file)
    return await asyncio.to_thread(changes_between, before, file.source)


async def import_pack(
    file: PackFile, owner: Owner, *, moves: bool = False, publish: bool = False, progress: Progress | None = None
) -> ImportView:
    """Make the workshop's pack what the file says, and publish its next version where asked; what that changed.

    A pack that is there stays whose it is and as public as it is, unless it `moves` to this owner.

    Raises what `preview_import` and `store_pack` do, and what the media room says of pictures, papers and sounds; then no media of the
    file are left behind.
    """
    before = await _checked(file)
    view = await asyncio.to_thread(changes_between, before, file.source)
    began, known = now(), set[UUID]()
    if file.media:
        known = {*await media_made_before(began)}
    kept: dict[str, Medium] = {}
    try:
        for name in file.media:
            kept[name] = await _keep(file, name)
        source = PackSource(file.source.head, file.source.activities, file.source.translations, kept)
        await store_pack(source, organisation=owner.organisation, public=owner.public, moves=moves, progress=progress)
    except YemaError:
        await _forget({medium.id for medium in kept.values()} - known)
        raise
    if publish:
        return msgspec.structs.replace(view, version=await publish_pack(file.source.head.id))
    return view


async def _checked(file: PackFile) -> PackSource | None:
    """What is there already. Raises where the file does not fit that."""
    await check_activities(file.source)
    before = await source_before(file.source.head.id)
    if before and before.head.lineage != file.source.head.lineage:
        raise PackFault("pack.yaml", "the lineage of a pack that is there already cannot be changed")
    if before and before.head.source_locale != file.source.head.source_locale:
        raise PackFault("pack.yaml", "the language in which a pack is written cannot be changed")
    check_lineage(file.source.head.lineage, file.source.head.licence, file.source.head.authors)
    return before


async def _keep(file: PackFile, name: str) -> Medium:
    content = await asyncio.to_thread(file.medium, name)
    try:
        return medium_of(await keep(content))
    except YemaError as error:
        if error.temporary:
            raise
        raise PackFault(f"media/{name}", error.title % error.values) from None


async def _forget(new: set[UUID]) -> None:
    """Let go what was handed in by this file alone."""
    for medium in new:
        if not await PackMedia.exists().where(PackMedia.media == medium):
            await forget([medium], made_before=now())
