"""The demo's groups, venues and rooms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yema.changes import SpaceKey, Transaction, transaction
from yema.demo.fixtures import DemoFixture, ExchangeFixture, GroupFixture, VenueFixture
from yema.exchanges.tables.exchange import Exchange, Group, Room, Venue

Organisations = Mapping[str, UUID]
"""Their ids by their keys."""


async def fill_groups(tx: Transaction, exchange: ExchangeFixture, organisations: Organisations) -> None:
    """The national groups of an exchange."""
    for group in exchange.groups:
        row = Group(
            id=exchange.id_of("group", group.key),
            exchange=exchange.id,
            name=group.name,
            country=group.country,
            **_from_where(group, organisations),
        )
        await Group.insert(row)
        tx.touched(SpaceKey("exchange", exchange.id), "group", row.id)


async def fill_venues(tx: Transaction, exchange: ExchangeFixture) -> None:
    """Its places, with their rooms."""
    names = ("name", "address", "latitude", "longitude", "capacity", "accessibility", "main")
    for venue in exchange.venues:
        venue_id = exchange.id_of("venue", venue.key)
        fields = {name: getattr(venue, name) for name in names}
        await Venue.insert(Venue(id=venue_id, exchange=exchange.id, **fields))
        await _fill_rooms(exchange, venue, venue_id)
        tx.touched(SpaceKey("exchange", exchange.id), "venue", venue_id)


async def complete(demo: DemoFixture, organisations: Organisations) -> None:
    """Give a demo that an earlier YEMA filled what it could not hold: where groups come from and who hosts, rooms, ceilings."""
    for exchange in demo.exchanges:
        if await Group.exists().where(Group.exchange == exchange.id, Group.latitude.is_not_null()):
            continue
        async with transaction() as tx:
            await Exchange.update({Exchange.ceilings: exchange.ceilings_text}).where(Exchange.id == exchange.id)
            tx.touched(SpaceKey("exchange", exchange.id), "exchange", exchange.id)
            for group in exchange.groups:
                group_id = exchange.id_of("group", group.key)
                await Group.update(_from_where(group, organisations)).where(Group.id == group_id)
                tx.touched(SpaceKey("exchange", exchange.id), "group", group_id)
            for venue in exchange.venues:
                await _complete_venue(tx, exchange, venue)


async def _complete_venue(tx: Transaction, exchange: ExchangeFixture, venue: VenueFixture) -> None:
    venue_id = exchange.id_of("venue", venue.key)
    if venue.main and await Venue.exists().where(Venue.id == venue_id):
        await Venue.update({Venue.main: True}).where(Venue.id == venue_id)
        if not await Room.exists().where(Room.venue == venue_id):
            await _fill_rooms(exchange, venue, venue_id)
        tx.touched(SpaceKey("exchange", exchange.id), "venue", venue_id)


async def _fill_rooms(exchange: ExchangeFixture, venue: VenueFixture, venue_id: UUID) -> None:
    for room in venue.rooms:
        room_id = exchange.id_of("room", f"{venue.key}/{room.key}")
        await Room.insert(Room(id=room_id, venue=venue_id, name=room.name, capacity=room.capacity))


def _from_where(group: GroupFixture, organisations: Organisations) -> dict[Any, Any]:
    fields: dict[str, Any] = {name: getattr(group, name) for name in ("city", "latitude", "longitude", "hosts")}
    return {**fields, "organisation": organisations[group.organisation]}
