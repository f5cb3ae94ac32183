"""What phones pull of diaries, and what they push: pages, and with whom they are shared."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import Stale
from yema.exchanges.queries.memberships import exchange_to_write_in, membership_behind
from yema.journals import queries
from yema.journals.actions import sharing, writing
from yema.journals.schemas import EntryContent, EntryDraft, RevisionView, SharingDraft

Views = dict[UUID, Any]
Ids = Sequence[UUID]

_SAID = ("text", "locale", "slot", "prompt", "mood", "competences")
"""What two versions of a page can differ in; `written_at` is only when a phone's clock thought it was."""


async def _entries(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await queries.own_entries_by_id(person, ids))


async def _reflections(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await queries.reflections_in(await membership_behind(person, space), space, ids))


async def _feedback(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await queries.feedback_in(person, space, ids))


async def _prompts(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return _by_id(await queries.prompts_of(await membership_behind(person, space), person.wanted, ids))


def _by_id(views: Iterable[Any]) -> Views:
    return {view.id: view for view in views}


async def _write(person: SignedIn, mutation: Mutation, draft: EntryDraft) -> Applied:
    """Every text is kept. Where the phone had not known what stood there, that is shown to it, unless it said the same."""
    person.must_open_diaries()
    membership = await exchange_to_write_in(person, draft.exchange)
    version, content = await writing.write_revision(membership, mutation.id, draft, person, once=mutation.once)
    if version - 1 == mutation.base_version:
        return Applied(version)
    overtaken = await queries.own_revision(person, mutation.id, version - 1)
    return Applied(version, None if overtaken and _say_the_same(overtaken, content) else overtaken)


def _say_the_same(one: RevisionView, other: EntryContent) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in _SAID)


async def _delete(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    """An edit that the phone had not known of beats it."""
    person.must_open_diaries()
    if version := await queries.is_own_deleted(person, mutation.id):
        return Applied(version)
    entry = await queries.own_entry(person, mutation.id)
    try:
        return Applied(await writing.delete_entry(person, entry.id, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await queries.own_entry(person, entry.id)) from stale


async def _share(person: SignedIn, mutation: Mutation, draft: SharingDraft) -> Applied:
    """What is shared is what the author was looking at, or nothing."""
    person.must_open_diaries()
    entry = await queries.own_entry(person, mutation.id)
    membership = await exchange_to_write_in(person, entry.exchange)
    try:
        version = await sharing.share_entry(
            membership, entry.id, draft.shared_with, mutation.base_version, mutation.once
        )
    except Stale as stale:
        raise Stale(current=await queries.own_entry(person, entry.id)) from stale
    return Applied(version)


async def _take_back(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    person.must_open_diaries()
    entry = await queries.own_entry(person, mutation.id)
    return Applied(await sharing.take_back(person, entry.id, mutation.once))


pulled = [
    Pulled("prompt", _prompts, worded=True),
    Pulled("entry", _entries, diary=True),
    Pulled("reflection", _reflections, diary=True),
    Pulled("feedback", _feedback, diary=True),
]

pushed = [
    Pushed("entry", "make", _write, EntryDraft),
    Pushed("entry", "change", _write, EntryDraft),
    Pushed("entry", "delete", _delete),
    Pushed("reflection", "make", _share, SharingDraft),
    Pushed("reflection", "change", _share, SharingDraft),
    Pushed("reflection", "delete", _take_back),
]
