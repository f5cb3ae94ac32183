"""Setting an exchange up, on the wire: itself, its groups and its venues."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.exchanges.schemas.common import Country, ExchangePhase, Latitude, Longitude, Zone
from yema.shapes import END, Draft, Line, Paragraph, Tag

ProjectNumber = Annotated[
    str,
    Meta(max_length=31, pattern=f"^20[0-9]{{2}}-[1-3]-[A-Z]{{2}}[0-9]{{2}}-KA[0-9]{{3}}-[A-Z]{{3}}-[0-9]{{9}}{END}"),
]
"""A grant agreement's number in the programme: 2024-1-PL01-KA152-YOU-000123456."""
CallYear = Annotated[int, Meta(ge=2014, le=2100)]
Languages = Annotated[list[Tag], Meta(min_length=1, max_length=30)]
CeilingName = Annotated[str, Meta(max_length=40, pattern=f"^[a-z_]{{1,40}}{END}")]
Ceilings = Annotated[dict[CeilingName, Annotated[int, Meta(ge=0, le=1000)]], Meta(max_length=20)]
"""Rules that a national agency adds to the programme's, by name: `participants_per_leader_max`."""
Capacity = Annotated[int, Meta(ge=1, le=100_000)]


class ExchangeDraft(Draft):
    """A new exchange; days are in its zone, both included."""

    organisation: UUID
    title: Line
    starts_on: date
    ends_on: date
    zone: Zone
    languages: Languages
    phase: ExchangePhase = "planning"
    project_number: ProjectNumber | UnsetType = UNSET
    call_year: CallYear | UnsetType = UNSET
    ceilings: Ceilings = {}


class ExchangeChange(Draft):
    """What changes; absent stays, null clears. With `starts_on` everything that is planned moves along."""

    title: Line | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    ends_on: date | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    languages: Languages | UnsetType = UNSET
    phase: ExchangePhase | UnsetType = UNSET
    project_number: ProjectNumber | None | UnsetType = UNSET
    call_year: CallYear | None | UnsetType = UNSET
    ceilings: Ceilings | UnsetType = UNSET


class CopyDraft(Draft):
    """What the copy is called, and its first day."""

    title: Line
    starts_on: date


class _Placed(Draft):
    """Coordinates come in pairs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        latitude, longitude = getattr(self, "latitude", UNSET), getattr(self, "longitude", UNSET)
        if _given(latitude) != _given(longitude):
            raise ValueError("Give both `latitude` and `longitude`, or neither")


def _given(value: Any) -> str:
    return "absent" if value is UNSET else "nothing" if value is None else "a number"


class GroupDraft(_Placed):
    """A national group. Coordinates are those of its city, from which it travels; `organisation` sends it."""

    name: Line
    country: Country
    city: Line | UnsetType = UNSET
    latitude: Latitude | UnsetType = UNSET
    longitude: Longitude | UnsetType = UNSET
    organisation: UUID | UnsetType = UNSET
    hosts: bool = False


class GroupChange(_Placed):
    """What changes; absent stays, null clears."""

    name: Line | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    city: Line | None | UnsetType = UNSET
    latitude: Latitude | None | UnsetType = UNSET
    longitude: Longitude | None | UnsetType = UNSET
    organisation: UUID | None | UnsetType = UNSET
    hosts: bool | UnsetType = UNSET


class RoomDraft(Draft):
    """A room of a venue. With the `id` of one that is there it is that one, changed."""

    name: Line
    id: UUID | UnsetType = UNSET
    capacity: Capacity | UnsetType = UNSET


Rooms = Annotated[list[RoomDraft], Meta(max_length=60)]


class VenueDraft(_Placed):
    """A place; without a zone it has the exchange's. The `main` one is where the exchange is at home."""

    name: Line
    address: Paragraph = ""
    accessibility: Paragraph = ""
    latitude: Latitude | UnsetType = UNSET
    longitude: Longitude | UnsetType = UNSET
    capacity: Capacity | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    main: bool = False
    rooms: Rooms = []


class VenueChange(_Placed):
    """What changes; absent stays, null clears. `rooms` are all of them: one that is not named again goes."""

    name: Line | UnsetType = UNSET
    address: Paragraph | UnsetType = UNSET
    accessibility: Paragraph | UnsetType = UNSET
    latitude: Latitude | None | UnsetType = UNSET
    longitude: Longitude | None | UnsetType = UNSET
    capacity: Capacity | None | UnsetType = UNSET
    zone: Zone | None | UnsetType = UNSET
    main: bool | UnsetType = UNSET
    rooms: Rooms | UnsetType = UNSET
