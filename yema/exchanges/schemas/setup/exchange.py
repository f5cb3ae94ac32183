"""The exchange, its groups and its places, on the wire."""

from datetime import date
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.accounts.schemas import StaffView
from yema.exchanges.schemas.common import ExchangePhase, MemberState, Role
from yema.shapes import View


class MembershipView(View):
    """One of my memberships."""

    exchange: UUID
    role: Role
    state: MemberState
    group: UUID | UnsetType = UNSET


class MeView(View):
    """I, as the server knows me. `staff` says for which organisations I work, and as what.

    `calendar_url` is the secret path of my calendar, once I have made one (`POST /me/calendar`).
    """

    id: UUID
    display_name: str
    locale: str
    memberships: list[MembershipView]
    email: str | UnsetType = UNSET
    staff: list[StaffView] | UnsetType = UNSET
    calendar_url: str | UnsetType = UNSET


class ExchangeView(View):
    """An exchange. Countries are ISO 3166-1 codes of its groups; languages are tags; `host` is the group that hosts.

    `ceilings` are for leaders: what its national agency asks beyond the programme's rules.
    """

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
    organisation: UUID
    organisation_name: str
    project_number: str | UnsetType = UNSET
    call_year: int | UnsetType = UNSET
    host: UUID | UnsetType = UNSET
    ceilings: dict[str, int] | UnsetType = UNSET


class GroupView(View):
    """A national group; `country_name` is in the reader's language. Coordinates are those of its city; `organisation` sends it."""

    id: UUID
    name: str
    country: str
    country_name: str
    hosts: bool
    city: str | UnsetType = UNSET
    latitude: float | UnsetType = UNSET
    longitude: float | UnsetType = UNSET
    organisation: UUID | UnsetType = UNSET
    organisation_name: str | UnsetType = UNSET


class RoomView(View):
    """A part of a venue that can be taken by itself."""

    id: UUID
    name: str
    capacity: int | UnsetType = UNSET


class VenueView(View):
    """A place; coordinates are WGS 84 degrees, capacity counts people. The `main` one is where the exchange is at home."""

    id: UUID
    name: str
    address: str
    accessibility: str
    zone: str
    main: bool
    rooms: list[RoomView]
    latitude: float | UnsetType = UNSET
    longitude: float | UnsetType = UNSET
    capacity: int | UnsetType = UNSET
