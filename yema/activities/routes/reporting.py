"""How activities went, for those who write them."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from yema.accounts.signed_in import SignedIn
from yema.activities.queries import reporting as queries
from yema.activities.queries.reporting import Place
from yema.activities.schemas.runs import ActivityRunsView, RunsView
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, bad_cursor, page, position


@get("/activities/{activity_id:uuid}/runs", operation_id="listRuns")
async def list_runs(
    activity_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> RunsView:
    """How an activity went, for the writers of its pack: numbers over all runs, and what leaders would change, the newest week first.

    Names, exchanges and slots are not in it. So that nobody is told by when they wrote, `told_on` is the Monday of a week (UTC), and
    within a week the order is random and stays. Minutes and sizes may be halves in the median only.
    """
    view, places = await queries.runs_collected_by(person, activity_id, limit, _place(cursor))
    shown = page(list(zip(view.items, places, strict=True)), limit, lambda last: last[1])
    view.items, view.next_cursor = [item for item, _ in shown.items], shown.next_cursor
    return view


@get("/packs/{pack_id:uuid}/runs", operation_id="readPackRuns")
async def read_pack_runs(pack_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[ActivityRunsView]:
    """How the activities of a pack went, in numbers, for its writers; in the pack's order, all of them."""
    return Page(items=await queries.runs_of_pack_collected_by(person, pack_id))


def _place(cursor: str | None) -> Place | None:
    key = position(cursor)
    try:
        return None if key is None else Place.read(key)
    except ValueError:
        raise bad_cursor() from None


handlers = [list_runs, read_pack_runs]
