"""The phone's door."""

from typing import Any

from litestar import Request, Router, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import JSONBody

from yema.accounts.signed_in import SignedIn
from yema.http.response import speaks
from yema.sync.pull import pull as pull_page
from yema.sync.push import push as push_all
from yema.sync.schemas import PullDraft, PullView, PushDraft, PushView


@post("/sync/pull", operation_id="pull", status_code=200)
async def pull(
    request: Request[Any, Any, Any], data: JSONBody[PullDraft], person: NamedDependency[SignedIn]
) -> PullView:
    """What is new for this phone since its cursor, a page at a time; without a cursor, everything."""
    speaks(request, data.locale)
    return await pull_page(person, data, request.app.state.kinds)


@post("/sync/push", operation_id="push", status_code=200)
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
