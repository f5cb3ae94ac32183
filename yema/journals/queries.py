"""Reading diaries: one's own, and what was shared with the reader."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership
from yema.i18n import choose
from yema.journals.errors import DiaryGone
from yema.journals.schemas import EntryView, FeedbackView, PromptView, ReflectionView, RevisionView
from yema.journals.sealed import has_diary, open_entry, open_feedback
from yema.journals.tables import Entry, Feedback, Prompt, Reflection, Revision

_SEEN = (
    "SELECT r.id, r.shared_with, r.shared_at, r.revision, e.person, p.display_name, v.sealed FROM reflection r"
    " JOIN journal_entry e ON e.id = r.entry JOIN person p ON p.id = e.person"
    " JOIN journal_revision v ON v.entry = r.entry AND v.number = r.revision"
    # What was shared with a group or its leaders is seen while the author is in that group.
    " JOIN member m ON m.exchange = r.exchange AND m.person = e.person AND m.state = 'active'"
    " AND (r.space_kind = 'exchange_coordinators' OR m.\"group\" = r.space_owner)"
    " WHERE r.exchange = {} AND ((r.space_kind = {} AND r.space_owner = {})"
    " OR (r.space_kind = {} AND r.space_owner = {}) OR (r.space_kind = {} AND r.space_owner = {}))"
)
_SEEN_BEFORE = Statement(f"{_SEEN} AND r.id < {{}} ORDER BY r.id DESC LIMIT {{}}")
_SEEN_ONE = Statement(f"{_SEEN} AND r.id = {{}}")
_SHARED_INTO = ("exchange_coordinators", "group", "group_leaders")
_LAST = UUID(int=2**128 - 1)


async def own_entry(person: SignedIn, entry: UUID) -> EntryView:
    """One of my entries. Raises `NotFound`, also for those from before a re-link."""
    rows = await _own(person).where(Revision.entry == entry)
    if not rows:
        raise NotFound
    for view in await _entry_views(rows):
        return view
    raise DiaryGone


async def own_entries(person: SignedIn, exchange: UUID | None, before: UUID | None, limit: int) -> list[EntryView]:
    """My entries, the newest first by id; one more than `limit` where there are more."""
    if not has_diary(person.id):
        return []
    found: list[EntryView] = []
    while True:
        query = _own(person)
        if exchange:
            query = query.where(Revision.entry.exchange == exchange)
        if before:
            query = query.where(Revision.entry < before)
        rows = await query.order_by(Revision.entry, ascending=False).limit(limit + 1)
        found += await _entry_views(rows)
        if len(rows) <= limit or len(found) > limit:  # else some did not open, and there may be more behind them
            return found
        before = rows[-1]["id"]


async def own_entries_by_id(person: SignedIn, only: Sequence[UUID]) -> list[EntryView]:
    """Those of these entries that are mine and open."""
    return await _entry_views(await _own(person).where(Revision.entry.is_in(list(only))))


async def own_revisions(person: SignedIn, entry: UUID) -> list[RevisionView]:
    """All that I ever wrote on a page, the latest first. Raises `NotFound`."""
    await own_entry(person, entry)
    rows = await Revision.select().where(Revision.entry == entry).order_by(Revision.number, ascending=False)
    found = []
    for row in rows:
        with suppress(DiaryGone):
            found.append(_revision_view(person.id, row))
    return found


async def own_revision(person: SignedIn, entry: UUID, number: int) -> RevisionView | None:
    """One version of a page of mine; None where it was deleted."""
    for row in await Revision.select().where(Revision.entry == entry, Revision.number == number):
        with suppress(DiaryGone):
            return _revision_view(person.id, row)
    return None


def _revision_view(person: UUID, row: dict[str, Any]) -> RevisionView:
    content = open_entry(person, row["entry"], row["number"], row["sealed"])
    return RevisionView(version=row["number"], made_at=row["made_at"], **msgspec.structs.asdict(content))


async def is_own_deleted(person: SignedIn, entry: UUID) -> int | None:
    """The version of a page that I have deleted; None for any other."""
    rows = await Entry.select(Entry.version).where(
        Entry.id == entry, Entry.person == person.id, Entry.deleted_at.is_not_null()
    )
    return rows[0]["version"] if rows else None


def _own(person: SignedIn) -> Any:
    """Pages with their latest revision, in one statement, since another phone may be writing."""
    entry: Any = Revision.entry
    query = Revision.select(
        Revision.entry.as_alias("id"),
        Revision.number.as_alias("version"),
        Revision.sealed,
        entry.exchange.as_alias("exchange"),
        entry.person.as_alias("person"),
    ).where(entry.person == person.id, entry.deleted_at.is_null(), Revision.number == entry.version)
    return query.where(entry.made_at >= person.diary_since) if person.diary_since else query


async def _entry_views(rows: list[dict[str, Any]]) -> list[EntryView]:
    """The pages that open."""
    if not rows:
        return []
    shared = {
        r["entry"]: r for r in await Reflection.select().where(Reflection.entry.is_in([row["id"] for row in rows]))
    }
    views = []
    for row in rows:
        with suppress(DiaryGone):
            views.append(_entry_view(row, shared.get(row["id"])))
    return views


def _entry_view(row: dict[str, Any], shared: dict[str, Any] | None) -> EntryView:
    content = open_entry(row["person"], row["id"], row["version"], row["sealed"])
    return EntryView(
        id=row["id"],
        exchange=row["exchange"],
        version=row["version"],
        shared_with=shared["shared_with"] if shared else UNSET,
        shared_version=shared["revision"] if shared else UNSET,
        **msgspec.structs.asdict(content),
    )


async def reflections_shared_with(membership: Membership, before: UUID | None, limit: int) -> list[ReflectionView]:
    """What was shared with this member, the newest first by id; one more than `limit` where there are more."""
    found: list[ReflectionView] = []
    spaces = _spaces_of(membership)
    while spaces:
        rows = await fetch(_SEEN_BEFORE, membership.exchange, *spaces, before or _LAST, limit + 1)
        for row in rows:
            with suppress(DiaryGone):
                found.append(_reflection_view(membership, row))
        if len(rows) <= limit or len(found) > limit:
            break
        before = as_id(rows[-1][0])
    return found


async def reflection_shared_with(membership: Membership, reflection: UUID) -> ReflectionView:
    """One reflection. Raises `NotFound` unless it was shared with this member."""
    spaces = _spaces_of(membership)
    rows = await fetch(_SEEN_ONE, membership.exchange, *spaces, reflection) if spaces else []
    if not rows:
        raise NotFound
    return _reflection_view(membership, rows[0])


async def reflections_in(membership: Membership, space: SpaceKey, only: Sequence[UUID]) -> list[ReflectionView]:
    """Those of these reflections that are seen in that space of the member's."""
    found: list[ReflectionView] = []
    for reflection in only:
        for row in await fetch(_SEEN_ONE, membership.exchange, *(space.kind, space.owner) * 3, reflection):
            with suppress(DiaryGone):
                found.append(_reflection_view(membership, row))
    return found


async def exchange_of_entry(entry: UUID) -> tuple[UUID, UUID]:
    """(exchange, author) of an entry; whether the asker may know is the next question. Raises `NotFound`."""
    rows = await Entry.select(Entry.exchange, Entry.person).where(Entry.id == entry)
    if not rows:
        raise NotFound
    return rows[0]["exchange"], rows[0]["person"]


def _spaces_of(membership: Membership) -> list[Any]:
    """Kinds and owners of three spaces in which this member sees reflections; empty where there are none."""
    spaces = [space for space in membership.spaces() if space.kind in _SHARED_INTO]
    return [part for space in (spaces * 3)[:3] for part in space]


def _reflection_view(membership: Membership, row: Sequence[Any]) -> ReflectionView:
    reflection, shared_with, shared_at, revision, person, display_name, sealed = row
    content = open_entry(as_id(person), as_id(reflection), revision, sealed)
    return ReflectionView(
        id=as_id(reflection),
        exchange=membership.exchange,
        person=as_id(person),
        display_name=display_name,
        shared_with=shared_with,
        shared_at=as_instant(shared_at),
        version=revision,
        **msgspec.structs.asdict(content),
    )


async def feedback_for(person: SignedIn, entry: UUID, author: UUID) -> list[FeedbackView]:
    """The answers to a reflection, the first one first: all for the author, for others those of the circle they read it in."""
    query = Feedback.select(*Feedback.all_columns(), Feedback.by.display_name.as_alias("display_name"))
    query = query.where(Feedback.entry == entry)
    if person.id != author:
        rows = await Reflection.select(Reflection.space_kind, Reflection.space_owner).where(Reflection.entry == entry)
        if not rows:
            return []
        query = query.where(
            Feedback.space_kind == rows[0]["space_kind"], Feedback.space_owner == rows[0]["space_owner"]
        )
    return _feedback_views(author, await query.order_by(Feedback.made_at))


async def feedback_in(person: SignedIn, space: SpaceKey, only: Sequence[UUID]) -> list[FeedbackView]:
    """Those of these answers that are seen in that space: in a person's own those to their pages, in others those given there."""
    query = Feedback.select(
        *Feedback.all_columns(),
        Feedback.by.display_name.as_alias("display_name"),
        Feedback.entry.person.as_alias("author"),
    ).where(Feedback.id.is_in(list(only)))
    if space.kind == "person":
        query = query.where(Feedback.entry.person == person.id)
        if person.diary_since:
            query = query.where(Feedback.entry.made_at >= person.diary_since)
    else:
        query = query.where(Feedback.space_kind == space.kind, Feedback.space_owner == space.owner)
    return [view for row in await query for view in _feedback_views(row["author"], [row])]


def _feedback_views(author: UUID, rows: list[dict[str, Any]]) -> list[FeedbackView]:
    views = []
    for row in rows:
        with suppress(DiaryGone):
            text = open_feedback(author, row["id"], row["sealed"])
            views.append(
                FeedbackView(
                    id=row["id"],
                    reflection=row["entry"],
                    by=row["by"],
                    display_name=row["display_name"],
                    text=text,
                    made_at=row["made_at"],
                )
            )
    return views


async def prompts_of(
    membership: Membership, wanted: tuple[str, ...], only: Sequence[UUID] | None = None
) -> list[PromptView]:
    """The questions of an exchange, or `only` these of them, in the reader's language where they have it."""
    query = Prompt.select().where(Prompt.exchange == membership.exchange)
    if only is not None:
        query = query.where(Prompt.id.is_in(list(only)))
    rows = await query.order_by(Prompt.position)
    views = []
    for row in rows:
        texts = msgspec.json.decode(row["texts"], type=dict[str, str])
        locale = choose(wanted, frozenset(texts), next(iter(texts)))
        views.append(PromptView(id=row["id"], text=texts[locale], locale=locale))
    return views
