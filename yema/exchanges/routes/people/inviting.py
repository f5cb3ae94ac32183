"""Inviting people by a list."""

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from babel import Locale
from babel.dates import format_date
from litestar import Request, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, QueryParameter
from litestar.response import Response
from msgspec import UNSET

from yema.accounts.allowance import take_of_day
from yema.accounts.signed_in import SignedIn
from yema.errors import N_
from yema.exchanges.actions.people.inviting import Invitation, Outcome, invite
from yema.exchanges.errors import NotCsv
from yema.exchanges.invitations import REASONS, read_list
from yema.exchanges.queries.memberships import Membership, exchange_led_by
from yema.exchanges.queries.people.inviting import title_and_languages
from yema.exchanges.routes.people.joining import join_link
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.people.inviting import InvitationFaultView, InvitationsView, InvitationView
from yema.http.address import public_address
from yema.http.headers import header
from yema.http.response import YemaResponse
from yema.i18n import catalogue_for, gettext
from yema.ids import now
from yema.mail import send_mail

CSV = "text/csv"
MAILS_MAX, MAILS_OF_DAY = 100, 200
"""In one call; and in a day, of one person and for one exchange: who steals a leader's phone sends no more of them to strangers."""
HOURS_DEFAULT, HOURS_MAX = 24 * 14, 24 * 90
SUBJECT = N_("Your invitation to %(exchange)s")
TEXT = N_(
    "Hello %(name)s,\n\nyou are invited to %(exchange)s. Open this link on your phone to join:\n\n%(link)s\n\n"
    "It works once, for you alone, until %(until)s. If you do not know what this is about, do nothing.\n"
)
Mail = tuple[str, str, str]
"""Address, subject, text."""


@dataclass
class _TakesCsv(Operation):
    """For the OpenAPI document: the body is a table."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING)
        self.request_body = RequestBody(content={CSV: OpenAPIMediaType(schema=schema)}, required=True)


@post(
    "/exchanges/{exchange_id:uuid}/invitations",
    operation_id="invitePeople",
    operation_class=_TakesCsv,
    status_code=200,
    response_headers=[ResponseHeader(name="cache-control", value="no-store")],
)
async def invite_people(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
    dry_run: Annotated[bool, QueryParameter()] = False,
    mail: Annotated[bool, QueryParameter()] = False,
    hours: Annotated[int, QueryParameter(ge=1, le=HOURS_MAX)] = HOURS_DEFAULT,
) -> Response[InvitationsView]:
    """Invite people by a table (CSV in UTF-8, commas or semicolons, at most 500 lines): a link for each, good for `hours` and one person.

    Columns, in any order: `name`; `group` (its name or country; empty for a leader's own); `role` (empty for participant); `email`;
    `languages`; `born` (only checked); `gender` (f, m, x); `fewer_opportunities` (yes, no). What it says of languages, gender and
    fewer opportunities becomes the member's particulars when they join. Leaders invite participants of their own group, coordinators
    anybody. Lines that cannot be taken are refused, the others are invited. The links are shown this once and nowhere else; inviting
    the same name to the same group again makes a new link and ends the older one. `mail` sends the links to those with an address, at
    most 100 in one call and 200 in a day, and only where the operator has set `public_url`; `mailed` says of each whether it was sent.
    `dry_run` only reports.
    """
    membership = await exchange_led_by(person, exchange_id)
    if (header(request.scope, b"content-type") or "").partition(";")[0].strip().lower() != CSV:
        raise NotCsv
    lines = await asyncio.to_thread(read_list, await request.body(), mailing=mail)
    outcomes = await invite(membership, lines, person.language, dry_run=dry_run, hours=hours)
    address, mailing = "" if dry_run else public_address(request), mail and not dry_run
    mailed = await _mailed(request, membership, outcomes) if mailing else []
    views = [
        _view(outcome, person.wanted, address, {one.id for one in mailed} if mailing else None) for outcome in outcomes
    ]
    invited = sum(view.status == "invited" for view in views)
    report = InvitationsView(dry_run=dry_run, invited=invited, refused=len(views) - invited, lines=views)
    mails = await _mails(membership, mailed, address, person.wanted, hours) if mailed else []
    return YemaResponse(report, background=BackgroundTask(_send, mails) if mails else None)


async def _mailed(
    request: Request[Any, Any, Any], membership: Membership, outcomes: Sequence[Outcome]
) -> list[Invitation]:
    """Those to whom a mail goes. Where only this request says under which address the server is, its links could lead anywhere."""
    if not request.app.state.settings.public_url:
        return []
    found = [one for _, one in outcomes if isinstance(one, Invitation) and one.invitee.email]
    whose = f"exchange {membership.exchange}", f"person {membership.person}"
    return found[: await take_of_day("invitation mails", min(len(found), MAILS_MAX), MAILS_OF_DAY, *whose)]


def _view(outcome: Outcome, wanted: tuple[str, ...], address: str, mailed: Container[UUID] | None) -> InvitationView:
    """`address` is "" where nothing was made, `mailed` None where nothing was to be mailed."""
    line, result = outcome
    if not isinstance(result, Invitation):
        words = gettext(wanted, REASONS[result.code])
        problem = InvitationFaultView(code=result.code, detail=words)
        return InvitationView(line=line.number, name=line.name, status="refused", problem=problem)
    return InvitationView(
        line=line.number,
        name=line.name,
        status="invited",
        join_code=result.id if address else UNSET,
        link=join_link(address, result.secret) if address else UNSET,
        mailed=result.id in mailed if mailed is not None and result.invitee.email else UNSET,
    )


async def _mails(
    membership: Membership, mailed: Sequence[Invitation], address: str, wanted: tuple[str, ...], hours: int
) -> list[Mail]:
    """One for each: in their own language, else in the exchange's first, else in that of whoever invites."""
    title, languages = await title_and_languages(membership)
    until = on_wall(now() + timedelta(hours=hours), membership.zone).date()
    mails = []
    for one in mailed:
        theirs = (*one.invitee.languages, *languages, *wanted)
        day = format_date(until, "long", locale=Locale.parse(catalogue_for(theirs), sep="-"))
        exchange = " ".join(title.split())
        said = {"name": one.invitee.name, "exchange": exchange, "until": day}
        text = gettext(theirs, TEXT, link=join_link(address, one.secret), **said)
        mails.append((one.invitee.email or "", gettext(theirs, SUBJECT, exchange=exchange), text))
    return mails


async def _send(mails: Sequence[Mail]) -> None:
    for mail in mails:
        await send_mail(*mail)


handlers = [invite_people]
