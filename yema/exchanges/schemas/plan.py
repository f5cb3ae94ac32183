"""Slots, the itinerary and releases, on the wire."""

from datetime import date, datetime
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.exchanges.schemas.common import AudienceKind, Ids, Instant, SlotKind, SlotState, Zone
from yema.exchanges.schemas.materials import Need
from yema.shapes import Draft, Line, Tag, View


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


class SlotDraft(Draft):
    """A new slot, for all unless it says otherwise. `locale` is the language of `title`; without a zone, the venue's or the exchange's."""

    kind: SlotKind
    starts_at: Instant
    ends_at: Instant
    zone: Zone | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET
    venue: UUID | UnsetType = UNSET
    activity: UUID | UnsetType = UNSET
    audience: AudienceDraft | UnsetType = UNSET
    responsible: Ids = []


class SlotChange(Draft):
    """What changes; absent stays. With `starts_at` alone the end moves along on the clock on the wall. `venue: null` clears it."""

    kind: SlotKind | UnsetType = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET
    venue: UUID | None | UnsetType = UNSET
    activity: UUID | None | UnsetType = UNSET
    audience: AudienceDraft | UnsetType = UNSET
    responsible: Ids | UnsetType = UNSET


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


class Difference(View):
    """What a release told: ids of slots."""

    new: list[UUID]
    moved: list[UUID]
    changed: list[UUID]
    cancelled: list[UUID]


class ReleaseView(View):
    """One release of the plan."""

    number: int
    made_at: datetime
    by: UUID
    difference: Difference
