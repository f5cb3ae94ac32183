"""Who was there, on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from yema.shapes import Draft, View

AttendanceState = Literal["present", "late", "absent", "excused"]


class MarkDraft(Draft):
    """Whether somebody was there."""

    person: UUID
    state: AttendanceState


class RegisterDraft(Draft):
    """Marks of one slot; whoever is not named keeps the mark that they have."""

    marks: Annotated[list[MarkDraft], Meta(min_length=1, max_length=200)]


class AttendanceView(View):
    """One mark: who it is about, and who made it when. Its id is the UUIDv5 of the slot's id and the person's id as text."""

    id: UUID
    slot: UUID
    person: UUID
    state: AttendanceState
    by: UUID
    at: datetime
    version: int


class RegisterView(View):
    """The marks of a slot; `unmarked` are those for whom the slot is and of whom nothing was said yet. Late ones count as present."""

    slot: UUID
    marks: list[AttendanceView]
    unmarked: list[UUID]
    present: int


class AttendanceDraft(Draft):
    """One mark, as a phone pushes it under the id that follows from slot and person."""

    slot: UUID
    person: UUID
    state: AttendanceState
