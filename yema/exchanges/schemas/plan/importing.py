"""Somebody else's calendar as a draft of the plan, on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.exchanges.schemas.common import SlotKind
from yema.shapes import View


class ImportedSlotView(View):
    """A slot that stands on the plan now, or would. `there`: it was before, by the same import or because it is ours; it stays as it is.

    `at` is the line of a calendar in which the event begins, or the number of the entry in a schedule. `place` is the name of the venue.
    """

    id: UUID
    state: Literal["new", "there"]
    at: int
    kind: SlotKind
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str | UnsetType = UNSET
    place: str | UnsetType = UNSET


class NotUnderstoodView(View):
    """Something that was not understood, or not taken over: a stable word for it, where it stands, and words in the reader's language."""

    what: str
    detail: str
    at: int
    title: str | UnsetType = UNSET


class ImportView(View):
    """What became of a file: its slots, the venues that were new, how many slots were `made` (0 with `dry_run`)."""

    slots: list[ImportedSlotView]
    new_venues: list[str]
    not_understood: list[NotUnderstoodView]
    made: int
