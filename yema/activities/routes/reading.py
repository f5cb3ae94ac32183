"""What readers find in the library."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse
from msgspec import UNSET

from yema.accounts.signed_in import Reader
from yema.activities.facets import CardFilter
from yema.activities.queries import reading as queries
from yema.activities.schemas import (
    ActivityView,
    CardView,
    Competence,
    Energy,
    Method,
    PackDocument,
    PackFileView,
    PackView,
    Setting,
    VersionView,
)
from yema.activities.shelf import ShelvedPack, content_of
from yema.errors import NotFound
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, bad_cursor, page, position
from yema.http.ready import ReadyBytes
from yema.http.response import speaks
from yema.shapes import NO_NUL

FOR_EVER = "public, max-age=31536000, immutable"

Words = Annotated[str | None, QueryParameter(max_length=100, pattern=NO_NUL)]
Number = Annotated[int | None, QueryParameter(ge=0, le=100_000)]

_ready = ReadyBytes()


@get(
    "/activities",
    operation_id="listActivities",
    responses={200: ResponseSpec(Page[CardView], description="Cards", generate_examples=False)},
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
    """Cards of activities that fit, in the order of their packs."""
    given = (q, method, competence, setting, energy, minutes_max, group_size, age, tag, pack)
    narrowed: Any = [UNSET if value is None else value for value in given]
    wanted = CardFilter(*narrowed)
    packs = await queries.packs_for(reader)
    start = _start(cursor)

    async def build() -> bytes:
        return msgspec.json.encode(_cards(packs, reader, wanted, start, limit))

    editions = tuple(p.edition_for(reader.wanted).file for p in packs)
    contents = tuple(edition.sha256 for edition in editions)
    key = ("cards", contents, given, start, limit)
    return await _ready.serve(request, key, build, language=_language(editions))


def _cards(packs: list[ShelvedPack], reader: Reader, wanted: CardFilter, start: int, limit: int) -> Page[CardView]:
    matching = []
    for pack in packs:
        edition = pack.edition_for(reader.wanted)
        matching += [
            card for card, folded in zip(edition.cards, edition.folded, strict=True) if wanted.matches(card, folded)
        ]
    return page(matching[start : start + limit + 1], limit, lambda _: start + limit)


def _start(cursor: str | None) -> int:
    after = position(cursor)
    if after is None:
        return 0
    if not after.isdecimal() or len(after) > 9:
        raise bad_cursor()
    return int(after)


def _language(editions: tuple[PackFileView, ...]) -> str:
    return ", ".join(dict.fromkeys(edition.locale for edition in editions)) or "en"


@get(
    "/activities/{activity_id:uuid}",
    operation_id="readActivity",
    responses={200: ResponseSpec(ActivityView, description="The activity", generate_examples=False)},
)
async def read_activity(
    request: Request[Any, Any, Any], activity_id: FromPath[UUID], reader: NamedDependency[Reader]
) -> ASGIResponse:
    """An activity in full, in the reader's language; each text says which language it is really in."""
    pack = await queries.pack_with_activity(reader, activity_id)
    edition = pack.edition_for(reader.wanted).file

    async def build() -> bytes:
        document = await queries.document_for(reader, pack)
        return msgspec.json.encode(next(a for a in document.activities if a.id == activity_id))

    return await _ready.serve(request, ("activity", activity_id, edition.sha256), build, language=edition.locale)


@get("/packs", operation_id="listPacks")
async def list_packs(
    reader: NamedDependency[Reader], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[PackView]:
    """The packs that I may read, each with its latest version."""
    start = _start(cursor)
    packs = (await queries.packs_for(reader))[start : start + limit + 1]
    return page([await queries.pack_view(reader, pack) for pack in packs], limit, lambda _: start + limit)


@get("/packs/{pack_id:uuid}", operation_id="readPack")
async def read_pack(
    request: Request[Any, Any, Any], pack_id: FromPath[UUID], reader: NamedDependency[Reader]
) -> PackView:
    """A pack with its latest version and the files of its languages."""
    view = await queries.pack_view(reader, await queries.pack_for(reader, pack_id))
    speaks(request, view.locale)
    return view


@get("/packs/{pack_id:uuid}/versions", operation_id="listPackVersions")
async def list_pack_versions(pack_id: FromPath[UUID], reader: NamedDependency[Reader]) -> Page[VersionView]:
    """The published versions of a pack, the newest first."""
    return Page(items=await queries.versions_for(reader, pack_id))


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
    list_pack_versions,
    find_pack_file,
    read_pack_file,
]
