"""What `fixtures/demo.yaml` holds. Days are relative to the day of the demo, times are those on the wall of the exchange's zone."""

from datetime import time
from typing import Literal
from uuid import UUID, uuid5

import msgspec
import yaml
from msgspec import Struct

from yema.exchanges.schemas.care.attendance import AttendanceState
from yema.exchanges.schemas.care.emergency import SheetDraft
from yema.exchanges.schemas.common import ExchangePhase, MemberState, Role, SlotKind
from yema.exchanges.schemas.people.particulars import Gender
from yema.exchanges.schemas.plan.materials import Need
from yema.exchanges.schemas.plan.travel import Direction, Mode
from yema.exchanges.schemas.told.announcements import AnnouncementTextDraft
from yema.shipped import shipped

_NAMES = UUID("0199a3d0-0000-7000-8000-000000000000")


class Fixture(Struct, forbid_unknown_fields=True):
    """A part of the file; a field that nobody knows is a mistake."""


class OrganisationFixture(Fixture):
    key: str
    id: UUID
    name: str
    oid: str
    country: str


class PersonFixture(Fixture):
    key: str
    display_name: str
    locale: str
    born: str
    email: str | None = None


class StaffFixture(Fixture):
    person: str
    organisation: str
    role: str


class GroupFixture(Fixture):
    key: str
    name: str
    country: str
    city: str
    organisation: str
    latitude: float
    longitude: float
    hosts: bool = False


class MemberFixture(Fixture):
    person: str
    role: Role
    group: str | None = None
    state: MemberState = "active"
    gender: Gender | None = None
    languages: list[str] = []
    guardian: bool = False
    fewer_opportunities: bool | None = None


class RoomFixture(Fixture):
    key: str
    name: str
    capacity: int


class VenueFixture(Fixture):
    key: str
    name: str
    address: str
    latitude: float
    longitude: float
    capacity: int
    accessibility: str
    main: bool = False
    rooms: list[RoomFixture] = []


class PromptFixture(Fixture):
    key: str
    texts: dict[str, str]


class SlotFixture(Fixture):
    key: str
    at: str
    until: str
    kind: SlotKind
    venue: str
    responsible: list[str]
    audience: Literal["all"] | dict[str, list[str]]
    titles: dict[str, str] = {}
    activity: str | None = None
    series: str | None = None
    materials: list[Need] = []

    @property
    def clock(self) -> tuple[time, time]:
        """From when to when, on the wall."""
        return time.fromisoformat(self.at), time.fromisoformat(self.until)


class DayFixture(Fixture):
    day: int
    slots: list[SlotFixture]


class LegFixture(Fixture, rename={"from_place": "from", "to_place": "to", "distance_km": "km"}):
    """A stretch of a group's way. It departs and arrives on a day, at a time, by the clock of a zone."""

    key: str
    group: str
    direction: Direction
    mode: Mode
    from_place: str
    to_place: str
    departs: tuple[int, str, str]
    arrives: tuple[int, str, str]
    carrier: str
    distance_km: int
    green: bool


class AnnouncementFixture(Fixture):
    """What a leader told: all, or some groups; and who has said that they saw it."""

    by: str
    texts: dict[str, AnnouncementTextDraft]
    seen: list[str]
    groups: list[str] = []


class RegisterFixture(Fixture):
    """Who was at a slot for all: everybody, but for these."""

    slot: str
    by: str
    others: dict[str, AttendanceState]


class ExchangeFixture(Fixture):
    key: str
    id: UUID
    title: str
    organisation: str
    project_number: str
    call_year: int
    starts: int
    ends: int
    zone: str
    phase: ExchangePhase
    languages: list[str]
    groups: list[GroupFixture]
    members: list[MemberFixture]
    venues: list[VenueFixture]
    prompts: list[PromptFixture]
    days: list[DayFixture]
    ceilings: dict[str, int] = {}
    travel: list[LegFixture] = []
    announcements: list[AnnouncementFixture] = []
    attendance: list[RegisterFixture] = []
    sheets: dict[str, SheetDraft] = {}
    calendars: list[str] = []

    @property
    def ceilings_text(self) -> str:
        """As they are kept."""
        return msgspec.json.encode(self.ceilings).decode()

    def series_of(self, slot: SlotFixture) -> UUID | None:
        """The id of the slots that were repeated from one, as that one has it."""
        if slot.series is None:
            return None
        return next(self.id_of("slot", one.key) for day in self.days for one in day.slots if one.series == slot.series)

    def id_of(self, noun: str, key: str) -> UUID:
        """The id of a group, venue, slot… of this exchange: the same on every machine."""
        return uuid5(self.id, f"{noun}/{key}")


class DemoFixture(Fixture):
    organisations: list[OrganisationFixture]
    people: list[PersonFixture]
    staff: list[StaffFixture]
    exchanges: list[ExchangeFixture]


def person_id(key: str) -> UUID:
    """The id of one of the demo's people: the same on every machine."""
    return uuid5(_NAMES, key)


def read_demo() -> DemoFixture:
    """The demo's people and exchanges."""
    text = (shipped("fixtures") / "demo.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), DemoFixture)
