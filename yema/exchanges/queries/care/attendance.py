"""Who was at a slot, for those who lead."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import slot_of
from yema.exchanges.schemas.care.attendance import AttendanceView, RegisterView
from yema.exchanges.tables.care import Attendance
from yema.exchanges.tables.exchange import Member

_FIELDS = ("id", "slot", "person", "state", "by", "at", "version")


def mark_id(slot: UUID, person: UUID) -> UUID:
    """The id of somebody's mark: two phones that were both offline name the same thing."""
    return uuid5(slot, str(person))


async def register_of(membership: Membership, slot: UUID) -> RegisterView:
    """All marks of a slot, and of whom nothing was said. Raises `NotFound`."""
    body = await slot_of(membership, slot)
    marks = [_view(row) for row in await _select().where(Attendance.slot == slot).order_by(Attendance.id)]
    members = await Member.select(Member.person, Member.group).where(
        Member.exchange == membership.exchange, Member.state == "active", Member.role == "participant"
    )
    marked = {mark.person for mark in marks}
    unmarked = [row["person"] for row in members if row["person"] not in marked and body.is_for(**row)]
    return RegisterView(
        slot=slot,
        marks=marks,
        unmarked=sorted(unmarked),
        present=sum(mark.state in ("present", "late") for mark in marks),
    )


async def marks_by_id(membership: Membership, only: Sequence[UUID]) -> list[AttendanceView]:
    """Those of these marks that are of this exchange."""
    rows = await _select().where(Attendance.id.is_in(list(only)), Attendance.slot.exchange == membership.exchange)
    return [_view(row) for row in rows]


async def mark_of(slot: UUID, person: UUID) -> AttendanceView | None:
    """What was said of somebody at a slot."""
    rows = await _select().where(Attendance.id == mark_id(slot, person))
    return _view(rows[0]) if rows else None


def _select() -> Any:
    return Attendance.select(*(getattr(Attendance, field) for field in _FIELDS))


def _view(row: dict[str, Any]) -> AttendanceView:
    return AttendanceView(**{field: row[field] for field in _FIELDS})
