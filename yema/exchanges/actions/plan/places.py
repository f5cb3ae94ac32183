"""Where a slot is: a venue of the exchange, and a room of that venue."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.database import Statement, as_id, fetch
from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.queries.memberships import Membership

_VENUE = Statement("SELECT zone FROM venue WHERE id = {} AND exchange = {}")
_ROOM = Statement("SELECT r.venue FROM room r JOIN venue v ON v.id = r.venue WHERE r.id = {} AND v.exchange = {}")

Named = UUID | None | UnsetType


async def check_places(by: Membership, places: Iterable[tuple[Named, Named]]) -> dict[UUID, UUID]:
    """The venues and rooms that are named are of this exchange: in which venue each room is. Raises `NotOfThisExchange`."""
    found: dict[UUID, UUID] = {}
    for venue, room in places:
        if venue and not await fetch(_VENUE, venue, by.exchange):
            raise NotOfThisExchange
        if room and room not in found:
            rows = await fetch(_ROOM, room, by.exchange)
            if not rows:
                raise NotOfThisExchange
            found[room] = as_id(rows[0][0])
    return found


def place_of(
    was: tuple[UUID | None, UUID | None], venue: Named, room: Named, rooms: dict[UUID, UUID]
) -> tuple[UUID | None, UUID | None]:
    """Venue and room after a change: another venue without a room leaves none. Raises `NotOfThisExchange` for a room elsewhere."""
    new_venue = was[0] if venue is UNSET else venue
    if room is UNSET:
        return new_venue, was[1] if new_venue == was[0] else None
    if room is not None and rooms[room] != new_venue:
        raise NotOfThisExchange
    return new_venue, room


async def zone_at(by: Membership, venue: Named) -> str:
    """The zone of the venue's clocks, or the exchange's."""
    rows = await fetch(_VENUE, venue, by.exchange) if venue else []
    return str(rows[0][0]) if rows and rows[0][0] else by.zone
