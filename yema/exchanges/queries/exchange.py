"""What an exchange is: itself, its groups, its places; and I in mine."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.queries import own_row, own_staff
from yema.accounts.signed_in import SignedIn
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership, exchange_of
from yema.exchanges.queries.told.feeds import own_calendar_url
from yema.exchanges.schemas.setup.exchange import ExchangeView, GroupView, MembershipView, MeView, RoomView, VenueView
from yema.exchanges.tables.exchange import Exchange, Group, Member, Room, Venue
from yema.i18n import country_name, language_name
from yema.shapes import present

Ids = Sequence[UUID] | None


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
        calendar_url=present(await own_calendar_url(person)),
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
    [row] = await Exchange.select(
        *Exchange.all_columns(), Exchange.organisation.name.as_alias("organisation_name")
    ).where(Exchange.id == membership.exchange)
    groups = (
        await Group.select(Group.id, Group.country, Group.hosts)
        .where(Group.exchange == membership.exchange)
        .order_by(Group.country)
    )
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
        organisation=row["organisation"],
        organisation_name=row["organisation_name"],
        project_number=present(row["project_number"]),
        call_year=present(row["call_year"]),
        host=next((group["id"] for group in groups if group["hosts"]), UNSET),
        ceilings=(msgspec.json.decode(row["ceilings"]) if membership.leads else {}) or UNSET,
    )


async def groups_of(person: SignedIn, membership: Membership, only: Ids = None) -> list[GroupView]:
    """The national groups of the exchange, or `only` these of them."""
    named = Group.select(*Group.all_columns(), Group.organisation.name.as_alias("organisation_name"))
    rows = await _only(named.where(Group.exchange == membership.exchange), Group.id, only).order_by(Group.name)
    optional = ("city", "latitude", "longitude", "organisation", "organisation_name")
    return [
        GroupView(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            country_name=country_name(row["country"], person.language),
            hosts=row["hosts"],
            **{field: row[field] for field in optional if row[field] is not None},
        )
        for row in rows
    ]


async def group_of(person: SignedIn, membership: Membership, group: UUID) -> GroupView:
    """One group. Raises `NotFound`."""
    for found in await groups_of(person, membership, [group]):
        return found
    raise NotFound


async def venue_of(membership: Membership, venue: UUID) -> VenueView:
    """One place. Raises `NotFound`."""
    for found in await venues_of(membership, [venue]):
        return found
    raise NotFound


async def venues_of(membership: Membership, only: Ids = None) -> list[VenueView]:
    """The places of the exchange, or `only` these of them."""
    query = _only(Venue.select().where(Venue.exchange == membership.exchange), Venue.id, only)
    rows = await query.order_by(Venue.name)
    rooms = await _rooms_of(membership)
    optional = ("latitude", "longitude", "capacity")
    return [
        VenueView(
            id=row["id"],
            name=row["name"],
            address=row["address"],
            accessibility=row["accessibility"],
            zone=row["zone"] or membership.zone,
            main=row["main"],
            rooms=rooms[row["id"]],
            **{field: row[field] for field in optional if row[field] is not None},
        )
        for row in rows
    ]


async def _rooms_of(membership: Membership) -> dict[UUID, list[RoomView]]:
    """The rooms of all places, by their names."""
    found: dict[UUID, list[RoomView]] = defaultdict(list)
    rooms = Room.select(Room.id, Room.venue, Room.name, Room.capacity).where(Room.venue.exchange == membership.exchange)
    for row in await rooms.order_by(Room.name, Room.id):
        found[row["venue"]].append(RoomView(id=row["id"], name=row["name"], capacity=present(row["capacity"])))
    return found


def _only(query: Any, column: Any, ids: Ids) -> Any:
    return query if ids is None else query.where(column.is_in(list(ids)))
