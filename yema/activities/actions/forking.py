"""Adapt a pack: an organisation's own copy of a version, which remembers where it comes from."""

import asyncio
from uuid import UUID, uuid5

from msgspec import UNSET, structs

from yema.accounts.signed_in import SignedIn
from yema.activities.actions.store import nobodys_library, store_pack
from yema.activities.errors import LicenceForbids
from yema.activities.pack.licences import terms_of
from yema.activities.pack.source import PACK_KEYS, Ancestor, PackSource, block_id
from yema.activities.queries.frozen import frozen_source
from yema.activities.queries.versions import pack_read_by, version_for
from yema.activities.queries.writing import organisations_written_for
from yema.activities.schemas.versions import ForkDraft
from yema.changes import Once, transaction
from yema.database import Statement, execute
from yema.errors import N_, FieldError, Invalid, NotFound
from yema.ids import uuid7

LINEAGE_MAX = 20
AUTHORS_MAX = 50

_ADAPTED = Statement("UPDATE pack SET forked_from = {}, forked_number = {} WHERE id = {}")


async def fork_pack(person: SignedIn, pack: UUID, draft: ForkDraft, once: Once | None = None) -> UUID:
    """Make a pack of an organisation's own from a published version, in all its languages; its id. It is not published yet.

    Raises `NotFound` for a version that this person may not read, or an organisation that they do not write for, `LicenceForbids`,
    `NotKept`.
    """
    if draft.organisation not in await organisations_written_for(person):
        raise NotFound
    found = await pack_read_by(person, pack)
    number = found.latest if draft.version is UNSET else draft.version
    if number is None or (await version_for(person, pack, number)).state != "published":
        raise NotFound
    if once:
        await once.check()
    source = await frozen_source(pack, number)
    if not terms_of(source.head.licence).derivatives and draft.organisation != found.organisation:
        raise LicenceForbids
    # Asked again after a crash, the same request carries on with the same pack.
    made = uuid5(pack, once.key) if once else uuid7()
    copy = await asyncio.to_thread(adaptation, source, made, number)
    copy.head.authors = _authors(source.head.authors, draft.authors)
    if draft.slug is not UNSET:
        copy.head.slug = draft.slug
    await store_pack(copy, organisation=draft.organisation, public=False)
    async with transaction(once) as tx:
        await execute(_ADAPTED, pack, number, made)
        tx.touched(nobodys_library(made), "pack", made)
        await tx.made(made)
    return made


def adaptation(source: PackSource, pack: UUID, number: int) -> PackSource:
    """The same pack under another id: its activities have new ids and know their `origin`, and all texts and media come along."""
    activities = [
        structs.replace(activity, id=uuid5(pack, str(activity.id)), origin=activity.id)
        for activity in source.activities
    ]
    renamed = {block_id(source.head.id, key): block_id(pack, key) for key in PACK_KEYS}
    for old, new in zip(source.activities, activities, strict=True):
        renamed |= {block_id(old.id, block.key): block_id(new.id, block.key) for block in old.blocks}
    head = structs.replace(source.head, id=pack, lineage=_lineage(source, number))
    translations = {
        locale: {renamed[block]: text for block, text in texts.items() if block in renamed}
        for locale, texts in source.translations.items()
    }
    return PackSource(head=head, activities=activities, translations=translations, media=dict(source.media))


def _lineage(source: PackSource, number: int) -> list[Ancestor]:
    """The packs before, and this one. The first one stays, however long the row would become."""
    head = source.head
    parent = Ancestor(pack=head.id, version=number, title=head.texts.title, authors=head.authors, licence=head.licence)
    before = head.lineage
    if len(before) >= LINEAGE_MAX:
        before = [before[0], *before[2 - LINEAGE_MAX :]]
    return [*before, parent]


def _authors(first: list[str], own: list[str]) -> list[str]:
    authors = list(dict.fromkeys([*first, *own]))
    if len(authors) > AUTHORS_MAX:
        raise Invalid(FieldError("/authors", "too_long", N_("This value is not allowed here.")))
    return authors
