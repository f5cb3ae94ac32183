"""Writing, revising, deleting, sharing and answering."""

from uuid import UUID

from msgspec import UNSET, structs

from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, as_instant, execute, fetch
from yema.errors import IdTaken, NotFound, Stale
from yema.exchanges.actions.members import when_somebody_goes, when_somebody_is_renamed
from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.queries import Membership
from yema.exchanges.tables import Slot
from yema.ids import uuid7
from yema.journals.errors import NoGroup, NotShared, TextTooLong
from yema.journals.queries import own_entry
from yema.journals.schemas import (
    TEXT_BYTES_MAX,
    EntryContent,
    EntryDraft,
    EntryView,
    ReflectionView,
    SharedWith,
)
from yema.journals.sealed import close_entry, close_feedback, key_to_write
from yema.journals.tables import Feedback, Prompt, Reflection, Revision

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
_HOLD = Statement(
    "UPDATE journal_entry SET version = version WHERE id = {} AND person = {} AND deleted_at IS NULL RETURNING version"
)
_SHARED = Statement("SELECT space_kind, space_owner FROM reflection WHERE entry = {}")
_OF_GROUPS = ("group", "group_leaders")
_SHARED_BY = Statement(
    "SELECT r.entry, r.space_kind FROM reflection r JOIN journal_entry e ON e.id = r.entry WHERE r.exchange = {} AND e.person = {}"
)
_GROUP = Statement("SELECT \"group\" FROM member WHERE exchange = {} AND person = {} AND state = 'active'", locks=True)
_UNSHARE = Statement("DELETE FROM reflection WHERE entry = {}")
_HOLD_PAGES = Statement("SELECT id FROM journal_entry WHERE person = {} LIMIT {}", locks=True)
_ERASE = Statement("DELETE FROM journal_entry WHERE id = {}")
_SHARED_IN = Statement(
    "SELECT r.id, r.space_kind, r.space_owner FROM reflection r JOIN journal_entry e ON e.id = r.entry WHERE e.person = {}"
)
_GIVEN_BY = Statement(
    'SELECT f.id, space_kind, space_owner FROM feedback f JOIN reflection USING (entry, space_kind, space_owner) WHERE f."by" = {}'
    " UNION ALL SELECT f.id, 'person', e.person FROM feedback f JOIN journal_entry e ON e.id = f.entry WHERE f.\"by\" = {}"
)
_HOLD_REFLECTION = Statement(
    "UPDATE reflection SET revision = revision WHERE id = {} RETURNING space_kind, space_owner"
)


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
        version = await _hold(person.id, entry, expected)
        await execute(_DELETE, tx.at, entry)
        await _end_sharing(tx, entry)
        if answers := await _answers_to(entry):
            await Feedback.delete().where(Feedback.entry == entry)
        for answer in answers:
            tx.gone(SpaceKey("person", person.id), "feedback", answer)
        await Revision.delete().where(Revision.entry == entry)
        tx.gone(SpaceKey("person", person.id), "entry", entry)
        await tx.made(entry, version + 1)
    return version + 1


async def share_entry(
    membership: Membership,
    entry: UUID,
    shared_with: SharedWith,
    expected: int | None = None,
    once: Once | None = None,
) -> int:
    """Show the present revision to the own leaders, the coordinators or the own group; its version. Raises `NoGroup`, `Stale`.

    Sharing with somebody else takes it back from whoever saw it before. `expected` is the version that the author was looking at.
    """
    async with transaction(once) as tx:
        space = _space_for(membership.exchange, await _group_of(membership), shared_with)
        version = await _hold(membership.person, entry, expected)
        await _end_sharing(tx, entry, moving_to=space)
        row = Reflection(
            id=entry,
            entry=entry,
            exchange=membership.exchange,
            shared_with=shared_with,
            space_kind=space.kind,
            space_owner=space.owner,
            revision=version,
            shared_at=tx.at,
        )
        await Reflection.insert(row)
        for answer in await _answers_to(entry, space):
            tx.touched(space, "feedback", answer)
        tx.touched(space, "reflection", entry)
        tx.touched(SpaceKey("person", membership.person), "entry", entry)
        tx.tell("reflection_shared", once_per=f"{entry}:{version}:{space.kind}", reflection=str(entry))
        await tx.made(entry, version)
    return version


async def take_back(person: SignedIn, entry: UUID, once: Once | None = None) -> int:
    """Nobody else sees the entry any more; its version. Raises `NotShared`."""
    async with transaction(once) as tx:
        version = await _hold(person.id, entry)
        if not await _end_sharing(tx, entry):
            raise NotShared
        tx.touched(SpaceKey("person", person.id), "entry", entry)
        await tx.made(entry, version)
    return version


async def erase_pages(tx: Transaction, person: UUID, at_most: int) -> int:
    """Delete some pages of a person who is erased, all but their tombstones; how many."""
    pages = await execute(_HOLD_PAGES, person, at_most)
    for [page] in pages:
        await _end_sharing(tx, as_id(page))
        await execute(_ERASE, page)
        tx.gone(SpaceKey("person", person), "entry", as_id(page))
    return len(pages)


async def _rename(tx: Transaction, person: UUID) -> None:
    """What somebody shared, and their answers, show their name."""
    for entry, kind, owner in await execute(_SHARED_IN, person):
        tx.touched(SpaceKey(kind, as_id(owner)), "reflection", as_id(entry))
    await touch_answers(tx, person)


when_somebody_is_renamed(_rename)


async def touch_answers(tx: Transaction, person: UUID) -> None:
    """The answers that somebody gave stay with whom they gave them to, who hear of another name, or that the name is gone."""
    for answer, *readers in await execute(_GIVEN_BY, person, person):
        tx.touched(SpaceKey(readers[0], as_id(readers[1])), "feedback", as_id(answer))


async def _hold(person: UUID, entry: UUID, expected: int | None = None) -> int:
    """Let nobody else revise, share or delete a page until the transaction ends; its version. Raises `NotFound`, `Stale`."""
    rows = await execute(_HOLD, entry, person)
    if not rows:
        raise NotFound
    version = int(rows[0][0])
    if expected is not None and expected != version:
        raise Stale
    return version


async def _end_sharing(tx: Transaction, entry: UUID, moving_to: SpaceKey | None = None) -> bool:
    """Whether there was something to end."""
    rows = await execute(_SHARED, entry)
    for kind, owner in rows:
        await execute(_UNSHARE, entry)
        space = SpaceKey(kind, as_id(owner))
        if space != moving_to:
            tx.gone(space, "reflection", entry)
            for answer in await _answers_to(entry, space):
                tx.gone(space, "feedback", answer)
    return bool(rows)


async def _withdraw(tx: Transaction, exchange: UUID, person: UUID, for_good: bool) -> None:
    """Who leaves takes along what they shared, who moves what they shared with their group; it stays in their diary."""
    for entry, kind in await execute(_SHARED_BY, exchange, person):
        if for_good or kind in _OF_GROUPS:
            await _end_sharing(tx, as_id(entry))
            tx.touched(SpaceKey("person", person), "entry", as_id(entry))


when_somebody_goes(_withdraw)


async def _answers_to(entry: UUID, space: SpaceKey | None = None) -> list[UUID]:
    """The answers to a page; those given in one space where it is named."""
    query = Feedback.select(Feedback.id).where(Feedback.entry == entry)
    if space is not None:
        query = query.where(Feedback.space_kind == space.kind, Feedback.space_owner == space.owner)
    return [row["id"] for row in await query]


async def _group_of(membership: Membership) -> UUID | None:
    """The author's group as it is now; they are not moved before the transaction ends. Raises `NotFound` for who has left."""
    rows = await fetch(_GROUP, membership.exchange, membership.person)
    if not rows:
        raise NotFound
    return as_id(rows[0][0]) if rows[0][0] else None


def _space_for(exchange: UUID, group: UUID | None, shared_with: SharedWith) -> SpaceKey:
    if shared_with == "coordinators":
        return SpaceKey("exchange_coordinators", exchange)
    if group is None:
        raise NoGroup
    return SpaceKey("group" if shared_with == "group" else "group_leaders", group)


async def answer_reflection(by: Membership, reflection: ReflectionView, text: str, once: Once | None = None) -> UUID:
    """Answer what was shared; the answer's id. Its author and those who see the reflection see it."""
    feedback = uuid7()
    sealed = close_feedback(reflection.person, feedback, text)
    async with transaction(once) as tx:
        # Held, so that an answer never stays behind where the reflection is taken back at the same time.
        rows = await execute(_HOLD_REFLECTION, reflection.id)
        if not rows:
            raise NotFound
        space = SpaceKey(rows[0][0], as_id(rows[0][1]))
        if space not in by.spaces():
            raise NotFound  # shared with somebody else in this moment, whom these words are not for
        await Feedback.insert(
            Feedback(
                id=feedback,
                entry=reflection.id,
                by=by.person,
                space_kind=space.kind,
                space_owner=space.owner,
                sealed=sealed,
                made_at=tx.at,
            )
        )
        tx.touched(space, "reflection", reflection.id)
        tx.touched(space, "feedback", feedback)
        tx.touched(SpaceKey("person", reflection.person), "feedback", feedback)
        tx.tell("feedback_given", once_per=str(feedback), person=str(reflection.person), reflection=str(reflection.id))
        await tx.made(feedback)
    return feedback
