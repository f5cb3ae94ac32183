"""Who is in an exchange."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from yema.changes import SpaceKey
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.people.people import MemberView
from yema.exchanges.tables.exchange import Member
from yema.shapes import present


async def members_of(membership: Membership, after: UUID | None, limit: int) -> list[MemberView]:
    """The members by id: active ones for everybody, for leaders also who waits or left."""
    query = _members(membership)
    if not membership.leads:
        query = query.where(Member.state == "active")
    if after:
        query = query.where(Member.id > after)
    return [_member_view(row) for row in await query.order_by(Member.id).limit(limit + 1)]


async def member_of(membership: Membership, member: UUID) -> MemberView:
    """One member, for a leader. Raises `NotFound`."""
    rows = await _members(membership).where(Member.id == member)
    if not rows:
        raise NotFound
    return _member_view(rows[0])


async def members_in(membership: Membership, space: SpaceKey, only: Sequence[UUID]) -> list[MemberView]:
    """Those of these members who are seen in that space: active ones in the exchange's, the others in its leaders'."""
    query = _members(membership).where(Member.id.is_in(list(only)))
    active = Member.state == "active" if space.kind == "exchange" else Member.state != "active"
    return [_member_view(row) for row in await query.where(active)]


def _members(membership: Membership) -> Any:
    return Member.select(
        Member.id,
        Member.person,
        Member.person.display_name.as_alias("display_name"),
        Member.role,
        Member.state,
        Member.group,
    ).where(Member.exchange == membership.exchange)


def _member_view(row: dict[str, Any]) -> MemberView:
    return MemberView(
        id=row["id"],
        person=row["person"],
        display_name=row["display_name"],
        role=row["role"],
        state=row["state"],
        group=present(row["group"]),
    )
