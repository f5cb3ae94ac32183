"""The people of an exchange, on the wire."""

from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.exchanges.schemas.common import MemberState, Role
from yema.shapes import Draft, View


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
