"""What leaders know of the members they act for, and what I say of myself."""

from typing import Any
from uuid import UUID

import msgspec

from yema.errors import NotFound
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.people.particulars import OwnParticularsView, ParticularsView
from yema.exchanges.tables.exchange import Member, Particulars
from yema.shapes import present

_NONE: dict[str, Any] = {"languages": "[]", "guardian_authorised": False}


async def member_acted_for(membership: Membership, member: UUID) -> UUID:
    """The id of a member who is or waits in the group that this leader leads; of anybody's for coordinators.

    Raises `LeadersOnly` for participants. To other leaders and to facilitators the member's particulars are not there: `NotFound`.
    """
    if not membership.leads:
        raise LeadersOnly
    rows = await Member.select(Member.group).where(
        Member.id == member, Member.exchange == membership.exchange, Member.state != "left"
    )
    if not rows or not membership.acts_for(rows[0]["group"]):
        raise NotFound
    return member


async def own_member(membership: Membership) -> UUID:
    """The id of my own membership. Raises `NotFound` for who left in this moment."""
    rows = await Member.select(Member.id).where(
        Member.exchange == membership.exchange, Member.person == membership.person, Member.state == "active"
    )
    if not rows:
        raise NotFound
    found: UUID = rows[0]["id"]
    return found


async def particulars_of(member: UUID) -> ParticularsView:
    """All that is known; ask `member_acted_for` first."""
    row = await _row(member)
    return ParticularsView(
        languages=msgspec.json.decode(row["languages"], type=list[str]),
        guardian_authorised=row["guardian_authorised"],
        gender=present(row.get("gender")),
        fewer_opportunities=present(row.get("fewer_opportunities")),
        travel_days=present(row.get("travel_days")),
    )


async def own_particulars(member: UUID) -> OwnParticularsView:
    """What the person may say themselves; ask `own_member` first."""
    row = await _row(member)
    return OwnParticularsView(
        languages=msgspec.json.decode(row["languages"], type=list[str]), gender=present(row.get("gender"))
    )


async def _row(member: UUID) -> dict[str, Any]:
    rows = await Particulars.select().where(Particulars.id == member)
    return rows[0] if rows else _NONE
