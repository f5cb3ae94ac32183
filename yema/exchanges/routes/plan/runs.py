"""How the activity of a slot went, told by somebody who led it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.activities.actions.reporting import take_run_back
from yema.activities.queries.reporting import own_run
from yema.activities.schemas.runs import RunDraft, RunView
from yema.errors import PreconditionRequired, Stale
from yema.exchanges.actions.plan import runs
from yema.exchanges.queries import memberships
from yema.exchanges.queries.plan import itinerary
from yema.http.conditional import expected_version
from yema.http.headers import header
from yema.http.response import YemaResponse


@put("/slots/{slot_id:uuid}/run", operation_id="tellRun")
async def tell_run(
    request: Request[Any, Any, Any],
    slot_id: FromPath[UUID],
    data: JSONBody[RunDraft],
    person: NamedDependency[SignedIn],
) -> Response[RunView]:
    """Say how the activity of a slot went. Leaders and facilitators; 201 for the first time, then `If-Match` is needed.

    The writers of its pack read it without your name, and without the exchange; where few have run it they may still guess.
    Answers `no_activity` for a meal or a journey.
    """
    membership = await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot_id))
    conditional = header(request.scope, b"if-match") is not None
    expected = await expected_version(request) if conditional else 0
    try:
        version = await runs.tell_run(membership, slot_id, data, person, expected)
    except Stale as stale:
        if not conditional:
            raise PreconditionRequired from stale
        raise Stale(current=await own_run(person, slot_id)) from stale
    return YemaResponse(await own_run(person, slot_id), status_code=201 if version == 1 else 200)


@get("/slots/{slot_id:uuid}/run", operation_id="readOwnRun")
async def read_own_run(slot_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> RunView:
    """What I told about this slot; also after I have left the exchange."""
    return await own_run(person, slot_id)


@delete("/slots/{slot_id:uuid}/run", operation_id="takeRunBack")
async def take_back(slot_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Take back what I told about this slot; nobody reads it any more."""
    await take_run_back(person, slot_id)


handlers = [tell_run, read_own_run, take_back]
