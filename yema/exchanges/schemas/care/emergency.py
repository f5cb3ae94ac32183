"""Emergency sheets, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from yema.shapes import END, NO_NUL, Draft, Line, View

Phone = Annotated[str, Meta(min_length=3, max_length=40, pattern=f"^[0-9+][0-9 ()./x#*-]*{END}")]
"""A number as one dials it from abroad: `+48 600 000 000`."""
Note = Annotated[str, Meta(min_length=1, max_length=2000, pattern=NO_NUL)]
CONTACTS_MAX = 5


class Contact(Draft):
    """Whom to call; `relation` in words of one's own (mother, guardian)."""

    name: Line
    phone: Phone
    relation: Line | UnsetType = UNSET


class Insurance(Draft):
    """Who pays, the number of the policy, and whom to call there."""

    insurer: Line
    policy: Line | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET


class SheetDraft(Draft):
    """All that an emergency sheet says; what is left out is no longer there."""

    contacts: Annotated[list[Contact], Meta(max_length=CONTACTS_MAX)] = []
    insurance: Insurance | UnsetType = UNSET
    allergies: Note | UnsetType = UNSET
    diet: Note | UnsetType = UNSET
    medication: Note | UnsetType = UNSET
    notes: Note | UnsetType = UNSET


class SheetContent(Struct, frozen=True, omit_defaults=True):
    """What is sealed of a sheet: all of it."""

    contacts: list[Contact] = []
    insurance: Insurance | UnsetType = UNSET
    allergies: str | UnsetType = UNSET
    diet: str | UnsetType = UNSET
    medication: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET


class SheetView(View):
    """Somebody's emergency sheet in one exchange. Its id is the UUIDv5 of the person's id within the exchange's."""

    id: UUID
    exchange: UUID
    person: UUID
    version: int
    changed_at: datetime
    changed_by: UUID
    contacts: list[Contact]
    insurance: Insurance | UnsetType = UNSET
    allergies: str | UnsetType = UNSET
    diet: str | UnsetType = UNSET
    medication: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET


class SheetMarkView(View):
    """That there is a sheet, and which version: so a leader's phone knows that its copy is old. Nothing is opened for it."""

    id: UUID
    person: UUID
    version: int


class MemberSheetView(View):
    """A member of the group, with their sheet if they have one."""

    member: UUID
    person: UUID
    display_name: str
    sheet: SheetView | UnsetType = UNSET


class SheetOpeningView(View):
    """A leader has opened my sheet: who, and when for the first time on that day."""

    by: UUID
    display_name: str
    at: datetime
