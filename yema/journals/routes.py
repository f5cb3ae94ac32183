"""The doors of the diary. Answers are never stored by caches."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, delete, get, post, put
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import NotFound, Stale
from yema.exchanges.queries.memberships import Membership, exchange_led_by, exchange_of
from yema.http.conditional import expected_version
from yema.http.headers import header
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, id_position, page
from yema.http.response import YemaResponse
from yema.journals import queries
from yema.journals.actions import answering, sharing, writing
from yema.journals.schemas import (
    EntryDraft,
    EntryView,
    FeedbackDraft,
    FeedbackView,
    PromptView,
    ReflectionView,
    RevisionView,
    SharingDraft,
)


@get("/exchanges/{exchange_id:uuid}/prompts", operation_id="listPrompts")
async def list_prompts(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[PromptView]:
    """Questions for the journal."""
    return Page(items=await queries.prompts_of(await exchange_of(person, exchange_id), person.wanted))


@get("/journal/entries", operation_id="listEntries")
async def list_entries(
    person: NamedDependency[SignedIn],
    exchange: Annotated[UUID | None, QueryParameter()] = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Page[EntryView]:
    """My diary, the newest page first."""
    person.must_open_diaries()
    found = await queries.own_entries(person, exchange, id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


@get("/journal/entries/{entry_id:uuid}", operation_id="readEntry")
async def read_entry(entry_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> EntryView:
    """A page of my diary."""
    person.must_open_diaries()
    return await queries.own_entry(person, entry_id)


@get("/journal/entries/{entry_id:uuid}/revisions", operation_id="listRevisions")
async def list_revisions(entry_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[RevisionView]:
    """All versions of a page of my diary, the latest first: what two phones wrote without knowing of each other is all there."""
    person.must_open_diaries()
    return Page(items=await queries.own_revisions(person, entry_id))


@put("/journal/entries/{entry_id:uuid}", operation_id="writeEntry")
async def write_entry(
    request: Request[Any, Any, Any],
    entry_id: FromPath[UUID],
    data: JSONBody[EntryDraft],
    person: NamedDependency[SignedIn],
) -> Response[EntryView]:
    """Write or revise a page; the phone makes the id, sending it again is safe. It is on the disk when this is answered.

    `If-Match` is welcome and not needed: every revision is kept. 201 for a new page, 200 for a revised one.
    """
    person.must_open_diaries()
    expected = await expected_version(request) if header(request.scope, b"if-match") else None
    membership = await exchange_of(person, data.exchange)
    try:
        view, new = await writing.write_entry(membership, entry_id, data, person, expected)
    except Stale as stale:
        raise Stale(current=await queries.own_entry(person, entry_id)) from stale
    return YemaResponse(view, status_code=201 if new else 200)


@delete("/journal/entries/{entry_id:uuid}", operation_id="deleteEntry")
async def delete_entry(entry_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Delete a page with everything that was shared of it."""
    person.must_open_diaries()
    await writing.delete_entry(person, (await queries.own_entry(person, entry_id)).id)


@put("/journal/entries/{entry_id:uuid}/sharing", operation_id="shareEntry")
async def share_entry(
    entry_id: FromPath[UUID], data: JSONBody[SharingDraft], person: NamedDependency[SignedIn]
) -> EntryView:
    """Share the page as it is now. Later revisions are seen when they are shared again."""
    person.must_open_diaries()
    entry = await queries.own_entry(person, entry_id)
    await sharing.share_entry(await exchange_of(person, entry.exchange), entry.id, data.shared_with)
    return await queries.own_entry(person, entry_id)


@delete("/journal/entries/{entry_id:uuid}/sharing", operation_id="takeEntryBack", status_code=200)
async def take_back(entry_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> EntryView:
    """Take back what was shared."""
    person.must_open_diaries()
    await sharing.take_back(person, (await queries.own_entry(person, entry_id)).id)
    return await queries.own_entry(person, entry_id)


@get("/exchanges/{exchange_id:uuid}/reflections", operation_id="listReflections")
async def list_reflections(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[ReflectionView]:
    """What was shared with me, the newest first."""
    person.must_open_diaries()
    membership = await exchange_of(person, exchange_id)
    found = await queries.reflections_shared_with(membership, id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


@get("/reflections/{reflection_id:uuid}", operation_id="readReflection")
async def read_reflection(reflection_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> ReflectionView:
    """One thing that was shared with me."""
    return (await _shared_with(person, reflection_id))[1]


@get("/reflections/{reflection_id:uuid}/feedback", operation_id="listFeedback")
async def list_feedback(reflection_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[FeedbackView]:
    """The answers: for the author, and for those who see the reflection."""
    _, author = await queries.exchange_of_entry(reflection_id)
    if author == person.id:
        person.must_open_diaries()
        await queries.own_entry(person, reflection_id)
    else:
        await _shared_with(person, reflection_id)
    return Page(items=await queries.feedback_for(person, reflection_id, author))


@post("/reflections/{reflection_id:uuid}/feedback", operation_id="answerReflection")
async def answer_reflection(
    reflection_id: FromPath[UUID],
    data: JSONBody[FeedbackDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> FeedbackView:
    """Answer what was shared with me. Leaders, facilitators and coordinators."""
    membership, reflection = await _shared_with(person, reflection_id)
    await exchange_led_by(person, membership.exchange)
    try:
        feedback = await answering.answer_reflection(membership, reflection, data.text, once)
    except MadeBefore as before:
        feedback = before.thing
    for view in await queries.feedback_for(person, reflection_id, reflection.person):
        if view.id == feedback:
            return view
    raise NotFound  # the page was taken back or deleted in this moment


async def _shared_with(person: SignedIn, reflection: UUID) -> tuple[Membership, ReflectionView]:
    person.must_open_diaries()
    exchange, _ = await queries.exchange_of_entry(reflection)
    membership = await exchange_of(person, exchange)
    return membership, await queries.reflection_shared_with(membership, reflection)


router = Router(
    "/",
    route_handlers=[
        list_prompts,
        list_entries,
        read_entry,
        list_revisions,
        write_entry,
        delete_entry,
        share_entry,
        take_back,
        list_reflections,
        read_reflection,
        list_feedback,
        answer_reflection,
    ],
    response_headers=[ResponseHeader(name="cache-control", value="private, no-store")],
    tags=["journals"],
)
