"""Where packs are written. To those who do not write for a pack's organisation, none of it exists."""

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, delete, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.actions import writing
from yema.activities.queries import workshop
from yema.activities.queries import writing as queries
from yema.activities.reading.markdown import html_of
from yema.activities.schemas.library import ActivityView
from yema.activities.schemas.workshop import (
    ActivityChange,
    NewActivityDraft,
    NewPackDraft,
    PackChange,
    WorkshopActivityView,
    WorkshopPackView,
    WorkshopView,
)
from yema.changes import MadeBefore, Once
from yema.errors import NotFound, NotSignedIn, Stale
from yema.http.conditional import expected_version
from yema.http.paging import Page, id_position, page
from yema.http.response import YemaResponse, speaks
from yema.i18n import normalise

Which = Annotated[Literal["published", "workshop"], QueryParameter()]


@post("/packs", operation_id="makePack")
async def make_pack(
    data: JSONBody[NewPackDraft], person: NamedDependency[SignedIn], once: NamedDependency[Once | None]
) -> WorkshopView:
    """Begin a pack for an organisation that I write for. Nobody else sees it before its first version."""
    if data.organisation not in await queries.organisations_written_for(person):
        raise NotFound
    try:
        pack = await writing.make_pack(data, once)
    except MadeBefore as before:
        pack = before.thing
    return await workshop.workshop_view(await queries.pack_written_by(person, pack))


@patch("/packs/{pack_id:uuid}", operation_id="changePack")
async def change_pack(
    request: Request[Any, Any, Any],
    pack_id: FromPath[UUID],
    data: JSONBody[PackChange],
    person: NamedDependency[SignedIn],
) -> WorkshopView:
    """Change a pack, or the order of its activities. Needs `If-Match`; answers `stale` with the current view where somebody was faster.

    `public` and `slug` hold at once, everything else from the next version on. An adaptation keeps its licence and first authors.
    """
    pack = await queries.pack_written_by(person, pack_id)
    try:
        await writing.change_pack(pack, data, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await workshop.workshop_view(pack)) from stale
    return await workshop.workshop_view(pack)


@post("/activities", operation_id="addActivity")
async def add_activity(
    data: JSONBody[NewActivityDraft], person: NamedDependency[SignedIn], once: NamedDependency[Once | None]
) -> WorkshopActivityView:
    """Write a new activity, the last one of its pack. Blocks without a `key` get one, which never changes."""
    pack = await queries.pack_written_by(person, data.pack)
    try:
        activity = await writing.add_activity(pack, data, once)
    except MadeBefore as before:
        activity = before.thing
    return await workshop.workshop_activity(pack, activity)


@patch("/activities/{activity_id:uuid}", operation_id="changeActivity")
async def change_activity(
    request: Request[Any, Any, Any],
    activity_id: FromPath[UUID],
    data: JSONBody[ActivityChange],
    person: NamedDependency[SignedIn],
) -> WorkshopActivityView:
    """Change an activity. Needs `If-Match`; answers `stale` with the current view where somebody was faster.

    `blocks` are all of them, in their order; one whose key is not named goes. Where a text changes its translations are stale, unless
    the change is `minor`.
    """
    pack = await queries.pack_with_own_activity(person, activity_id)
    try:
        await writing.change_activity(pack, activity_id, data, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await workshop.workshop_activity(pack, activity_id)) from stale
    return await workshop.workshop_activity(pack, activity_id)


@delete("/activities/{activity_id:uuid}", operation_id="removeActivity")
async def remove_activity(activity_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Take an activity out of its pack, from the next version on. Earlier versions, and whoever planned with it, keep it."""
    await writing.remove_activity(await queries.pack_with_own_activity(person, activity_id), activity_id)


async def with_html(activity: ActivityView) -> ActivityView:
    """The activity, each text also as HTML; made beside the loop, since there may be hundreds."""

    def render() -> None:
        for block in activity.blocks:
            block.html = html_of(block.kind, block.text)

    await asyncio.to_thread(render)
    return activity


async def list_workshop_packs(reader: Reader, limit: int, cursor: str | None) -> Page[WorkshopPackView]:
    """`listPacks` with `view=workshop`."""
    found = await workshop.packs_written_by(_person(reader), id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


async def read_workshop_pack(request: Request[Any, Any, Any], reader: Reader, pack: UUID) -> WorkshopView:
    """`readPack` with `view=workshop`."""
    view = await workshop.workshop_view(await queries.pack_written_by(_person(reader), pack))
    speaks(request, view.source_locale)
    return view


async def read_workshop_activity(request: Request[Any, Any, Any], reader: Reader, activity: UUID) -> ASGIResponse:
    """`readActivity` with `view=workshop`: in the language that `?locale=` names, else in that of the pack."""
    pack = await queries.pack_with_own_activity(_person(reader), activity)
    view = await workshop.workshop_activity(pack, activity, normalise(request.query_params.get("locale") or ""))
    speaks(request, view.locale)
    return YemaResponse(view).to_asgi_response(request.app, request)


def _person(reader: Reader) -> SignedIn:
    if not isinstance(reader, SignedIn):
        raise NotSignedIn
    return reader


handlers = [make_pack, change_pack, add_activity, change_activity, remove_activity]
