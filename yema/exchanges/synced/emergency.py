"""Emergency sheets, as phones pull and push them: one's own in full; a leader's phone hears only that its copy is old."""

from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import N_, FieldError, Invalid, NotFound, Stale
from yema.exchanges.actions.care import emergency as actions
from yema.exchanges.queries.care import emergency as queries
from yema.exchanges.queries.memberships import Membership, exchange_to_write_in, membership_behind
from yema.exchanges.schemas.care.emergency import SheetDraft, SheetView
from yema.exchanges.sealed import sheet_id
from yema.exchanges.synced.acting import Ids, Views, by_id


class SheetPush(SheetDraft, kw_only=True):
    """My emergency sheet as I wrote it offline, and the exchange that it is for."""

    exchange: UUID


async def _sheets(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    if space.kind == "person":
        return by_id(await queries.own_sheets_by_id(person, ids))
    if person.diary_since:
        return {}
    return by_id(await queries.marks_in(await membership_behind(person, space), space, ids))


async def _write(person: SignedIn, mutation: Mutation, draft: SheetPush) -> Applied:
    """A sheet's id follows from exchange and person, so that two phones that write the first one write the same."""
    queries.must_open_sheets(person)
    if mutation.id != sheet_id(draft.exchange, person.id):
        raise Invalid(FieldError("/id", "invalid", N_("This value is not allowed here.")))
    membership = await exchange_to_write_in(person, draft.exchange)
    try:
        written = await actions.write_sheet(membership, person.id, draft, mutation.base_version, mutation.once)
    except Stale as stale:
        raise Stale(current=await _current(membership)) from stale
    return Applied(written.version)


async def _take_back(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    """An edit that the phone had not known of beats it."""
    queries.must_open_sheets(person)
    exchange, version, there = await queries.own_by_id(person, mutation.id)
    membership = await exchange_to_write_in(person, exchange)
    if not there:
        return Applied(version)
    try:
        return Applied(await actions.take_sheet_back(membership, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await _current(membership)) from stale


async def _current(membership: Membership) -> SheetView | None:
    try:
        return await queries.own_sheet(membership)
    except NotFound:
        return None


pulled = [Pulled("emergency_sheet", _sheets, since=3, diary=True)]

pushed = [
    Pushed("emergency_sheet", "make", _write, SheetPush),
    Pushed("emergency_sheet", "change", _write, SheetPush),
    Pushed("emergency_sheet", "delete", _take_back),
]
