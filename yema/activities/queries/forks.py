"""Adaptations of a pack, and what one of them changed."""

from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.queries import organisations_of
from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.pack.source import PackSource, block_id
from yema.activities.queries.frozen import FrozenHead, frozen_head, frozen_pack, frozen_source
from yema.activities.queries.source import read_source
from yema.activities.queries.versions import ReadPack, differences_shown, pack_read_by, version_for
from yema.activities.schemas.library import AncestorView
from yema.activities.schemas.versions import ForkChangesView, ForkView
from yema.database import Row, Statement, as_id, fetch
from yema.errors import NotFound
from yema.i18n import choose

_FORKS = Statement(
    "WITH RECURSIVE fork (id) AS (SELECT id FROM pack WHERE forked_from = {}"
    " UNION SELECT p.id FROM pack p JOIN fork f ON p.forked_from = f.id)"
    " SELECT p.id, p.organisation, p.public, p.latest FROM pack p JOIN fork ON fork.id = p.id ORDER BY p.id"
)
_FORKED = Statement("SELECT forked_from, forked_number FROM pack WHERE id = {} AND forked_from IS NOT NULL")
_ONE = Statement(
    "SELECT id, organisation, public, latest, slug, licence, authors, lineage, source_locale FROM pack WHERE id = {}"
)
_TITLES = Statement("SELECT locale, text FROM pack_block_text WHERE block = {}")


async def forks_for(reader: Reader, pack: UUID, after: UUID | None, limit: int) -> list[ForkView]:
    """The packs that were adapted from this one, directly or by way of another: those that are published for this reader, and those
    of the organisations that they work for; by their ids, one more than the limit.
    """
    await pack_read_by(reader, pack)
    mine = await organisations_of(reader) if isinstance(reader, SignedIn) else []
    found: list[UUID] = []
    for fork, organisation, public, latest in await fetch(_FORKS, pack):
        own = organisation is not None and as_id(organisation) in mine
        if (own or (public and latest is not None)) and (after is None or as_id(fork) > after):
            found.append(as_id(fork))
    return [await fork_view(reader, fork, own_words=False) for fork in found[: limit + 1]]


async def fork_view(reader: Reader, fork: UUID, *, own_words: bool = True) -> ForkView:
    """An adaptation, whoever may see it: as it is published, or in its `own_words` of today; so also where it never was published."""
    [row] = await fetch(_ONE, fork)
    latest = row[3]
    if latest is None or own_words:
        return await _from_workshop(reader, row)
    version = await frozen_pack(fork, latest)
    head = await frozen_head(version.file_for(reader.wanted))
    return _view(row, head)


async def fork_changes_for(reader: Reader, pack: UUID) -> ForkChangesView:
    """What an adaptation changed: for who writes it as it is now, for others as it is published.

    Raises `NotFound`, also for a pack that is no adaptation, and for who may not read the version that it was made from.
    """
    found = await pack_read_by(reader, pack)
    [[*_, lineage, _]] = await fetch(_ONE, pack)
    ancestors = msgspec.json.decode(lineage, type=list[AncestorView])
    if not ancestors:
        raise NotFound
    origin = ancestors[-1]
    if not (found.writes and await _was_adapted_from(pack, origin)):
        await version_for(reader, origin.pack, origin.version)
    before = await frozen_source(origin.pack, origin.version)
    after = await _as_it_is(found)
    changes = await differences_shown(reader, before, after, adapted=True)
    version = UNSET if found.writes or found.latest is None else found.latest
    return ForkChangesView(origin=origin, changes=changes, version=version)


async def _was_adapted_from(pack: UUID, origin: AncestorView) -> bool:
    """Whether it was made from that version here: then it began as a copy of all that stood there. A file may say anything."""
    return [(as_id(one), number) for one, number in await fetch(_FORKED, pack)] == [(origin.pack, origin.version)]


async def _as_it_is(pack: ReadPack) -> PackSource:
    if pack.writes or pack.latest is None:
        return await read_source(pack.id)
    return await frozen_source(pack.id, pack.latest)


async def _from_workshop(reader: Reader, row: Row) -> ForkView:
    pack, *_, slug, licence, authors, lineage, source_locale = row
    titles = {found[0]: found[1] for found in await fetch(_TITLES, block_id(as_id(pack), "title"))}
    locale = choose(reader.wanted, frozenset(titles), source_locale)
    head = FrozenHead(
        slug=slug,
        title=titles.get(locale, ""),
        locale=locale,
        licence=licence,
        authors=msgspec.json.decode(authors),
        lineage=msgspec.json.decode(lineage, type=list[AncestorView]),
    )
    return _view(row, head)


def _view(row: Row, head: FrozenHead) -> ForkView:
    pack, organisation, _, latest, *_ = row
    return ForkView(
        id=as_id(pack),
        organisation=as_id(organisation) if organisation else UNSET,
        version=UNSET if latest is None else latest,
        **{field: getattr(head, field) for field in FrozenHead.__struct_fields__},
    )
