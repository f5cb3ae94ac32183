"""Codes, and coming in by them."""

import io
from typing import Any
from uuid import UUID

import segno
from litestar import Request, delete, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import structs

from yema.accounts.signed_in import Reader, SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import FieldError, Invalid
from yema.exchanges.actions.people import joining
from yema.exchanges.queries import memberships
from yema.exchanges.queries.people.joining import join_code_of, join_codes_of
from yema.exchanges.schemas.people.joining import JoinCodeDraft, JoinCodeView, JoinDraft, JoinedView
from yema.http.address import public_address
from yema.http.invalid import NEEDED
from yema.http.network import network_of
from yema.http.paging import Page


@post(
    "/sign-in/join",
    operation_id="join",
    response_headers=[ResponseHeader(name="cache-control", value="no-store")],
)
async def join(
    request: Request[Any, Any, Any], data: JSONBody[JoinDraft], reader: NamedDependency[Reader]
) -> JoinedView:
    """Join an exchange by a code or a QR's secret. The membership is `pending` until a leader approves, unless the code admits.

    Whoever sends a token joins as themselves and gets no new tokens. Wrong, used up and expired codes are all `wrong_code`.
    """
    if not data.code and not data.secret:
        raise Invalid(FieldError("/code", "required", NEEDED))
    return await joining.join(data, network_of(request), reader if isinstance(reader, SignedIn) else None)


@post("/exchanges/{exchange_id:uuid}/join-codes", operation_id="makeJoinCode")
async def make_join_code(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    data: JSONBody[JoinCodeDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> JoinCodeView:
    """Make a code, to be typed or opened as a link or QR; all are shown this once. Leaders make them for their own group."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        made = await joining.make_join_code(membership, data, once)
    except MadeBefore as before:
        return await join_code_of(membership, before.thing)
    link = join_link(public_address(request), str(made.secret))
    return structs.replace(made, link=link, qr=_qr(link))


def join_link(address: str, secret: str) -> str:
    """What a phone opens to join. Browsers keep what stands behind `#` to themselves, so the secret is in no server's log."""
    return f"{address}/join#{secret}"


def _qr(link: str) -> str:
    """The link as an SVG that fills the room it is given."""
    svg = io.BytesIO()
    segno.make_qr(link, error="m").save(svg, kind="svg", xmldecl=False, omitsize=True, nl=False)
    return svg.getvalue().decode()


@get("/exchanges/{exchange_id:uuid}/join-codes", operation_id="listJoinCodes")
async def list_join_codes(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[JoinCodeView]:
    """The codes of this exchange, without their secrets. Leaders only."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    return Page(items=await join_codes_of(membership))


@delete("/exchanges/{exchange_id:uuid}/join-codes/{code_id:uuid}", operation_id="endJoinCode")
async def end_join_code(
    exchange_id: FromPath[UUID], code_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Let nobody in by this code any more. Leaders only."""
    await joining.end_join_code(await memberships.exchange_led_by(person, exchange_id), code_id)


handlers = [join, make_join_code, list_join_codes, end_join_code]
