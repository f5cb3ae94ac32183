"""What an exchange is: itself, its groups, its places; and I in mine."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.queries import own_row, own_staff
from yema.accounts.signed_in import SignedIn
from yema.exchanges.queries.memberships import Membership, exchange_of
from yema.exchanges.schemas.exchange import ExchangeView, GroupView, MembershipView, MeView, VenueView
from yema.exchanges.tables.exchange import Exchange, Group, Member, Venue
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


def _only(query: Any, column: Any, ids: Ids) -> Any:
    return query if ids is None else query.where(column.is_in(list(ids)))
