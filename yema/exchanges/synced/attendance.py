"""Who was there, as leaders' phones pull and push it."""

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import N_, FieldError, Invalid, NotFound, Stale
from yema.exchanges.actions.care import attendance as marking
from yema.exchanges.queries import memberships
from yema.exchanges.queries.care import attendance
from yema.exchanges.schemas.care.attendance import AttendanceDraft
from yema.exchanges.synced.acting import Ids, Views, around, by_id
from yema.exchanges.tables.care import Attendance


async def _marks(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return by_id(await attendance.marks_by_id(await memberships.membership_behind(person, space), ids))


async def _mark(person: SignedIn, mutation: Mutation, draft: AttendanceDraft) -> Applied:
    if mutation.id != attendance.mark_id(draft.slot, draft.person):
        raise Invalid(FieldError("/id", "invalid", N_("This value is not allowed here.")))
    membership = await around(person, draft.slot)
    try:
        return Applied(await marking.mark(membership, draft, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await attendance.mark_of(draft.slot, draft.person)) from stale


async def _clear(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    rows = await Attendance.select(Attendance.slot, Attendance.person).where(Attendance.id == mutation.id)
    if not rows:
        raise NotFound
    membership = await around(person, rows[0]["slot"])
    slot, who = rows[0]["slot"], rows[0]["person"]
    try:
        await marking.clear(membership, slot, who, mutation.base_version, mutation.once)
    except Stale as stale:
        raise Stale(current=await attendance.mark_of(slot, who)) from stale
    return Applied(0)


pulled = [Pulled("attendance", _marks, since=3)]

pushed = [
    Pushed("attendance", "make", _mark, AttendanceDraft),
    Pushed("attendance", "change", _mark, AttendanceDraft),
    Pushed("attendance", "delete", _clear),
]
