"""The doors of requests for help. Nothing of them is kept by a cache."""

from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.exchanges.actions.care import help as actions
from yema.exchanges.errors import HelpTaken
from yema.exchanges.queries.care import help as queries
from yema.exchanges.queries.memberships import exchange_of
from yema.exchanges.schemas.care.help import HelpDraft, HelpView
from yema.http.paging import Page


@post("/exchanges/{exchange_id:uuid}/help-requests", operation_id="askForHelp")
async def ask_for_help(
    exchange_id: FromPath[UUID],
    data: JSONBody[HelpDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> HelpView:
    """I need help: the leaders of my group and the coordinators are told so at once, and nobody what it is about.

    Where I have asked already and it is not over, that request is answered, with the new text if there is one. Told again after 5 minutes
    in which nobody took it, and after 15 to all who lead in the exchange, who may then come, but not read the text.
    """
    person.must_open_diaries()
    membership = await exchange_of(person, exchange_id)
    try:
        request = await actions.ask_for_help(membership, data, once)
    except MadeBefore as before:
        request = before.thing
    return await _shown(person, request)


@get("/exchanges/{exchange_id:uuid}/help-requests", operation_id="listHelpRequests")
async def list_help_requests(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[HelpView]:
    """Who needs help, the newest first, and what was closed in the last thirty days.

    My own; for leaders those of their group, for coordinators all; for everybody who leads also those for which nobody came in 15
    minutes, without their text, until they are closed.
    """
    person.must_open_diaries()
    return Page(items=await queries.help_requests_of(person, await exchange_of(person, exchange_id)))


@put("/help-requests/{help_request_id:uuid}/taken", operation_id="takeHelpRequest")
async def take_help_request(help_request_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> HelpView:
    """I am on my way; the person is told so. `help_taken` where somebody else was faster: `current` says who."""
    person.must_open_diaries()
    membership, asked = await queries.help_request_of(person, help_request_id)
    try:
        await actions.take_help_request(membership, asked)
    except HelpTaken as taken:
        raise HelpTaken(current=await _shown(person, help_request_id)) from taken
    return await _shown(person, help_request_id)


@delete("/help-requests/{help_request_id:uuid}/taken", operation_id="giveHelpRequestBack")
async def give_help_request_back(help_request_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """I cannot come after all: the others are asked again."""
    person.must_open_diaries()
    membership, asked = await queries.help_request_of(person, help_request_id)
    await actions.give_help_request_back(membership, asked)


@put("/help-requests/{help_request_id:uuid}/closed", operation_id="closeHelpRequest", status_code=204)
async def close_help_request(help_request_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """It is over: nobody needs to come any more. For who has asked, who acts for them, and who came. Saying so again changes nothing."""
    person.must_open_diaries()
    membership, asked = await queries.help_request_of(person, help_request_id)
    await actions.close_help_request(membership, asked)


async def _shown(person: SignedIn, request: UUID) -> HelpView:
    membership, asked = await queries.help_request_of(person, request)
    return queries.help_view(person, membership, asked)


router = Router(
    "/",
    route_handlers=[ask_for_help, list_help_requests, take_help_request, give_help_request_back, close_help_request],
    response_headers=[ResponseHeader(name="cache-control", value="private, no-store")],
)
handlers = [router]
