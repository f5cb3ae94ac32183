"""The doors of emergency sheets. Nothing of them is kept by a cache.

One's own; and, for the leader of a group and nobody else, those of its members, whom it is shown that they were opened.
"""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, put
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from litestar.response.base import ASGIResponse
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.errors import PreconditionRequired, Stale
from yema.exchanges.actions.care import emergency as actions
from yema.exchanges.emergency_page import emergency_page
from yema.exchanges.queries.care import emergency as queries
from yema.exchanges.queries.memberships import Membership, exchange_of
from yema.exchanges.schemas.care.emergency import (
    MemberSheetView,
    SheetDraft,
    SheetMarkView,
    SheetOpeningView,
    SheetView,
)
from yema.exchanges.sealed import sheet_id
from yema.http.conditional import etag, expected_version, fingerprint, is_fresh
from yema.http.headers import header
from yema.http.paging import Page
from yema.http.response import VARY, YemaResponse
from yema.i18n import catalogue_for

HTML = "text/html"
_NO_STORE = "private, no-store"


@get("/exchanges/{exchange_id:uuid}/emergency-sheet", operation_id="readEmergencySheet")
async def read_own(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> SheetView:
    """My emergency sheet in this exchange."""
    queries.must_open_sheets(person)
    return await queries.own_sheet(await exchange_of(person, exchange_id))


@put("/exchanges/{exchange_id:uuid}/emergency-sheet", operation_id="writeEmergencySheet")
async def write_own(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    data: JSONBody[SheetDraft],
    person: NamedDependency[SignedIn],
) -> Response[SheetView]:
    """Write my emergency sheet: what a leader needs to know when something happens to me.

    201 for the first time, then `If-Match` is needed. Only the leaders of my own group can open it, and I am shown when they did. My
    leader may write it too.
    """
    queries.must_open_sheets(person)
    membership = await exchange_of(person, exchange_id)
    conditional = header(request.scope, b"if-match") is not None
    try:
        written = await actions.write_sheet(membership, person.id, data, await _expected(request))
    except Stale as stale:
        if not conditional:
            raise PreconditionRequired from stale
        raise Stale(current=await queries.own_sheet(membership)) from stale
    return YemaResponse(await queries.own_sheet(membership), status_code=201 if written.new else 200)


@delete("/exchanges/{exchange_id:uuid}/emergency-sheet", operation_id="deleteEmergencySheet")
async def delete_own(
    request: Request[Any, Any, Any], exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Destroy my emergency sheet. `If-Match` is welcome and not needed."""
    queries.must_open_sheets(person)
    membership = await exchange_of(person, exchange_id)
    expected = await expected_version(request) if header(request.scope, b"if-match") else None
    try:
        await actions.take_sheet_back(membership, expected)
    except Stale as stale:
        raise Stale(current=await queries.own_sheet(membership)) from stale


@get("/exchanges/{exchange_id:uuid}/emergency-sheet/openings", operation_id="listEmergencySheetOpenings")
async def list_openings(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[SheetOpeningView]:
    """Who has opened my emergency sheet, and when for the first time on each day; the latest first."""
    return Page(items=await queries.openings_of_own(await exchange_of(person, exchange_id)))


@put("/exchanges/{exchange_id:uuid}/members/{member_id:uuid}/emergency-sheet", operation_id="writeMemberEmergencySheet")
async def write_for_member(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    member_id: FromPath[UUID],
    data: JSONBody[SheetDraft],
    person: NamedDependency[SignedIn],
) -> Response[SheetMarkView]:
    """Write the emergency sheet of a member of my group, as its leader; they see it. Needs `If-Match` where there is one.

    Neither the answer nor `stale` shows a sheet: reading is `listEmergencySheets`, which they are shown.
    """
    queries.must_open_sheets(person)
    membership = await exchange_of(person, exchange_id)
    whose = await queries.member_led(membership, member_id)
    try:
        written = await actions.write_sheet(membership, whose, data, await _expected(request))
    except Stale as stale:
        if header(request.scope, b"if-match") is None:
            raise PreconditionRequired from stale
        raise
    mark = SheetMarkView(id=sheet_id(exchange_id, whose), person=whose, version=written.version)
    return YemaResponse(mark, status_code=201 if written.new else 200)


@get("/exchanges/{exchange_id:uuid}/groups/{group_id:uuid}/emergency-sheets", operation_id="listEmergencySheets")
async def list_of_group(
    exchange_id: FromPath[UUID], group_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> Page[MemberSheetView]:
    """All members of my group, with their emergency sheets, to take along. Only for the leader of this very group.

    Everybody whose sheet is in it is shown that I have opened it, once a day.
    """
    _, people = await _opened(person, exchange_id, group_id)
    return Page(items=people)


@get(
    "/exchanges/{exchange_id:uuid}/groups/{group_id:uuid}/emergency-sheets.html",
    operation_id="printEmergencySheets",
    responses={200: ResponseSpec(str, description="The page", media_type="text/html", generate_examples=False)},
)
async def print_of_group(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    group_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
) -> ASGIResponse:
    """The same as a page to print, in my language, with the places of the exchange. Counts as opening, too."""
    membership, people = await _opened(person, exchange_id, group_id)
    head = await queries.header_of(membership, group_id)
    # Of what stands there and not of the page, which says at which time it was made.
    mark = fingerprint(msgspec.json.encode((head, people, person.wanted)))
    headers = {
        "etag": etag(mark, "identity"),
        "vary": VARY,
        "cache-control": _NO_STORE,
        "content-language": catalogue_for(person.wanted),
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        "x-content-type-options": "nosniff",
    }
    if is_fresh(header(request.scope, b"if-none-match"), headers["etag"]):
        return ASGIResponse(status_code=304, headers=headers, media_type=HTML, body=b"")
    page = emergency_page(head, people, person.wanted, membership.zone)
    return ASGIResponse(body=page.encode(), headers=headers, media_type=HTML)


async def _opened(person: SignedIn, exchange: UUID, group: UUID) -> tuple[Membership, list[MemberSheetView]]:
    """What a leader opens, after it was noted."""
    membership = await exchange_of(person, exchange)
    queries.must_lead_group(membership, group)
    queries.must_open_sheets(person)
    people = await queries.sheets_of_group(membership, group)
    await actions.note_openings(membership, [one.person for one in people if one.sheet is not UNSET])
    return membership, people


async def _expected(request: Request[Any, Any, Any]) -> int | None:
    """The version in `If-Match`, 0 where there is none: then nothing may be there yet."""
    return 0 if header(request.scope, b"if-match") is None else await expected_version(request)


router = Router(
    "/",
    route_handlers=[
        read_own,
        write_own,
        delete_own,
        list_openings,
        write_for_member,
        list_of_group,
        print_of_group,
    ],
    response_headers=[ResponseHeader(name="cache-control", value=_NO_STORE)],
)
handlers = [router]
