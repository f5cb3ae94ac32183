"""Reading diaries: one's own, and what was shared with the reader."""

from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import SignedIn
from yema.errors import NotFound
from yema.exchanges.queries import Membership
from yema.exchanges.tables import Member
from yema.i18n import choose
from yema.journals.schemas import EntryView, FeedbackView, PromptView, ReflectionView
from yema.journals.sealed import open_entry, open_feedback
from yema.journals.tables import Entry, Feedback, Prompt, Reflection, Revision
from yema.shapes import present

OF_GROUPS = ("group", "group_leaders")
"""Spaces whose owner is a group: what was shared there is seen while the author is in that group."""


async def own_entry(person: SignedIn, entry: UUID) -> EntryView:
    """One of my entries. Raises `NotFound`, also for those from before a re-link."""
    rows = await _own(person).where(Entry.id == entry)
    if not rows:
        raise NotFound
    [view] = await _entry_views(rows)
    return view


async def own_entries(person: SignedIn, exchange: UUID | None, before: UUID | None, limit: int) -> list[EntryView]:
    """My entries, the newest first by id; one more than `limit` where there are more."""
    query = _own(person)
    if exchange:
        query = query.where(Entry.exchange == exchange)
    if before:
        query = query.where(Entry.id < before)
    return await _entry_views(await query.order_by(Entry.id, ascending=False).limit(limit + 1))


def _own(person: SignedIn) -> Any:
    query = Entry.select().where(Entry.person == person.id, Entry.deleted_at.is_null())
    return query.where(Entry.made_at >= person.diary_since) if person.diary_since else query


async def _entry_views(rows: list[dict[str, Any]]) -> list[EntryView]:
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    sealed = {
        (r["entry"], r["number"]): r["sealed"]
        for r in await Revision.select(
            Revision.entry,
            Revision.number,
            Revision.sealed,
            Revision.entry.version.as_alias("current"),  # it must be selected for Piccolo to join
        ).where(Revision.entry.is_in(ids), Revision.number == Revision.entry.version)
    }
    shared = {r["entry"]: r for r in await Reflection.select().where(Reflection.entry.is_in(ids))}
    return [_entry_view(row, sealed[row["id"], row["version"]], shared.get(row["id"])) for row in rows]


def _entry_view(row: dict[str, Any], sealed: bytes, shared: dict[str, Any] | None) -> EntryView:
    content = open_entry(row["person"], row["id"], row["version"], sealed)
    return EntryView(
        id=row["id"],
        exchange=row["exchange"],
        locale=row["locale"],
        written_at=row["written_at"],
        version=row["version"],
        slot=present(row["slot"]),
        prompt=present(row["prompt"]),
        shared_with=present(shared and shared["shared_with"]),
        shared_version=present(shared and shared["revision"]),
        **msgspec.structs.asdict(content),
    )


async def reflections_shared_with(membership: Membership, before: UUID | None, limit: int) -> list[ReflectionView]:
    """What others shared with this member, the newest first by id; one more than `limit` where there are more."""
    query = _visible_to(membership)
    if before:
        query = query.where(Reflection.id < before)
    rows = await query.order_by(Reflection.id, ascending=False).limit(limit + 1)
    return [await _reflection_view(row) for row in rows if await _author_still_there(row)]


async def reflection_shared_with(membership: Membership, reflection: UUID) -> ReflectionView:
    """One reflection. Raises `NotFound` unless it was shared with this member."""
    rows = await _visible_to(membership).where(Reflection.id == reflection)
    if not rows or not await _author_still_there(rows[0]):
        raise NotFound
    return await _reflection_view(rows[0])


async def exchange_of_entry(entry: UUID) -> tuple[UUID, UUID]:
    """(exchange, author) of an entry; whether the asker may know is the next question. Raises `NotFound`."""
    rows = await Entry.select(Entry.exchange, Entry.person).where(Entry.id == entry)
    if not rows:
        raise NotFound
    return rows[0]["exchange"], rows[0]["person"]


def _visible_to(membership: Membership) -> Any:
    spaces = membership.spaces()
    seen = (Reflection.space_kind == spaces[0].kind) & (Reflection.space_owner == spaces[0].owner)
    for space in spaces[1:]:
        seen = seen | ((Reflection.space_kind == space.kind) & (Reflection.space_owner == space.owner))
    return Reflection.select(
        *Reflection.all_columns(),
        Reflection.entry.person.as_alias("person"),
        Reflection.entry.person.display_name.as_alias("display_name"),
        Reflection.entry.slot.as_alias("slot"),
        Reflection.entry.prompt.as_alias("prompt"),
        Reflection.entry.locale.as_alias("locale"),
        Reflection.entry.written_at.as_alias("written_at"),
    ).where(Reflection.exchange == membership.exchange, seen)


async def _author_still_there(row: dict[str, Any]) -> bool:
    query = Member.exists().where(
        Member.exchange == row["exchange"], Member.person == row["person"], Member.state == "active"
    )
    return bool(await (query.where(Member.group == row["space_owner"]) if row["space_kind"] in OF_GROUPS else query))


async def _reflection_view(row: dict[str, Any]) -> ReflectionView:
    [revision] = await Revision.select(Revision.sealed).where(
        Revision.entry == row["entry"], Revision.number == row["revision"]
    )
    content = open_entry(row["person"], row["entry"], row["revision"], revision["sealed"])
    return ReflectionView(
        id=row["id"],
        exchange=row["exchange"],
        person=row["person"],
        display_name=row["display_name"],
        locale=row["locale"],
        written_at=row["written_at"],
        shared_with=row["shared_with"],
        shared_at=row["shared_at"],
        version=row["revision"],
        slot=present(row["slot"]),
        prompt=present(row["prompt"]),
        **msgspec.structs.asdict(content),
    )


async def feedback_on(entry: UUID, author: UUID) -> list[FeedbackView]:
    """The answers to a reflection, the first one first."""
    rows = (
        await Feedback.select(*Feedback.all_columns(), Feedback.by.display_name.as_alias("display_name"))
        .where(Feedback.entry == entry)
        .order_by(Feedback.made_at)
    )
    return [
        FeedbackView(
            id=row["id"],
            reflection=row["entry"],
            by=row["by"],
            display_name=row["display_name"],
            text=open_feedback(author, row["id"], row["sealed"]),
            made_at=row["made_at"],
        )
        for row in rows
    ]


async def prompts_of(membership: Membership, wanted: tuple[str, ...]) -> list[PromptView]:
    """The questions of an exchange, in the reader's language where they have it."""
    rows = await Prompt.select().where(Prompt.exchange == membership.exchange).order_by(Prompt.position)
    views = []
    for row in rows:
        texts = msgspec.json.decode(row["texts"], type=dict[str, str])
        locale = choose(wanted, frozenset(texts), next(iter(texts)))
        views.append(PromptView(id=row["id"], text=texts[locale], locale=locale))
    return views
