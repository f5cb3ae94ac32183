"""Publish a pack: freeze what the workshop holds into one immutable file for each language.

A big pack is more than one transaction may hold: the files are written first, beside what readers see, and the last transaction puts the
new version on the shelf.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from yema.activities.actions.store import library_of
from yema.activities.actions.weekly import tell_on_monday
from yema.activities.errors import AlternativeTextMissing, NothingInThisLanguage, PackIsEmpty
from yema.activities.finding.search import forget_rows, rows_of, save_rows
from yema.activities.pack.source import PackSource, frozen
from yema.activities.queries.source import read_source
from yema.activities.reading.documents import document_of, encoded
from yema.activities.rules import without_alternative
from yema.activities.tables import PackFile, PackMedia, PackVersion, Words
from yema.changes import Once, Transaction, transaction
from yema.database import Statement, as_id, execute, fetch, is_taken
from yema.errors import N_, FieldError, NotFound, YemaError
from yema.ids import now, uuid7

WORDS_AT_ONCE = 100
LETTERS_AT_ONCE = 50_000
"""Of words: a row of a long activity has a hundred times as many as one of a title."""
STAGED_KEPT = timedelta(days=1)
"""A version that is still being made after this long was broken off."""
_TRIES = 50

Published = Callable[[UUID], Awaitable[None]]
_listeners: list[Published] = []

_PACK = "SELECT organisation, public, latest FROM pack WHERE id = {}"
HOLD_PACK = Statement(_PACK, postgres=f"{_PACK} FOR NO KEY UPDATE")
"""Nothing of the pack goes on its shelf, or from it, and nobody begins to plan with it, until the transaction ends."""
_VERSION = Statement(
    "INSERT INTO pack_version (id, pack, number, published_at, state, note, reason)"
    " SELECT {}, {}, coalesce(max(number), 0) + 1, {}, 'staged', {}, '' FROM pack_version WHERE pack = {} RETURNING number"
)
_FREEZE = Statement("UPDATE pack_version SET content = {} WHERE id = {}")
_FILE = Statement(
    "INSERT INTO pack_file (id, version, locale, sha256, content, cards, serial)"
    " SELECT {}, {}, {}, {}, {}, {}, coalesce(max(serial), 0) + 1 FROM pack_file RETURNING serial"
)
_HIGHEST = Statement("SELECT max(number) FROM pack_version WHERE pack = {} AND state = 'published'")
_SHELVE = Statement("UPDATE pack SET latest = {} WHERE id = {}")
_BROKEN_OFF = Statement(
    "SELECT id FROM pack_version WHERE state = 'staged' AND published_at < {} ORDER BY published_at"
)
_FILES = Statement("SELECT id, serial FROM pack_file WHERE version = {} ORDER BY serial")


def when_published(listener: Published) -> None:
    """Let a higher slice hear, right after the commit, that a pack has another version on its shelf, or a version was withdrawn."""
    _listeners.append(listener)


async def tell_listeners(pack: UUID) -> None:
    """After the commit: it has happened, and stays so where somebody could not hear of it just now."""
    for listener in _listeners:
        with suppress(YemaError):
            await listener(pack)


async def publish_pack(
    pack: UUID, locales: Sequence[str] | None = None, *, note: str = "", once: Once | None = None
) -> int:
    """Publish the next version in these languages (all that the pack has where none are named); its number.

    The source language is always one of them. Raises `NotFound`, `PackIsEmpty`, `NothingInThisLanguage`, `AlternativeTextMissing`,
    `ImportUnderWay`.
    """
    if once:
        await once.check()
    # The number before the content: of two who publish at once, the higher one is never the older content.
    version = uuid7()
    number = await _stage(version, pack, note)
    try:
        source = await read_source(pack, locales, settled=True)
        await asyncio.to_thread(_check, source, locales)
        await _freeze(version, source)
        for locale in source.locales:
            await _write_file(version, source, locale, number)
        await _shelve(version, source, number, once)
    except BaseException:
        with suppress(Exception):  # what stays behind is swept tomorrow
            await asyncio.shield(_forget(version))
        raise
    await tell_listeners(pack)
    return number


async def sweep_staged() -> int:
    """Forget versions whose making was broken off a day ago or earlier, by a crash; how many there were. Nobody has ever seen them."""
    broken = await fetch(_BROKEN_OFF, now() - STAGED_KEPT)
    for [version] in broken:
        await _forget(as_id(version))
    return len(broken)


def _check(source: PackSource, locales: Sequence[str] | None) -> None:
    if not source.activities:
        raise PackIsEmpty
    if not {*(locales or [])} <= {*source.locales}:
        raise NothingInThisLanguage
    words = N_("This picture or sound has no text in the language %(locale)s.")
    if missing := [
        FieldError(f"/{locale}/{block}", "missing", words, locale=locale)
        for locale in source.locales
        for block in without_alternative(source, locale)
    ]:
        raise AlternativeTextMissing(*missing[:100])


async def _stage(version: UUID, pack: UUID, note: str) -> int:
    """The next number. Raises `NotFound`."""
    async with transaction() as tx:
        # Two may publish at once; the second one waits for the number of the first.
        if not await execute(HOLD_PACK, pack):
            raise NotFound
        [[number]] = await execute(_VERSION, version, pack, tx.at, note, pack)
    return int(number)


async def _freeze(version: UUID, source: PackSource) -> None:
    content = await asyncio.to_thread(frozen, source)
    async with transaction():
        await execute(_FREEZE, content, version)


async def _write_file(version: UUID, source: PackSource, locale: str, number: int) -> None:
    document = await asyncio.to_thread(document_of, source, locale, number)
    edition = await asyncio.to_thread(encoded, document)
    sha256 = await asyncio.to_thread(lambda: hashlib.sha256(edition.document).hexdigest())
    serial = await _save_file(uuid7(), version, locale, sha256, edition.document, edition.cards)
    for rows in await asyncio.to_thread(lambda: [*_in_pieces(rows_of(document, serial))]):
        async with transaction():
            await save_rows(rows)
        await asyncio.sleep(0)  # others want to write in between


def _in_pieces(rows: Iterable[Words]) -> Iterator[list[Words]]:
    """As many as one transaction saves."""
    piece: list[Words] = []
    letters = 0
    for row in rows:
        if piece and (len(piece) == WORDS_AT_ONCE or letters + len(row.folded) > LETTERS_AT_ONCE):
            yield piece
            piece, letters = [], 0
        piece.append(row)
        letters += len(row.folded)
    if piece:
        yield piece


async def _save_file(*file: object) -> int:
    """Save a file under the next serial, which counts the files of all packs; another one may take it at this moment."""
    for _ in range(_TRIES):
        try:
            async with transaction():
                [[serial]] = await execute(_FILE, *file)
            return int(serial)
        except Exception as error:
            if not is_taken(error):
                raise
    raise RuntimeError("No serial is free: others publish all the time.")


async def _shelve(version: UUID, source: PackSource, number: int, once: Once | None) -> None:
    pack = source.head.id
    async with transaction(once) as tx:
        await execute(HOLD_PACK, pack)
        await PackVersion.update({PackVersion.state: "published", PackVersion.published_at: tx.at}).where(
            PackVersion.id == version
        )
        if source.media:
            await PackMedia.update({PackMedia.published: True}).where(
                PackMedia.pack == pack, PackMedia.media.is_in([medium.id for medium in source.media.values()])
            )
        await put_on_shelf(tx, pack)
        tell_on_monday(tx, "source_changed", pack)  # an import says nothing of what it changed
        await tx.made(version, number)


async def put_on_shelf(tx: Transaction, pack: UUID) -> None:
    """What stands on the shelf is the highest version that is published, or nothing; readers of the library hear of it.

    Raises `NotFound`. Whoever publishes and withdraws at once waits here for the other.
    """
    rows = await execute(HOLD_PACK, pack)
    if not rows:
        raise NotFound
    organisation, public, _ = rows[0]
    [[highest]] = await execute(_HIGHEST, pack)
    await execute(_SHELVE, highest, pack)
    library = library_of(pack, as_id(organisation) if organisation else None, bool(public))
    if highest is None:
        tx.gone(library, "pack", pack)
    else:
        tx.touched(library, "pack", pack)


async def _forget(version: UUID) -> None:
    """Take away a version that was never on the shelf, a few hundred rows to a transaction."""
    if await PackVersion.exists().where(PackVersion.id == version, PackVersion.state != "staged"):
        return
    for file, serial in await fetch(_FILES, version):
        while serial is not None:
            async with transaction():
                if await forget_rows(serial, WORDS_AT_ONCE) < WORDS_AT_ONCE:
                    break
        async with transaction():
            await PackFile.delete().where(PackFile.id == as_id(file))
    async with transaction():
        await PackVersion.delete().where(PackVersion.id == version, PackVersion.state == "staged")
