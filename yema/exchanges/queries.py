"""Exchanges, found through the person: because they are a member, or not at all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from yema.accounts.queries import own_row, own_staff
from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.database import Statement, as_id, fetch
from yema.errors import NotFound
from yema.exchanges.errors import CoordinatorsOnly, LeadersOnly, WaitsForApproval
from yema.exchanges.rules import circles, may_plan
from yema.exchanges.schemas import (
    ExchangeView,
    GroupView,
    JoinCodeView,
    MembershipView,
    MemberView,
    MeView,
    VenueView,
)
from yema.exchanges.tables import Exchange, Group, JoinCode, Member, Venue
from yema.i18n import country_name, language_name
from yema.shapes import present

_MEMBER = Statement(
    'SELECT m.role, m."group", e.zone,'
    " (SELECT coalesce(max(r.number), 0) FROM release r WHERE r.exchange = e.id), coalesce(s.epoch, 0)"
    " FROM member m JOIN exchange e ON e.id = m.exchange"
    " LEFT JOIN space s ON s.kind = 'exchange' AND s.owner = e.id"
    " WHERE m.exchange = {} AND m.person = {} AND m.state = 'active'"
)

Ids = Sequence[UUID] | None

_WAITS = Statement("SELECT 1 FROM member WHERE exchange = {} AND person = {} AND state = 'pending'")
_OF_GROUP = Statement("SELECT exchange FROM exchange_group WHERE id = {}")


class Membership(Struct, frozen=True):
    """An exchange as one of its active members knows it."""

    exchange: UUID
    person: UUID
    role: str
    group: UUID | None
    zone: str
    release: int
    epoch: int = 0

    @property
    def leads(self) -> bool:
        return may_plan(self.role)

    def acts_for(self, group: UUID | None) -> bool:
        """Whether this member may act for the people of a group: its own leaders, and all coordinators."""
        return self.role == "coordinator" or (self.role == "leader" and self.group == group)

    def spaces(self) -> list[SpaceKey]:
        """The spaces of this exchange that the member sees."""
        return [*circles(self.exchange, self.role, self.group), SpaceKey("person", self.person)]


async def exchange_of(person: SignedIn, exchange: UUID) -> Membership:
    """The exchange, if the person is an active member. Raises `NotFound`."""
    rows = await fetch(_MEMBER, exchange, person.id)
    if not rows:
        raise NotFound
    role, group, zone, release, epoch = rows[0]
    return Membership(exchange, person.id, role, as_id(group) if group else None, zone, release, epoch)


async def exchange_to_write_in(person: SignedIn, exchange: UUID) -> Membership:
    """As `exchange_of`, for what was done offline: who has joined and waits hears so. Raises `WaitsForApproval`, `NotFound`."""
    try:
        return await exchange_of(person, exchange)
    except NotFound:
        if await fetch(_WAITS, exchange, person.id):
            raise WaitsForApproval from None
        raise


async def membership_behind(person: SignedIn, space: SpaceKey) -> Membership:
    """The membership by which the person sees a space of an exchange or of a group. Raises `NotFound`."""
    if space.kind not in ("group", "group_leaders"):
        return await exchange_of(person, space.owner)
    rows = await fetch(_OF_GROUP, space.owner)
    if not rows:
        raise NotFound
    return await exchange_of(person, as_id(rows[0][0]))


async def exchange_led_by(person: SignedIn, exchange: UUID) -> Membership:
    """The exchange, if the person leads in it. Raises `NotFound`, or `LeadersOnly` for its other members."""
    membership = await exchange_of(person, exchange)
    if not membership.leads:
        raise LeadersOnly
    return membership


async def exchange_coordinated_by(person: SignedIn, exchange: UUID) -> Membership:
    """The exchange, if the person coordinates it. Raises `NotFound`, or `CoordinatorsOnly` for its other members."""
    membership = await exchange_of(person, exchange)
    if membership.role != "coordinator":
        raise CoordinatorsOnly
    return membership


async def me(person: SignedIn) -> MeView:
    """The person with all memberships, also those that wait for approval."""
    row = await own_row(person)
    memberships = await Member.select(Member.exchange, Member.role, Member.state, Member.group).where(
        Member.person == person.id, Member.state != "left"
    )
    return MeView(
        id=row["id"],
        display_name=row["display_name"],
        locale=row["locale"],
        email=present(row["email"]),
        memberships=[membership_view(m) for m in memberships],
        staff=await own_staff(person) or UNSET,
    )


def membership_view(row: dict[str, Any]) -> MembershipView:
    return MembershipView(exchange=row["exchange"], role=row["role"], state=row["state"], group=present(row["group"]))


async def exchanges_of(person: SignedIn, after: UUID | None, limit: int) -> list[ExchangeView]:
    """The exchanges that the person is an active member of, by id; one more than `limit` where there are more."""
    query = Member.select(Member.exchange).where(Member.person == person.id, Member.state == "active")
    if after:
        query = query.where(Member.exchange > after)
    rows = await query.order_by(Member.exchange).limit(limit + 1)
    return [await exchange_view(person, await exchange_of(person, row["exchange"])) for row in rows]


async def exchange_view(person: SignedIn, membership: Membership) -> ExchangeView:
    [row] = await Exchange.select().where(Exchange.id == membership.exchange)
    groups = await Group.select(Group.country).where(Group.exchange == membership.exchange).order_by(Group.country)
    countries = list(dict.fromkeys(group["country"] for group in groups))
    languages = msgspec.json.decode(row["languages"], type=list[str])
    reader = person.language
    return ExchangeView(
        id=row["id"],
        title=row["title"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        zone=row["zone"],
        phase=row["phase"],
        countries=countries,
        country_names=[country_name(code, reader) for code in countries],
        languages=languages,
        language_names=[language_name(tag, reader) for tag in languages],
        role=membership.role,  # type: ignore[arg-type]  # the table holds one of them
        project_number=present(row["project_number"]),
    )


async def groups_of(person: SignedIn, membership: Membership, only: Ids = None) -> list[GroupView]:
    """The national groups of the exchange, or `only` these of them."""
    query = _only(Group.select().where(Group.exchange == membership.exchange), Group.id, only)
    rows = await query.order_by(Group.name)
    return [
        GroupView(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            country_name=country_name(row["country"], person.language),
            city=present(row["city"]),
        )
        for row in rows
    ]


async def venues_of(membership: Membership, only: Ids = None) -> list[VenueView]:
    """The places of the exchange, or `only` these of them."""
    query = _only(Venue.select().where(Venue.exchange == membership.exchange), Venue.id, only)
    rows = await query.order_by(Venue.name)
    optional = ("latitude", "longitude", "capacity")
    return [
        VenueView(
            id=row["id"],
            name=row["name"],
            address=row["address"],
            accessibility=row["accessibility"],
            zone=row["zone"] or membership.zone,
            **{field: row[field] for field in optional if row[field] is not None},
        )
        for row in rows
    ]


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


def _only(query: Any, column: Any, ids: Ids) -> Any:
    return query if ids is None else query.where(column.is_in(list(ids)))


def _member_view(row: dict[str, Any]) -> MemberView:
    return MemberView(
        id=row["id"],
        person=row["person"],
        display_name=row["display_name"],
        role=row["role"],
        state=row["state"],
        group=present(row["group"]),
    )


async def join_codes_of(membership: Membership) -> list[JoinCodeView]:
    """The codes of an exchange, also those that are used up or have expired, without their secrets."""
    rows = await JoinCode.select().where(JoinCode.exchange == membership.exchange).order_by(JoinCode.made_at)
    return [join_code_view(row) for row in rows]


async def join_code_of(membership: Membership, code: UUID) -> JoinCodeView:
    """One code. Raises `NotFound`, also where it was ended."""
    rows = await JoinCode.select().where(JoinCode.exchange == membership.exchange, JoinCode.id == code)
    if not rows:
        raise NotFound
    return join_code_view(rows[0])


def join_code_view(row: dict[str, Any]) -> JoinCodeView:
    return JoinCodeView(
        id=row["id"],
        role=row["role"],
        admits=row["admits"],
        uses=row["uses"],
        uses_max=row["uses_max"],
        expires_at=row["expires_at"],
        group=present(row["group"]),
    )
