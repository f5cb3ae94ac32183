"""Translating: texts one by one, and whole PO files.

Two who translate into one language wait for each other at the row of the activity in that language (`next_translation`). Before it
both hold the activity itself, beside each other; who edits the source has it alone, and first of all, so nobody waits in a circle.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from yema.activities.actions.rows.texts import Row, next_translation, save_texts
from yema.activities.actions.store import nobodys_library
from yema.activities.actions.weekly import tell_on_monday
from yema.activities.errors import PoMalformed, SourceLanguage
from yema.activities.pack.source import PackSource, Translation, plain
from yema.activities.queries.source import read_source
from yema.activities.queries.translating import KnownText, known_texts, version_of
from yema.activities.queries.writing import OwnPack
from yema.activities.rules import source_hash
from yema.activities.schemas.translations import TextsDraft
from yema.activities.tables import PackBlockText
from yema.activities.translating.po import LINE_MAX, BadPo, Note, Taken, translations_in
from yema.activities.translating.rules import Progress, progress_of
from yema.changes import Transaction, transaction
from yema.database import Statement, execute
from yema.errors import N_, FieldError, Invalid, NotFound, Stale

_ACTIVITY_CHANGED = Statement("UPDATE activity SET version = version + 1 WHERE id = {} AND pack = {} RETURNING version")
_PACK_CHANGED = Statement("UPDATE pack SET version = version + 1 WHERE id = {} RETURNING version")
_HOLD_ACTIVITY = "SELECT version FROM activity WHERE id = {} AND pack = {}"
_HOLD_PACK = "SELECT version FROM pack WHERE id = {}"
_ACTIVITY_HELD = Statement(_HOLD_ACTIVITY, postgres=f"{_HOLD_ACTIVITY} FOR SHARE")
_PACK_HELD = Statement(_HOLD_PACK, postgres=f"{_HOLD_PACK} FOR SHARE")
_STAY_FRESH = Statement(
    "UPDATE pack_block_text SET source = {}, source_hash = {} WHERE block = {} AND locale <> {} AND source_hash = {}"
)

UNKNOWN_BLOCK = N_("There is no such text here.")
NOTHING_TO_CONFIRM = N_("There is no translation yet that could be confirmed.")
NEEDED = N_("This is needed.")
TOO_LONG = N_("At most %(limit)s characters or entries, please.")


class Kept(NamedTuple):
    """Why a text of a PO file was left (`po.REASONS`), and what stands there instead, if anything."""

    code: str
    text: Translation | None


Left = dict[UUID, Kept]
"""By block."""


class Import(NamedTuple):
    """What a PO file brought, or would bring."""

    taken: Taken
    replaced: int
    progress: Progress


async def write_texts(pack: OwnPack, owner: UUID, locale: str, draft: TextsDraft, expected: int | None) -> None:
    """Set texts of an activity (or of the pack itself) in one language; in the pack's own these are the source.

    `expected` is the version that the translator saw, None for any. Raises `Stale`, `NotFound`, `Invalid` with the blocks that are wrong.
    """
    given = {block: plain(text) for block, text in draft.texts.items()}
    source = locale == pack.source_locale
    async with transaction() as tx:
        if source:
            await _change_owner(tx, pack, owner)
        else:
            await _hold_source(pack, owner)
        await next_translation(pack.id, owner, locale)
        texts = await known_texts(pack, owner, locale)
        if expected is not None and expected != await version_of(owner, pack.source_locale, locale) - 1:
            raise Stale
        if not texts:
            raise NotFound
        _check(texts, given, draft.confirmed, source)
        if source:
            await _write_source(texts, locale, given, draft.minor)
            if not draft.minor:
                tell_on_monday(tx, "source_changed", pack.id)
        else:
            await _write_translations(texts, locale, given, draft.confirmed)


async def _change_owner(tx: Transaction, pack: OwnPack, owner: UUID) -> None:
    """What has these texts is another version of itself now; its row stays locked."""
    if owner == pack.id:
        await execute(_PACK_CHANGED, owner)
        tx.touched(nobodys_library(pack.id), "pack", pack.id)
    else:
        await execute(_ACTIVITY_CHANGED, owner, pack.id)


async def _hold_source(pack: OwnPack, owner: UUID) -> None:
    """Until the transaction ends, nobody changes the source or takes blocks away."""
    if owner == pack.id:
        await execute(_PACK_HELD, owner)
    else:
        await execute(_ACTIVITY_HELD, owner, pack.id)


def _check(texts: list[KnownText], given: Mapping[UUID, str], confirmed: list[UUID], source: bool) -> None:
    known = {text.block: text for text in texts}
    faults = []
    for block, text in given.items():
        at = f"/texts/{block}"
        if block not in known:
            faults.append(FieldError(at, "unknown_block", UNKNOWN_BLOCK))
        elif source and not text:
            faults.append(FieldError(at, "required", NEEDED))
        elif known[block].kind == "title" and len(text) > LINE_MAX:
            faults.append(FieldError(at, "too_long", TOO_LONG, limit=LINE_MAX))
    for position, block in enumerate(confirmed):
        if block not in known:
            faults.append(FieldError(f"/confirmed/{position}", "unknown_block", UNKNOWN_BLOCK))
        elif known[block].text is None and not given.get(block):
            faults.append(FieldError(f"/confirmed/{position}", "nothing_to_confirm", NOTHING_TO_CONFIRM))
    if faults:
        raise Invalid(*faults)


async def _write_source(texts: list[KnownText], locale: str, given: Mapping[UUID, str], minor: bool) -> None:
    changed = [text for text in texts if text.block in given and given[text.block] != text.source]
    rows: list[Row] = []
    for text in changed:
        new = given[text.block]
        if minor and (hashed := source_hash(new)) != text.source_hash:
            await execute(_STAY_FRESH, new, hashed, text.block, locale, text.source_hash)
        rows.append((text.block, locale, Translation(text=new, source=new)))
    await save_texts(rows)


async def _write_translations(
    texts: list[KnownText], locale: str, given: Mapping[UUID, str], confirmed: list[UUID]
) -> None:
    # In their order, so that two who write the same ones do not lock each other out.
    right = {text.block: text.text for text in texts if text.block in confirmed and text.text is not None}
    wanted = {**right, **given}
    rows = [
        (text.block, locale, Translation(text=wanted[text.block], source=text.source))
        for text in texts
        if wanted.get(text.block)
    ]
    await save_texts(rows)
    if gone := [block for block, text in wanted.items() if not text]:
        await PackBlockText.delete().where(PackBlockText.locale == locale, PackBlockText.block.is_in(gone))


async def import_po(pack: OwnPack, locale: str, content: bytes, *, preview: bool = False) -> Import:
    """Take what a PO file brings, activity by activity. Raises `PoMalformed`, and then nothing has changed; `SourceLanguage`."""
    source = await translated_source(pack, locale)
    try:
        taken = await asyncio.to_thread(translations_in, content, source, locale, drafts=False)
    except BadPo as bad:
        raise PoMalformed(
            *(FieldError(f"/lines/{f.line}", f.code, f.words, **dict(f.values)) for f in bad.faults)
        ) from None
    before = source.translations.get(locale, {})
    left: Left = {} if preview else await _carry(pack, locale, source, taken.translations)
    taken = _without(taken, left)
    replaced = len(before.keys() & taken.translations.keys())
    now = {**before, **taken.translations, **{block: why.text for block, why in left.items()}}
    source.translations[locale] = {block: text for block, text in now.items() if text}
    progress = await asyncio.to_thread(progress_of, source, locale)
    return Import(taken, replaced, progress)


async def translated_source(pack: OwnPack, locale: str) -> PackSource:
    """The pack in the workshop with its texts in one language. Raises `SourceLanguage` for the one that it is written in."""
    if locale == pack.source_locale:
        raise SourceLanguage
    return await read_source(pack.id, [locale])


async def _carry(pack: OwnPack, locale: str, source: PackSource, found: Mapping[UUID, Translation]) -> Left:
    """Write what was found where nobody has written or taken away anything since the file was compared; what was left."""
    before = source.translations.get(locale, {})
    left: Left = {}
    for owner, rows in (await asyncio.to_thread(_rows_by_owner, source, locale, found)).items():
        async with transaction():
            await _hold_source(pack, owner)
            await next_translation(pack.id, owner, locale)
            there = {text.block: _translation(text) for text in await known_texts(pack, owner, locale)}
            await save_texts(row for row in rows if row[0] in there and there[row[0]] == before.get(row[0]))
        for block, *_ in rows:
            if block not in there:
                left[block] = Kept("unknown_block", None)
            elif there[block] != before.get(block):
                left[block] = Kept("changed_meanwhile", there[block])
        await asyncio.sleep(0)
    return left


def _translation(text: KnownText) -> Translation | None:
    return None if text.text is None else Translation(text=text.text, source=text.made_from or "")


def _rows_by_owner(source: PackSource, locale: str, found: Mapping[UUID, Translation]) -> dict[UUID, list[Row]]:
    """The rows to write, in the order of the pack, by activity; those of the pack itself by the pack."""
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for text in source.texts():
        if new := found.get(text.id):
            rows[text.activity.id if text.activity else source.head.id].append((text.id, locale, new))
    return rows


def _without(taken: Taken, left: Left) -> Taken:
    """What was taken in the end, and why the rest was not."""
    if not left:
        return taken
    notes = [Note(taken.lines[block], str(block), why.code) for block, why in left.items()]
    lines = {note.line for note in notes}
    return Taken(
        {block: text for block, text in taken.translations.items() if block not in left},
        sorted([*taken.not_taken, *notes]),
        [note for note in taken.stale if note.line not in lines],
        taken.lines,
    )
