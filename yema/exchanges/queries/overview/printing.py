"""The programme on paper: what stands on it, for one reader."""

from uuid import UUID

from yema.accounts.signed_in import Reader
from yema.exchanges.calendars.event import Event, events_of
from yema.exchanges.calendars.printing import Entry, Sheet
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import places_of
from yema.exchanges.queries.plan.itinerary import plan_of, released_to
from yema.exchanges.queries.told.feeds import released_at
from yema.exchanges.tables.exchange import Exchange, Group, Member


async def sheet_of(membership: Membership, reader: Reader, *, plan: bool) -> Sheet:
    """The plan, or what was last released to this member, with the names of groups and of who is responsible."""
    exchange = membership.exchange
    slots = await (plan_of(exchange) if plan else released_to(membership))
    [row] = await Exchange.select(Exchange.title, Exchange.starts_on, Exchange.ends_on).where(Exchange.id == exchange)
    places = await places_of(exchange, membership.zone)
    groups = {
        row["id"]: row["name"] for row in await Group.select(Group.id, Group.name).where(Group.exchange == exchange)
    }
    names = await _names(exchange)
    events = events_of(slots, places, reader.wanted, await released_at(membership))
    return Sheet(
        **row,
        zone=membership.zone,
        release=None if plan else membership.release,
        entries=[_entry(slot, event, groups, names) for slot, event in zip(slots, events, strict=True)],
    )


def _entry(slot: SlotBody, event: Event, groups: dict[UUID, str], names: dict[UUID, str]) -> Entry:
    return Entry(
        event=event,
        moved=slot.state == "moved",
        groups=[groups[group] for group in slot.groups if group in groups],
        chosen=slot.audience == "people",
        responsible=[names[person] for person in slot.responsible if person in names],
    )


async def _names(exchange: UUID) -> dict[UUID, str]:
    """Those who are active; who has left is no longer named."""
    rows = await Member.select(Member.person, Member.person.display_name.as_alias("name")).where(
        Member.exchange == exchange, Member.state == "active"
    )
    return {row["person"]: row["name"] for row in rows}
