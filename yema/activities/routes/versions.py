"""Versions of a pack: publishing, withdrawing, what changed; and adapting a pack."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.actions.forking import fork_pack
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.activities.queries import forks, versions
from yema.activities.queries.writing import pack_written_by
from yema.activities.schemas.versions import (
    NUMBER_MAX,
    ForkChangesView,
    ForkDraft,
    ForkView,
    PackVersionView,
    PublicationDraft,
    PublishedView,
    VersionChangesView,
    WithdrawalDraft,
)
from yema.changes import MadeBefore, Once
from yema.errors import NotFound
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, id_position, page

Since = Annotated[int | None, QueryParameter(ge=1, le=NUMBER_MAX)]


@post("/packs/{pack_id:uuid}/versions", operation_id="publishPack")
async def publish(
    pack_id: FromPath[UUID],
    data: JSONBody[PublicationDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> PublishedView:
    """Publish the pack as it is now, frozen for ever, for those who write it. Answers what changed since the last version.

    `locales` are the languages of the version; the one that the pack is written in always is. Answers `pack_is_empty`,
    `nothing_in_this_language`, `alternative_text_missing`.
    """
    await pack_written_by(person, pack_id)
    try:
        number = await publish_pack(pack_id, data.locales or None, note=data.note, once=once)
    except MadeBefore as before:
        number = before.version
    return await versions.published_view(person, pack_id, number)


@get("/packs/{pack_id:uuid}/versions", operation_id="listPackVersions")
async def list_pack_versions(pack_id: FromPath[UUID], reader: NamedDependency[Reader]) -> Page[PackVersionView]:
    """The versions of a pack, the newest first. Who writes the pack also sees those that were withdrawn."""
    return Page(items=await versions.versions_for(reader, pack_id))


@get("/packs/{pack_id:uuid}/versions/{number:int}/changes", operation_id="readVersionChanges")
async def read_version_changes(
    pack_id: FromPath[UUID], number: FromPath[int], reader: NamedDependency[Reader], since: Since = None
) -> VersionChangesView:
    """What a version changed since another one; without `since`, since the published one before it."""
    return await versions.changes_for(reader, pack_id, number, since)


@post("/packs/{pack_id:uuid}/versions/{number:int}/withdrawal", operation_id="withdrawVersion")
async def withdraw(
    pack_id: FromPath[UUID], number: FromPath[int], data: JSONBody[WithdrawalDraft], person: NamedDependency[SignedIn]
) -> PackVersionView:
    """Take a version off the shelf, for those who write the pack. Nobody begins to plan with it; who has, reads it on."""
    await pack_written_by(person, pack_id)
    if not 1 <= number <= NUMBER_MAX:
        raise NotFound
    await withdraw_version(pack_id, number, data.reason)
    return await versions.version_for(person, pack_id, number)


@post("/packs/{pack_id:uuid}/forks", operation_id="forkPack")
async def fork(
    pack_id: FromPath[UUID],
    data: JSONBody[ForkDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> ForkView:
    """Make a pack of one's own organisation from a published version, to adapt it: with its texts in all languages, media, authors,
    licence and lineage. It is not published. Answers `licence_forbids`.
    """
    try:
        made = await fork_pack(person, pack_id, data, once)
    except MadeBefore as before:
        made = before.thing
    return await forks.fork_view(person, made)


@get("/packs/{pack_id:uuid}/forks", operation_id="listForks")
async def list_forks(
    pack_id: FromPath[UUID], reader: NamedDependency[Reader], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[ForkView]:
    """The packs that were adapted from this one: public ones, and those of the organisations that I work for."""
    found = await forks.forks_for(reader, pack_id, id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


@get("/packs/{pack_id:uuid}/changes", operation_id="readForkChanges")
async def read_fork_changes(pack_id: FromPath[UUID], reader: NamedDependency[Reader]) -> ForkChangesView:
    """What an adaptation changed in the version that it was made from."""
    return await forks.fork_changes_for(reader, pack_id)


handlers = [
    publish,
    list_pack_versions,
    read_version_changes,
    withdraw,
    fork,
    list_forks,
    read_fork_changes,
]
