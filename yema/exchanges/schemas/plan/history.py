"""Who changed what in the plan, on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.shapes import View

What = Literal["scheduled", "changed", "moved", "cancelled"]


class FieldChange(View):
    """One field of a slot before and after, with the values that `SlotView` has for it; absent where it had none.

    A title is told in each language in which it is different, the reader's first; `locale` says which.
    """

    field: str
    before: Any | UnsetType = UNSET
    after: Any | UnsetType = UNSET
    locale: str | UnsetType = UNSET


class PlanChangeView(View):
    """One change of one slot of the plan: by whom, when, and what was different. `title` is the one that it had from then on."""

    id: UUID
    slot: UUID
    by: UUID
    by_name: str
    at: datetime
    what: What
    fields: list[FieldChange]
    title: str | UnsetType = UNSET
    title_locale: str | UnsetType = UNSET
