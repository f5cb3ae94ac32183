"""Slots, the itinerary and releases, on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.exchanges.schemas.common import AudienceKind, Ids, Instant, SlotKind, SlotState, Zone
from yema.exchanges.schemas.plan.history import FieldChange
from yema.exchanges.schemas.plan.materials import Need
from yema.shapes import Draft, Line, Tag, View

Materials = Annotated[list[Need], Meta(max_length=50)]
Scope = Literal["one", "following", "all"]
"""Of slots that were repeated: this one, or this one and the later ones, or every one. What is over or cancelled stays as it was."""
Word = Literal["new", "moved", "changed", "cancelled"]


class Audience(View):
    """For whom a slot is: everybody, some groups, or chosen people."""

    kind: AudienceKind
    groups: list[UUID] | UnsetType = UNSET
    people: list[UUID] | UnsetType = UNSET


class AudienceDraft(Draft):
    """Everybody, or these groups, or these people."""

    kind: AudienceKind
    groups: Ids = []
    people: Ids = []


class SlotView(View):
    """A slot. Times carry the offset of `zone`; `title_locale` is the language that the title is really in.

    Slots with the same `series` were repeated from one; `materials` are those beside the activity's own.
    """

    id: UUID
    kind: SlotKind
    starts_at: datetime
    ends_at: datetime
    zone: str
    audience: Audience
    responsible: list[UUID]
    state: SlotState
    version: int
    title: str | UnsetType = UNSET
    title_locale: str | UnsetType = UNSET
    venue: UUID | UnsetType = UNSET
    room: UUID | UnsetType = UNSET
    activity: UUID | UnsetType = UNSET
    series: UUID | UnsetType = UNSET
    materials: list[Need] | UnsetType = UNSET


class RepeatDraft(Draft):
    """On which days a slot comes again, at the same times on the wall: on every such day up to `until`, the last one.

    With `weekdays` (1 is Monday) only on those of them; the day of the slot itself always counts.
    """

    until: date
    every: Annotated[int, Meta(ge=1, le=7)] = 1
    weekdays: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)] | UnsetType = UNSET


class SlotDraft(Draft):
    """A new slot, for all unless it says otherwise. `locale` is the language of `title` and of materials that do not name theirs.

    Without a zone, it has the venue's or the exchange's. A `room` is one of that venue.
    """

    kind: SlotKind
    starts_at: Instant
    ends_at: Instant
    zone: Zone | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET
    venue: UUID | UnsetType = UNSET
    room: UUID | UnsetType = UNSET
    activity: UUID | UnsetType = UNSET
    audience: AudienceDraft | UnsetType = UNSET
    responsible: Ids = []
    materials: Materials = []
    repeat: RepeatDraft | UnsetType = UNSET


class SlotChange(Draft):
    """What changes; absent stays. With `starts_at` alone the end moves along on the clock on the wall. `venue: null` clears it.

    Another venue without a room leaves the slot without a room.
    """

    kind: SlotKind | UnsetType = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET
    venue: UUID | None | UnsetType = UNSET
    room: UUID | None | UnsetType = UNSET
    activity: UUID | None | UnsetType = UNSET
    audience: AudienceDraft | UnsetType = UNSET
    responsible: Ids | UnsetType = UNSET
    materials: Materials | UnsetType = UNSET


class PartDraft(Draft):
    """What some people do while others do something else. What is absent is as in the slot that was split; `venue: null` clears it."""

    people: Annotated[list[UUID], Meta(min_length=1, max_length=500)]
    venue: UUID | None | UnsetType = UNSET
    room: UUID | None | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET
    responsible: Ids | UnsetType = UNSET


class SplitDraft(Draft):
    """The parts into which a slot is split; the first of them stays the slot that it was."""

    parts: Annotated[list[PartDraft], Meta(min_length=2, max_length=20)]


class SplitView(View):
    """The slots into which one was split, in the order of the parts."""

    items: list[SlotView]


class DayView(View):
    """The slots that start on one day, by the clock of the exchange's zone."""

    date: date
    slots: list[SlotView]


class ItineraryView(View):
    """What is planned (`view=plan`, leaders) or was last released, by days. `release` is its number, 0 before the first."""

    exchange: UUID
    release: int
    zone: str
    days: list[DayView]


class Detail(View):
    """A slot that a release told, under which word, its title then, and what was different. A new one has no fields."""

    slot: UUID
    word: Word
    fields: list[FieldChange]
    title: str | UnsetType = UNSET
    title_locale: str | UnsetType = UNSET


class Difference(View):
    """What a release told: ids of slots, and in detail what was different. Releases of older servers have no details."""

    new: list[UUID]
    moved: list[UUID]
    changed: list[UUID]
    cancelled: list[UUID]
    details: list[Detail] | UnsetType = UNSET


class ReleaseView(View):
    """One release of the plan. `undoes` is the number of the one that it took back."""

    number: int
    made_at: datetime
    by: UUID
    difference: Difference
    undoes: int | UnsetType = UNSET
