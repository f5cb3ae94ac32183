"""The phone's door."""

from typing import Any

from litestar import Request, Router, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import JSONBody

from yema.accounts.signed_in import SignedIn
from yema.http.replay import REPLAYABLE
from yema.http.response import speaks
from yema.sync.pull import pull as pull_page
from yema.sync.push import push as push_all
from yema.sync.request import PushRequest
from yema.sync.schemas import PullDraft, PullView, PushDraft, PushView


@post("/sync/pull", operation_id="pull", status_code=200)
async def pull(
    request: Request[Any, Any, Any], data: JSONBody[PullDraft], person: NamedDependency[SignedIn]
) -> PullView:
    """What is new for this phone since its cursor, a page at a time; without a cursor, everything."""
    speaks(request, data.locale)
    page = await pull_page(person, data, request.app.state.kinds)
    if page.cursor == data.cursor:  # nothing new, and so it stays while its look-ups have the same answers
        scope: Any = request.scope
        scope[REPLAYABLE] = True
    return page


@post("/sync/push", operation_id="push", status_code=200, request_class=PushRequest)
async def push(
    request: Request[Any, Any, Any], data: JSONBody[PushDraft], person: NamedDependency[SignedIn]
) -> PushView:
    """What this phone did while it was away. Sending the same again is safe for 400 days."""
    return await push_all(person, data, request.app.state.kinds)


router = Router(
    "/",
    route_handlers=[pull, push],
    response_headers=[ResponseHeader(name="cache-control", value="private, no-store")],
    tags=["sync"],
)
