"""An exchange with all that is in it, for its leaders: what warnings, eligibility, lists and sheets are made from."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from yema.accounts.signed_in import SignedIn
from yema.activities.pack.vocabulary import Per
from yema.activities.queries.frozen import frozen_content, frozen_pack
from yema.database import Statement, as_id, as_instant, fetch
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.schemas.plan.materials import Need
from yema.exchanges.tables.exchange import Exchange, Group, Room, Venue
from yema.exchanges.whole import ActivityFacts, Leg, Party, Place, Someone, WholeExchange

_PEOPLE = Statement(
    'SELECT p.id, m.id, p.display_name, m.role, m."group", p.born, p.locale, x.gender, x.languages, x.fewer_opportunities,'
    " x.guardian_authorised, x.travel_days FROM member m JOIN person p ON p.id = m.person"
    " LEFT JOIN particulars x ON x.id = m.id WHERE m.exchange = {} AND m.state = 'active' ORDER BY m.id"
)
_LEGS = Statement(
    'SELECT id, "group", direction, mode, from_place, to_place, departs_at, departs_zone, arrives_at, arrives_zone, carrier,'
    " distance_km, green, version FROM travel_leg WHERE exchange = {} ORDER BY departs_at, id"
)
_PINNED = Statement("SELECT pack, number FROM exchange_pack WHERE exchange = {} ORDER BY pack")


class _Block(Struct):
    kind: str
    text: str
    locale: str
    quantity: float = 1
    per: Per = "total"


class _Activity(Struct):
    """What is read of an activity in a pack file; the rest is skipped."""

    id: UUID
    title: str
    locale: str
    minutes_min: int
    minutes_max: int
    group_size_min: int
    group_size_max: int
    age_from: int
    blocks: list[_Block]


class _Document(Struct):
    activities: list[_Activity]


_DOCUMENT = msgspec.json.Decoder(_Document)


async def whole_exchange(membership: Membership, reader: SignedIn) -> WholeExchange:
    """The exchange with its plan. For leaders: it holds what only they may know."""
    exchange, slots = await exchange_without_plan(membership), await plan_of(membership.exchange)
    activities = await activities_in(membership.exchange, reader, slots)
    return msgspec.structs.replace(exchange, slots=slots, activities=activities)


async def exchange_without_plan(membership: Membership) -> WholeExchange:
    """The same without slots and activities: the programme's rules do not look at them."""
    exchange = membership.exchange
    [row] = await Exchange.select(
        *Exchange.all_columns(),
        Exchange.organisation.name.as_alias("sender"),
        Exchange.organisation.oid.as_alias("oid"),
        Exchange.organisation.country.as_alias("country"),
    ).where(Exchange.id == exchange)
    same = ("title", "oid", "country", "project_number", "call_year", "starts_on", "ends_on", "zone")
    return WholeExchange(
        **{field: row[field] for field in same},
        id=exchange,
        organisation=row["sender"],
        languages=msgspec.json.decode(row["languages"]),
        ceilings=msgspec.json.decode(row["ceilings"]),
        parties=await parties_of(exchange),
        people=await people_of(exchange),
        places=await places_of(exchange, row["zone"]),
        slots=[],
        legs=await legs_of(exchange),
        activities={},
    )


async def parties_of(exchange: UUID) -> dict[UUID, Party]:
    """The national groups, by name."""
    rows = (
        await Group.select(
            *(Group.id, Group.name, Group.country, Group.city, Group.latitude, Group.longitude, Group.hosts),
            Group.organisation.name.as_alias("organisation"),
            Group.organisation.oid.as_alias("oid"),
        )
        .where(Group.exchange == exchange)
        .order_by(Group.name, Group.id)
    )
    return {row["id"]: Party(**row) for row in rows}


async def people_of(exchange: UUID) -> dict[UUID, Someone]:
    """The active members, with what leaders know of them."""
    found = {}
    for person, member, name, role, group, born, locale, gender, languages, fewer, authorised, days in await fetch(
        _PEOPLE, exchange
    ):
        spoken = {*msgspec.json.decode(languages or "[]"), locale}
        found[as_id(person)] = Someone(
            id=as_id(person),
            member=as_id(member),
            name=name,
            role=role,
            group=as_id(group) if group else None,
            born=born,
            gender=gender,
            languages=frozenset(spoken),
            fewer_opportunities=None if fewer is None else bool(fewer),
            guardian_authorised=bool(authorised),
            travel_days=days,
        )
    return found


async def places_of(exchange: UUID, zone: str) -> dict[UUID, Place]:
    """The venues with their rooms, by name."""
    rooms: dict[UUID, dict[UUID, tuple[str, int | None]]] = defaultdict(dict)
    mine = Room.select(Room.id, Room.venue, Room.name, Room.capacity).where(Room.venue.exchange == exchange)
    for row in await mine.order_by(Room.name, Room.id):
        rooms[row["venue"]][row["id"]] = (row["name"], row["capacity"])
    rows = await Venue.select().where(Venue.exchange == exchange).order_by(Venue.name, Venue.id)
    return {
        row["id"]: Place(
            **{field: row[field] for field in ("id", "name", "address", "latitude", "longitude", "capacity", "main")},
            zone=row["zone"] or zone,
            rooms=rooms[row["id"]],
        )
        for row in rows
    }


async def legs_of(exchange: UUID) -> list[Leg]:
    """The ways of all groups, in the order of departure."""
    return [_leg(row) for row in await fetch(_LEGS, exchange)]


def _leg(row: Any) -> Leg:
    leg, group, direction, mode, start, end, departs, departs_zone, arrives, arrives_zone, *rest = row
    carrier, distance, green, version = rest
    times = as_instant(departs), departs_zone, as_instant(arrives), arrives_zone
    return Leg(as_id(leg), as_id(group), direction, mode, start, end, *times, carrier, distance, bool(green), version)


async def activities_in(exchange: UUID, reader: SignedIn, slots: list[SlotBody]) -> dict[UUID, ActivityFacts]:
    """The activities of these slots, as the versions that the exchange keeps have them, in the reader's language."""
    planned = {slot.activity for slot in slots if slot.activity}
    found: dict[UUID, ActivityFacts] = {}
    for pack, number in await fetch(_PINNED, exchange) if planned else ():
        frozen = await frozen_pack(as_id(pack), number)
        if planned & frozen.titles.keys():
            document = _DOCUMENT.decode(await frozen_content(frozen.file_for(reader.wanted)))
            found |= {one.id: _facts(one) for one in document.activities if one.id in planned}
    return found


def _facts(one: _Activity) -> ActivityFacts:
    needs = [
        Need(name=block.text, quantity=block.quantity, per=block.per, locale=block.locale)
        for block in one.blocks
        if block.kind == "material"
    ]
    bounds = one.minutes_min, one.minutes_max, one.group_size_min, one.group_size_max, one.age_from
    return ActivityFacts(one.id, one.title, one.locale, *bounds, needs)
