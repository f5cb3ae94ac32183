"""The versions of a pack: what a reader finds of them, and what each changed. Who writes the pack also finds what was withdrawn."""

import asyncio
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import UNSET

from yema.accounts.queries import organisations_of
from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.pack.differences import ActivityChange, Differences, FieldChange, differences
from yema.activities.pack.source import ActivityDraft, PackSource, block_id
from yema.activities.queries.frozen import frozen_source
from yema.activities.queries.writing import WRITERS
from yema.activities.schemas.versions import (
    NUMBER_MAX,
    ActivityChangeView,
    BlockChangeView,
    DifferencesView,
    FieldChangeView,
    LocaleChangeView,
    PackVersionView,
    PublishedView,
    VersionChangesView,
)
from yema.database import Row, Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.i18n import choose
from yema.shapes import present

_PACK = Statement("SELECT organisation, public, latest FROM pack WHERE id = {}")
_VERSIONS = Statement(
    "SELECT id, number, published_at, state, note, reason FROM pack_version"
    " WHERE pack = {} AND state <> 'staged' AND number <= {} ORDER BY number DESC LIMIT {}"
)
_LOCALES = Statement(
    "SELECT v.number, f.locale FROM pack_file f JOIN pack_version v ON v.id = f.version"
    " WHERE v.pack = {} ORDER BY v.number, f.locale"
)
# Nobody was offered what was withdrawn, so that one shows what changed since the last one that stayed.
_BEFORE = Statement("SELECT max(number) FROM pack_version WHERE pack = {} AND number < {} AND state = 'published'")


class ReadPack(NamedTuple):
    """A pack as somebody finds it: as a reader of what is on the shelf, or as one who `writes` it."""

    id: UUID
    organisation: UUID | None
    public: bool
    latest: int | None
    writes: bool


async def pack_read_by(reader: Reader, pack: UUID) -> ReadPack:
    """A pack on a shelf that this reader sees, or in a workshop where they write. Raises `NotFound`."""
    rows = await fetch(_PACK, pack)
    if not rows:
        raise NotFound
    organisation, public, latest = rows[0]
    owner = as_id(organisation) if organisation else None
    known = owner is not None and isinstance(reader, SignedIn)
    writes = known and owner in await organisations_of(reader, *WRITERS)  # type: ignore[arg-type]
    reads = bool(public) or (known and owner in await organisations_of(reader))  # type: ignore[arg-type]
    if not writes and (latest is None or not reads):
        raise NotFound
    return ReadPack(pack, owner, bool(public), latest, writes)


async def versions_for(reader: Reader, pack: UUID) -> list[PackVersionView]:
    """The versions of a pack, the newest first."""
    found = await pack_read_by(reader, pack)
    return await _views(found, NUMBER_MAX, NUMBER_MAX)


async def version_for(reader: Reader, pack: UUID, number: int) -> PackVersionView:
    """One version. Raises `NotFound`, for strangers also where it was withdrawn."""
    found = await pack_read_by(reader, pack)
    if not 1 <= number <= NUMBER_MAX:
        raise NotFound
    views = await _views(found, number, 1)
    if not views or views[0].number != number:
        raise NotFound
    return views[0]


async def published_view(reader: Reader, pack: UUID, number: int) -> PublishedView:
    """A version with what it changed since the one before."""
    view = await version_for(reader, pack, number)
    [[since]] = await fetch(_BEFORE, pack, number)
    changes = await version_differences(reader, pack, since, number) if since else UNSET
    return PublishedView(**{f: getattr(view, f) for f in view.__struct_fields__}, changes=changes)


async def changes_for(reader: Reader, pack: UUID, number: int, since: int | None) -> VersionChangesView:
    """What a version changed since another one, else since the published one before it. Raises `NotFound`, `NotKept`."""
    await version_for(reader, pack, number)
    if since is None:
        [[since]] = await fetch(_BEFORE, pack, number)
        if since is None:
            raise NotFound
    else:
        await version_for(reader, pack, since)
    changes = await version_differences(reader, pack, since, number)
    return VersionChangesView(number=number, since=since, changes=changes)


async def version_differences(reader: Reader, pack: UUID, since: int, number: int) -> DifferencesView:
    """What changed between two versions, whoever may know; titles in the reader's language. Raises `NotFound`, `NotKept`."""
    before, after = await frozen_source(pack, since), await frozen_source(pack, number)
    return await differences_shown(reader, before, after)


async def differences_shown(
    reader: Reader, before: PackSource, after: PackSource, *, adapted: bool = False
) -> DifferencesView:
    """What changed between two states of a pack, with titles in the reader's language."""

    def compare() -> DifferencesView:
        return _shown(differences(before, after, adapted=adapted), before, after, reader.wanted)

    return await asyncio.to_thread(compare)


async def _views(pack: ReadPack, upto: int, limit: int) -> list[PackVersionView]:
    rows = await fetch(_VERSIONS, pack.id, upto, limit)
    locales: dict[int, list[str]] = {}
    for number, locale in await fetch(_LOCALES, pack.id):
        locales.setdefault(number, []).append(locale)
    return [_view(row, locales.get(row[1], [])) for row in rows if pack.writes or row[3] == "published"]


def _view(row: Row, locales: list[str]) -> PackVersionView:
    _, number, published_at, state, note, reason = row
    return PackVersionView(
        number=number,
        published_at=as_instant(published_at),
        state=state,
        locales=locales,
        note=note or UNSET,
        reason=reason or UNSET,
    )


def _shown(found: Differences, before: PackSource, after: PackSource, wanted: tuple[str, ...]) -> DifferencesView:
    old = {activity.id: activity for activity in before.activities}
    new = {activity.id: activity for activity in after.activities}

    def one(change: ActivityChange) -> ActivityChangeView:
        gone = change.change == "removed"
        locale, title = _title(*((before, old[change.id]) if gone else (after, new[change.id])), wanted)
        return ActivityChangeView(
            id=change.id,
            title=title,
            title_locale=locale,
            change=change.change,
            moved=change.moved,
            fields=_fields(change.fields) or UNSET,
            blocks=_blocks(change.blocks) or UNSET,
        )

    return DifferencesView(
        fields=_fields(found.fields),
        blocks=_blocks(found.blocks),
        activities=[one(change) for change in found.activities],
        locales=[LocaleChangeView(**change._asdict()) for change in found.locales],
    )


def _title(source: PackSource, activity: ActivityDraft, wanted: tuple[str, ...]) -> tuple[str, str]:
    """(language, title) of an activity, in the best of those that it really has."""
    block = next(block for block in activity.blocks if block.kind == "title")
    which = block_id(activity.id, block.key)
    titles = {locale: texts[which].text for locale, texts in source.translations.items() if which in texts}
    titles[source.head.source_locale] = block.text
    locale = choose(wanted, frozenset(titles), source.head.source_locale)
    return locale, titles[locale]


def _fields(changes: list[FieldChange]) -> list[FieldChangeView]:
    return [FieldChangeView(**change._asdict()) for change in changes]


def _blocks(changes: list[Any]) -> list[BlockChangeView]:
    return [
        BlockChangeView(
            id=change.id,
            key=change.key,
            kind=change.kind,
            change=change.change,
            moved=change.moved,
            before=present(change.before),
            after=present(change.after),
            fields=_fields(change.fields) or UNSET,
        )
        for change in changes
    ]
