"""Who was there."""

from uuid import UUID

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.exchanges.actions.care import attendance as marking
from yema.exchanges.queries import memberships
from yema.exchanges.queries.care import attendance
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan import itinerary
from yema.exchanges.schemas.care.attendance import RegisterDraft, RegisterView


@get("/slots/{slot_id:uuid}/attendance", operation_id="readAttendance")
async def read_attendance(slot_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> RegisterView:
    """Who was at a slot, and of whom nothing was said yet. Leaders only."""
    return await attendance.register_of(await _led(person, slot_id), slot_id)


@put("/slots/{slot_id:uuid}/attendance", operation_id="markAttendance")
async def mark_attendance(
    slot_id: FromPath[UUID], data: JSONBody[RegisterDraft], person: NamedDependency[SignedIn]
) -> RegisterView:
    """Mark some people at once; who is not named keeps their mark. Leaders only."""
    membership = await _led(person, slot_id)
    await marking.mark_all(membership, slot_id, data.marks)
    return await attendance.register_of(membership, slot_id)


@delete("/slots/{slot_id:uuid}/attendance/{person_id:uuid}", operation_id="clearAttendance")
async def clear_attendance(
    slot_id: FromPath[UUID], person_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Take somebody's mark away. Leaders only."""
    await marking.clear(await _led(person, slot_id), slot_id, person_id, None)


async def _led(person: SignedIn, slot: UUID) -> Membership:
    return await memberships.exchange_led_by(person, await itinerary.exchange_with_slot(slot))


handlers = [read_attendance, mark_attendance, clear_attendance]
