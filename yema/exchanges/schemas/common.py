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
