"""What the shapes of exchanges have in common."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

Role = Literal["participant", "leader", "facilitator", "coordinator"]
MemberState = Literal["pending", "active", "left"]
SlotKind = Literal["activity", "meal", "free", "reflection", "meeting", "travel", "other"]
SlotState = Literal["planned", "moved", "cancelled"]
AudienceKind = Literal["all", "groups", "people"]
ExchangePhase = Literal["planning", "preparation", "implementation", "evaluation"]
Instant = Annotated[datetime, Meta(tz=True)]
Zone = Annotated[str, Meta(max_length=60, pattern="^[A-Za-z0-9_+/-]+$")]
Ids = Annotated[list[UUID], Meta(max_length=500)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$(?!\\n)")]
"""ISO 3166-1 alpha-2."""
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
"""WGS 84 degrees."""
