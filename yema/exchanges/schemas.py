"""What exchanges take and show."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.accounts.schemas import Born, StaffView, TokensView
from yema.activities.version_schemas import DifferencesView, Number
from yema.shapes import Code, Draft, Line, Tag, View

Role = Literal["participant", "leader", "facilitator", "coordinator"]
MemberState = Literal["pending", "active", "left"]
SlotKind = Literal["activity", "meal", "free", "reflection", "meeting", "travel", "other"]
SlotState = Literal["planned", "moved", "cancelled"]
AudienceKind = Literal["all", "groups", "people"]
ExchangePhase = Literal["planning", "preparation", "implementation", "evaluation"]

Instant = Annotated[datetime, Meta(tz=True)]
Zone = Annotated[str, Meta(max_length=60, pattern="^[A-Za-z0-9_+/-]+$")]
Ids = Annotated[list[UUID], Meta(max_length=500)]
Uses = Annotated[int, Meta(ge=1, le=500)]


class MembershipView(View):
    """One of my memberships."""

    exchange: UUID
    role: Role
    state: MemberState
    group: UUID | UnsetType = UNSET


class MeView(View):
    """I, as the server knows me. `staff` says for which organisations I work, and as what."""

    id: UUID
    display_name: str
    locale: str
    memberships: list[MembershipView]
    email: str | UnsetType = UNSET
    staff: list[StaffView] | UnsetType = UNSET


class ExchangeView(View):
    """An exchange. Countries are ISO 3166-1 codes of its groups; languages are tags."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date
    zone: str
    phase: ExchangePhase
    countries: list[str]
    country_names: list[str]
    languages: list[str]
    language_names: list[str]
    role: Role
    project_number: str | UnsetType = UNSET


class GroupView(View):
    """A national group; `country_name` is in the reader's language."""

    id: UUID
    name: str
    country: str
    country_name: str
    city: str | UnsetType = UNSET


class MemberView(View):
    """Somebody in the exchange."""

    id: UUID
    person: UUID
    display_name: str
    role: Role
    state: MemberState
    group: UUID | UnsetType = UNSET


class MemberChange(Draft):
    """Approve (`active`), turn away or remove (`left`), or move to another group."""

    state: Literal["active", "left"] | UnsetType = UNSET
    group: UUID | UnsetType = UNSET


class VenueView(View):
    """A place; coordinates are WGS 84 degrees, capacity counts people."""

    id: UUID
    name: str
    address: str
    accessibility: str
    zone: str
    latitude: float | UnsetType = UNSET
    longitude: float | UnsetType = UNSET
    capacity: int | UnsetType = UNSET


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
    """A slot. Times carry the offset of `zone`; `title_locale` is the language that the title is really in."""

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
    activity: UUID | UnsetType = UNSET


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


class PlannedPackView(View):
    """The immutable file of a pack that the exchange plans with, in the version that it keeps. `newer` is one that leaders may take."""

    pack: UUID
    version: int
    locale: str
    url: str
    bytes: int
    sha256: str
    newer: int | UnsetType = UNSET


class ExchangePackView(View):
    """A pack that the exchange plans with, for its leaders. `version` is the one that it keeps; `latest` another one that they may take,
    and `changes` what that one changed (absent where a version is too old to be compared).
    """

    pack: UUID
    title: str
    locale: str
    version: int
    withdrawn: bool
    reason: str | UnsetType = UNSET
    latest: int | UnsetType = UNSET
    changes: DifferencesView | UnsetType = UNSET


class VersionChoice(Draft):
    """The version to plan with from now on."""

    version: Number


class JoinCodeDraft(Draft):
    """Whom a code lets in. One that admits at once needs no approval, so it is better short-lived."""

    group: UUID | UnsetType = UNSET
    role: Role = "participant"
    admits: bool = False
    uses_max: Uses = 30
    hours: Annotated[int, Meta(ge=1, le=24 * 90)] = 24 * 7


class JoinCodeView(View):
    """A join code. `code` and `secret` (the content of the QR) are shown once, when it is made."""

    id: UUID
    role: Role
    admits: bool
    uses: int
    uses_max: int
    expires_at: datetime
    group: UUID | UnsetType = UNSET
    code: str | UnsetType = UNSET
    secret: str | UnsetType = UNSET


class JoinDraft(Draft):
    """Join by the typed code or by the QR's secret. Whoever is signed in already joins as themselves."""

    display_name: Line
    locale: Tag
    code: Code | UnsetType = UNSET
    secret: Code | UnsetType = UNSET
    born: Born | UnsetType = UNSET


class JoinedView(View):
    """Who joined, what they are now, and how they stay signed in. The recovery code is shown this once."""

    person: UUID
    membership: MembershipView
    tokens: TokensView | UnsetType = UNSET
    recovery_code: str | UnsetType = UNSET
