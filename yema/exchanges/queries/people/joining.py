"""The codes by which people come in."""

from typing import Any
from uuid import UUID

from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.people.joining import JoinCodeView
from yema.exchanges.tables.exchange import JoinCode
from yema.shapes import present


async def join_codes_of(membership: Membership) -> list[JoinCodeView]:
    """The codes of an exchange, also those that are used up or have expired, without their secrets."""
    rows = await JoinCode.select().where(JoinCode.exchange == membership.exchange).order_by(JoinCode.made_at)
    return [join_code_view(row, membership) for row in rows]


async def join_code_of(membership: Membership, code: UUID) -> JoinCodeView:
    """One code. Raises `NotFound`, also where it was ended."""
    rows = await JoinCode.select().where(JoinCode.exchange == membership.exchange, JoinCode.id == code)
    if not rows:
        raise NotFound
    return join_code_view(rows[0], membership)


def join_code_view(row: dict[str, Any], membership: Membership) -> JoinCodeView:
    """A code as this leader sees it; names of who was invited are for those who act for them."""
    return JoinCodeView(
        id=row["id"],
        role=row["role"],
        admits=row["admits"],
        uses=row["uses"],
        uses_max=row["uses_max"],
        expires_at=row["expires_at"],
        group=present(row["group"]),
        invited=present(row["invited"] if membership.acts_for(row["group"]) else None),
    )
