"""The programme on paper."""

import asyncio
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import SignedIn
from yema.errors import N_, FieldError, Invalid
from yema.exchanges.calendars.printing import page_of
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries import memberships
from yema.exchanges.queries.overview.printing import sheet_of
from yema.exchanges.queries.plan import itinerary
from yema.exchanges.queries.told import feeds
from yema.exchanges.routes.told.feeds import as_text
from yema.http.ready import ReadyBytes
from yema.i18n import catalogue_for

HTML = "text/html"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_ready = ReadyBytes()


@get(
    "/exchanges/{exchange_id:uuid}/programme.html",
    operation_id="printProgramme",
    media_type=HTML,
    responses={200: ResponseSpec(str, description="The page", media_type=HTML, generate_examples=False)},
)
async def print_programme(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
    day: Annotated[str | None, QueryParameter(max_length=10, pattern=r"^\d{4}-\d{2}-\d{2}$")] = None,
    view: Annotated[Literal["plan", "released"], QueryParameter()] = "released",
) -> ASGIResponse:
    """The programme as a page for the printer, in my language: what was last released to me, or of one `day`; for leaders also `view=plan`.

    It needs nothing from elsewhere and runs no scripts.
    """
    membership = await memberships.exchange_of(person, exchange_id)
    plan = view == "plan"
    if plan and not membership.leads:
        raise LeadersOnly
    only = _day(day)

    async def build() -> bytes:
        sheet = await sheet_of(membership, person, plan=plan)
        return (await asyncio.to_thread(page_of, sheet, person.wanted, only)).encode()

    follows_from = (await itinerary.basis_of(membership, plan=plan), await feeds.basis_of([membership]))
    key = (HTML, person.wanted, only, follows_from)
    answer = await _ready.serve(request, key, build, language=catalogue_for(person.wanted))
    answer.headers["content-security-policy"] = POLICY
    return as_text(answer, HTML)


def _day(text: str | None) -> date | None:
    """Raises `Invalid` for a day that no calendar has."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(FieldError("/day", "invalid", N_("This value is not allowed here."))) from None


handlers = [print_programme]
