"""Writing, revising and deleting pages."""

from uuid import UUID

from msgspec import UNSET, structs

from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, as_instant, execute
from yema.errors import IdTaken, NotFound, Stale
from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7
from yema.journals.actions.sharing import answers_to, end_sharing, hold
from yema.journals.errors import TextTooLong
from yema.journals.queries import own_entry
from yema.journals.schemas import (
    TEXT_BYTES_MAX,
    EntryContent,
    EntryDraft,
    EntryView,
)
from yema.journals.sealed import close_entry, key_to_write
from yema.journals.tables import Feedback, Prompt, Revision

_INSERT = Statement(
    "INSERT INTO journal_entry (id, person, exchange, version, made_at) VALUES ({}, {}, {}, 1, {})"
    " ON CONFLICT (id) DO NOTHING RETURNING version"
)
_REVISE = Statement(
    "UPDATE journal_entry SET deleted_at = NULL, version = version + 1"
    " WHERE id = {} AND person = {} AND exchange = {} RETURNING version, made_at"
)
_KEEP = Statement("INSERT INTO journal_revision (id, entry, number, sealed, made_at) VALUES ({}, {}, {}, {}, {})")
_DELETE = Statement("UPDATE journal_entry SET deleted_at = {}, version = version + 1 WHERE id = {}")
_HOLD_PAGES = Statement("SELECT id FROM journal_entry WHERE person = {} LIMIT {}", locks=True)
_ERASE = Statement("DELETE FROM journal_entry WHERE id = {}")


async def write_entry(
    membership: Membership,
    entry: UUID,
    draft: EntryDraft,
    person: SignedIn,
    expected: int | None = None,
) -> tuple[EntryView, bool]:
    """Write or revise a page of one's diary; the page as it is then, and whether it is new. Raises what `write_revision` raises."""
    version, content = await write_revision(membership, entry, draft, person, expected)
    if version > 1:
        return await own_entry(person, entry), False
    return EntryView(id=entry, exchange=draft.exchange, version=version, **structs.asdict(content)), True


async def write_revision(
    membership: Membership,
    entry: UUID,
    draft: EntryDraft,
    person: SignedIn,
    expected: int | None = None,
    once: Once | None = None,
) -> tuple[int, EntryContent]:
    """Write or revise a page of one's diary; its version, and all that this one says.

    Every revision is kept. `expected` is the version that the phone knew, None where it does not say. Raises `IdTaken`,
    `TextTooLong`, `NotOfThisExchange`, `Stale`.
    """
    if len(draft.text.encode()) > TEXT_BYTES_MAX:
        raise TextTooLong
    await _check_belongs(membership, draft)
    key = await key_to_write(person.id)
    async with transaction(once) as tx:
        content = EntryContent(
            text=draft.text,
            locale=draft.locale,
            written_at=tx.at if draft.written_at is UNSET else draft.written_at,
            slot=draft.slot,
            prompt=draft.prompt,
            mood=draft.mood,
            competences=draft.competences,
        )
        version = await _save(tx, membership, entry, person, expected)
        sealed = close_entry(key, person.id, entry, version, content)
        await execute(_KEEP, uuid7(), entry, version, sealed, tx.at)
        tx.touched(SpaceKey("person", person.id), "entry", entry)
        await tx.made(entry, version)
    return version, content


async def _save(tx: Transaction, membership: Membership, entry: UUID, person: SignedIn, expected: int | None) -> int:
    """Insert or update the row; the version that it now has."""
    if not expected and await execute(_INSERT, entry, person.id, membership.exchange, tx.at):
        return 1
    rows = await execute(_REVISE, entry, person.id, membership.exchange)
    if not rows:
        raise NotFound if expected else IdTaken
    version, made_at = rows[0]
    if person.diary_since and as_instant(made_at) < person.diary_since:
        raise IdTaken
    if expected is not None and expected != version - 1:
        raise Stale
    return int(version)


async def _check_belongs(membership: Membership, draft: EntryDraft) -> None:
    if draft.slot and not await Slot.exists().where(Slot.id == draft.slot, Slot.exchange == membership.exchange):
        raise NotOfThisExchange
    if draft.prompt and not await Prompt.exists().where(
        Prompt.id == draft.prompt, Prompt.exchange == membership.exchange
    ):
        raise NotOfThisExchange


async def delete_entry(person: SignedIn, entry: UUID, expected: int | None = None, once: Once | None = None) -> int:
    """Delete a page with all its revisions, what was shared of it and the answers; its version. Its id stays taken.

    `expected` is the version that the phone knew. Raises `NotFound`, `Stale`.
    """
    async with transaction(once) as tx:
        version = await hold(person.id, entry, expected)
        await execute(_DELETE, tx.at, entry)
        await end_sharing(tx, entry)
        if answers := await answers_to(entry):
            await Feedback.delete().where(Feedback.entry == entry)
        for answer in answers:
            tx.gone(SpaceKey("person", person.id), "feedback", answer)
        await Revision.delete().where(Revision.entry == entry)
        tx.gone(SpaceKey("person", person.id), "entry", entry)
        await tx.made(entry, version + 1)
    return version + 1


async def erase_pages(tx: Transaction, person: UUID, at_most: int) -> int:
    """Delete some pages of a person who is erased, all but their tombstones; how many."""
    pages = await execute(_HOLD_PAGES, person, at_most)
    for [page] in pages:
        await end_sharing(tx, as_id(page))
        await execute(_ERASE, page)
        tx.gone(SpaceKey("person", person), "entry", as_id(page))
    return len(pages)
