"""What readers find in the library."""

import base64
import re
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse
from msgspec import UNSET, Raw, UnsetType

from yema.accounts.signed_in import Reader
from yema.activities.finding.facets import CardFilter, CardsView, FacetsView
from yema.activities.pack.vocabulary import Competence, Energy, Method, Setting
from yema.activities.queries import reading as queries
from yema.activities.queries.finding import Place, find_cards
from yema.activities.reading.shelf import Shelf, content_of
from yema.activities.routes.writing import (
    Which,
    list_workshop_packs,
    read_workshop_activity,
    read_workshop_pack,
    with_html,
)
from yema.activities.schemas.library import ActivityView, PackDocument, PackView
from yema.activities.schemas.workshop import WorkshopActivityView, WorkshopPackView, WorkshopView
from yema.errors import NotFound
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, bad_cursor, page, position
from yema.http.ready import ReadyBytes
from yema.http.response import YemaResponse, speaks
from yema.shapes import NO_NUL, View, present

FOR_EVER = "public, max-age=31536000, immutable"

Words = Annotated[str | None, QueryParameter(max_length=100, pattern=NO_NUL)]
Number = Annotated[int | None, QueryParameter(ge=0, le=100_000)]

_PLACE = re.compile(r"([0-9]{1,9})(?:\.([0-9a-f]{32}))?")

_EITHER: Any = ActivityView | WorkshopActivityView

_ready = ReadyBytes()


@get(
    "/activities",
    operation_id="listActivities",
    responses={200: ResponseSpec(CardsView, description="Cards", generate_examples=False)},
)
async def list_activities(
    request: Request[Any, Any, Any],
    reader: NamedDependency[Reader],
    q: Words = None,
    method: Annotated[Method | None, QueryParameter()] = None,
    competence: Annotated[Competence | None, QueryParameter()] = None,
    setting: Annotated[Setting | None, QueryParameter()] = None,
    energy: Annotated[Energy | None, QueryParameter()] = None,
    minutes_max: Number = None,
    group_size: Number = None,
    age: Number = None,
    tag: Words = None,
    pack: Annotated[UUID | None, QueryParameter()] = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> ASGIResponse:
    """Cards of activities that fit, in the order of their packs.

    With `q` those that have, for each of its words, a word that begins so: first where all are in the title, then in title and summary,
    then with the steps. The first page counts what each further choice would leave (`facets`).
    """
    given: Any = (q, method, competence, setting, energy, minutes_max, group_size, age, tag, pack)
    wanted = CardFilter(*[UNSET if value is None else value for value in given])
    shelves = await queries.shelves_for(reader)
    after = _place(cursor)

    async def build() -> CardsPage:
        found = await find_cards(shelves, reader, wanted, after, limit, counted=cursor is None)
        then = UNSET if found.then is None else _cursor(found.then)
        return CardsPage(items=found.cards, next_cursor=then, facets=present(found.facets))

    async def encoded() -> bytes:
        return msgspec.json.encode(await build())

    language = _language(shelves, reader)
    if any(value is not None for value in given):  # asked too rarely to be kept
        speaks(request, language)
        return YemaResponse(await build()).to_asgi_response(request.app, request)
    contents = tuple(edition.file.sha256 for shelf in shelves for edition in shelf.sight(reader.wanted).editions)
    return await _ready.serve(request, ("cards", contents, after, limit), encoded, language=language)


class CardsPage(View):
    """`CardsView` with cards that are JSON already."""

    items: list[Raw]
    next_cursor: str | UnsetType = UNSET
    facets: FacetsView | UnsetType = UNSET


def _cursor(place: Place) -> str:
    after = f"{place.shown}.{place.activity.hex}" if place.activity else str(place.shown)
    return base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")


def _place(cursor: str | None) -> Place | None:
    after = position(cursor)
    if after is None:
        return None
    if not (match := _PLACE.fullmatch(after)):
        raise bad_cursor()
    return Place(int(match[1]), UUID(match[2]) if match[2] else None)  # cursors from before had the number only


def _language(shelves: list[Shelf], reader: Reader) -> str:
    locales = [edition.file.locale for shelf in shelves for edition in shelf.sight(reader.wanted).editions]
    return ", ".join(dict.fromkeys(locales)) or "en"


def _start(cursor: str | None) -> int:
    after = position(cursor)
    if after is None:
        return 0
    if not after.isdecimal() or len(after) > 9:
        raise bad_cursor()
    return int(after)


@get(
    "/activities/{activity_id:uuid}",
    operation_id="readActivity",
    responses={200: ResponseSpec(_EITHER, description="The activity", generate_examples=False)},
)
async def read_activity(
    request: Request[Any, Any, Any],
    activity_id: FromPath[UUID],
    reader: NamedDependency[Reader],
    view: Which = "published",
    html: Annotated[bool, QueryParameter()] = False,
) -> ASGIResponse:
    """An activity in full, in the reader's language; each text says which language it is really in.

    With `html=true` each block also has its text as HTML; with `view=workshop` those who write it see it as it is being written.
    """
    if view == "workshop":
        return await read_workshop_activity(request, reader, activity_id)
    pack = await queries.pack_with_activity(reader, activity_id)
    edition = pack.edition_for(reader.wanted).file

    async def build() -> bytes:
        document = await queries.document_for(reader, pack)
        found = next(a for a in document.activities if a.id == activity_id)
        return msgspec.json.encode(await with_html(found) if html else found)

    return await _ready.serve(request, ("activity", activity_id, edition.sha256, html), build, language=edition.locale)


@get("/packs", operation_id="listPacks")
async def list_packs(
    reader: NamedDependency[Reader], view: Which = "published", limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[PackView] | Page[WorkshopPackView]:
    """The packs that I may read, each with its latest version; with `view=workshop` those that I write, published or not."""
    if view == "workshop":
        return await list_workshop_packs(reader, limit, cursor)
    start = _start(cursor)
    packs = (await queries.packs_for(reader))[start : start + limit + 1]
    return page([await queries.pack_view(reader, pack) for pack in packs], limit, lambda _: start + limit)


@get("/packs/{pack_id:uuid}", operation_id="readPack")
async def read_pack(
    request: Request[Any, Any, Any],
    pack_id: FromPath[UUID],
    reader: NamedDependency[Reader],
    view: Which = "published",
) -> PackView | WorkshopView:
    """A pack with its latest version and the files of its languages; with `view=workshop` as it is being written."""
    if view == "workshop":
        return await read_workshop_pack(request, reader, pack_id)
    found = await queries.pack_view(reader, await queries.pack_for(reader, pack_id))
    speaks(request, found.locale)
    return found


@get(
    "/packs/{pack_id:uuid}/versions/{number:int}/{locale:str}",
    operation_id="findPackFile",
    status_code=302,
    responses={302: ResponseSpec(None, description="`Location` is the immutable file", generate_examples=False)},
)
async def find_pack_file(
    pack_id: FromPath[UUID], number: FromPath[int], locale: FromPath[str], reader: NamedDependency[Reader]
) -> ASGIResponse:
    """Where the immutable file of this version and language is."""
    _, sha256 = await queries.file_for(reader, pack_id, number, locale)
    url = f"/api/v1/packs/{pack_id}/versions/{number}/{locale}/{sha256}"
    return ASGIResponse(status_code=302, headers={"location": url, "cache-control": "no-cache"})


@get(
    "/packs/{pack_id:uuid}/versions/{number:int}/{locale:str}/{sha256:str}",
    operation_id="readPackFile",
    responses={
        200: ResponseSpec(
            PackDocument, description="The whole pack in one language, for ever the same", generate_examples=False
        )
    },
)
async def read_pack_file(
    request: Request[Any, Any, Any],
    pack_id: FromPath[UUID],
    number: FromPath[int],
    locale: FromPath[str],
    sha256: FromPath[str],
    reader: NamedDependency[Reader],
) -> ASGIResponse:
    """The whole pack in one language, immutable: any cache may keep it for ever."""
    file_id, real = await queries.file_for(reader, pack_id, number, locale)
    if sha256 != real:
        raise NotFound

    async def build() -> bytes:
        return await content_of(file_id)

    cache = FOR_EVER if (await queries.is_public(pack_id)) else FOR_EVER.replace("public", "private")
    return await _ready.serve(request, ("file", sha256), build, language=locale, cache_control=cache)


handlers = [
    list_activities,
    read_activity,
    list_packs,
    read_pack,
    find_pack_file,
    read_pack_file,
]
