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
