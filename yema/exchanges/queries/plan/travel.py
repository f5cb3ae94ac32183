"""The ways of the groups: a member sees those of their own group, leaders see all."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yema.changes import SpaceKey
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import legs_of
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.plan.travel import TravelLegView
from yema.exchanges.whole import Leg
from yema.shapes import present

_EXCHANGE = Statement("SELECT exchange FROM travel_leg WHERE id = {}")
_TIMES = Statement("SELECT departs_at, departs_zone FROM travel_leg WHERE exchange = {} AND id = {}")


class LegTimes(NamedTuple):
    """When a leg departs, and by which clock."""

    departs_at: datetime
    zone: str


async def travel_of(membership: Membership) -> list[TravelLegView]:
    """In the order of departure."""
    return [leg_view(leg) for leg in await legs_of(membership.exchange) if _may_see(membership, leg)]


async def leg_of(membership: Membership, leg: UUID) -> TravelLegView:
    """Raises `NotFound`."""
    for found in await travel_of(membership):
        if found.id == leg:
            return found
    raise NotFound


async def exchange_with_leg(leg: UUID) -> UUID:
    """The exchange that a leg belongs to; whether the asker may know is the next question. Raises `NotFound`."""
    rows = await fetch(_EXCHANGE, leg)
    if not rows:
        raise NotFound
    return as_id(rows[0][0])


async def leg_times(exchange: UUID, leg: UUID) -> LegTimes | None:
    """None where there is no such leg any more."""
    rows = await fetch(_TIMES, exchange, leg)
    return LegTimes(as_instant(rows[0][0]), rows[0][1]) if rows else None


async def legs_in(membership: Membership, space: SpaceKey, only: Sequence[UUID]) -> list[TravelLegView]:
    """Those of these legs that are seen in that space: a group's own, and all in the leaders'."""
    legs = [leg for leg in await legs_of(membership.exchange) if leg.id in only]
    return [leg_view(leg) for leg in legs if space.kind == "exchange_leaders" or leg.group == space.owner]


def leg_view(leg: Leg) -> TravelLegView:
    return TravelLegView(
        id=leg.id,
        group=leg.group,
        direction=leg.direction,  # type: ignore[arg-type]  # the table holds one of them
        mode=leg.mode,  # type: ignore[arg-type]  # likewise
        from_place=leg.from_place,
        to_place=leg.to_place,
        departs_at=on_wall(leg.departs_at, leg.departs_zone),
        departs_zone=leg.departs_zone,
        arrives_at=on_wall(leg.arrives_at, leg.arrives_zone),
        arrives_zone=leg.arrives_zone,
        green=leg.green,
        version=leg.version,
        carrier=present(leg.carrier),
        distance_km=present(leg.distance_km),
    )


def _may_see(membership: Membership, leg: Leg) -> bool:
    return membership.leads or leg.group == membership.group
