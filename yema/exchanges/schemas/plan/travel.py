"""The ways of the groups, on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.exchanges.schemas.common import Instant, Zone
from yema.shapes import Draft, Line, View

Direction = Literal["outward", "homeward"]
Mode = Literal["train", "bus", "bicycle", "shared_car", "foot", "car", "ferry", "plane", "other"]
Kilometres = Annotated[int, Meta(ge=0, le=40_000)]


class TravelLegView(View):
    """One stretch of a group's way. Each time carries the offset of its own place; the distance is in kilometres, one way."""

    id: UUID
    group: UUID
    direction: Direction
    mode: Mode
    from_place: str
    to_place: str
    departs_at: datetime
    departs_zone: str
    arrives_at: datetime
    arrives_zone: str
    green: bool
    version: int
    carrier: str | UnsetType = UNSET
    distance_km: int | UnsetType = UNSET


class TravelLegDraft(Draft):
    """A stretch of a group's way. `carrier` names the line, flight or company. `green`: by low-emission means."""

    group: UUID
    direction: Direction
    mode: Mode
    from_place: Line
    to_place: Line
    departs_at: Instant
    departs_zone: Zone
    arrives_at: Instant
    arrives_zone: Zone
    green: bool
    carrier: Line | UnsetType = UNSET
    distance_km: Kilometres | UnsetType = UNSET


class TravelLegChange(Draft):
    """What changes; absent stays. `carrier: null` clears it."""

    direction: Direction | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    from_place: Line | UnsetType = UNSET
    to_place: Line | UnsetType = UNSET
    departs_at: Instant | UnsetType = UNSET
    departs_zone: Zone | UnsetType = UNSET
    arrives_at: Instant | UnsetType = UNSET
    arrives_zone: Zone | UnsetType = UNSET
    green: bool | UnsetType = UNSET
    carrier: Line | None | UnsetType = UNSET
    distance_km: Kilometres | None | UnsetType = UNSET
