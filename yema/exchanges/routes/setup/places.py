"""Groups and venues: setting them up."""

from uuid import UUID

from litestar import delete, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.exchanges.actions.setup import groups, venues
from yema.exchanges.queries import exchange, memberships
from yema.exchanges.schemas.setup.exchange import GroupView, VenueView
from yema.exchanges.schemas.setup.setup import GroupChange, GroupDraft, VenueChange, VenueDraft


@post("/exchanges/{exchange_id:uuid}/groups", operation_id="makeGroup")
async def make_group(
    exchange_id: FromPath[UUID],
    data: JSONBody[GroupDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> GroupView:
    """Add a national group. Coordinators only. With `hosts`, no other group hosts any more."""
    membership = await memberships.exchange_coordinated_by(person, exchange_id)
    try:
        group = await groups.make_group(membership, data, once)
    except MadeBefore as before:
        group = before.thing
    return await exchange.group_of(person, membership, group)


@patch("/exchanges/{exchange_id:uuid}/groups/{group_id:uuid}", operation_id="changeGroup")
async def change_group(
    exchange_id: FromPath[UUID],
    group_id: FromPath[UUID],
    data: JSONBody[GroupChange],
    person: NamedDependency[SignedIn],
) -> GroupView:
    """Change a group. Coordinators; its own leaders change city and coordinates."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    await groups.change_group(membership, group_id, data)
    return await exchange.group_of(person, membership, group_id)


@delete("/exchanges/{exchange_id:uuid}/groups/{group_id:uuid}", operation_id="removeGroup")
async def remove_group(
    exchange_id: FromPath[UUID], group_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Remove a group. Coordinators only; `group_in_use` while people, slots or journeys belong to it, with the slots named."""
    await groups.remove_group(await memberships.exchange_coordinated_by(person, exchange_id), group_id)


@post("/exchanges/{exchange_id:uuid}/venues", operation_id="makeVenue")
async def make_venue(
    exchange_id: FromPath[UUID],
    data: JSONBody[VenueDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> VenueView:
    """Add a place with its rooms. Leaders only. With `main`, no other one is any more."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        venue = await venues.make_venue(membership, data, once)
    except MadeBefore as before:
        venue = before.thing
    return await exchange.venue_of(membership, venue)


@patch("/exchanges/{exchange_id:uuid}/venues/{venue_id:uuid}", operation_id="changeVenue")
async def change_venue(
    exchange_id: FromPath[UUID],
    venue_id: FromPath[UUID],
    data: JSONBody[VenueChange],
    person: NamedDependency[SignedIn],
) -> VenueView:
    """Change a place. Leaders only.

    `rooms` replaces them all: those that are named by their `id` stay the same ones. One that is left out while slots take place there
    is `place_in_use`.
    """
    membership = await memberships.exchange_led_by(person, exchange_id)
    await venues.change_venue(membership, venue_id, data)
    return await exchange.venue_of(membership, venue_id)


@delete("/exchanges/{exchange_id:uuid}/venues/{venue_id:uuid}", operation_id="removeVenue")
async def remove_venue(
    exchange_id: FromPath[UUID], venue_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Remove a place. Leaders only; `place_in_use`, with the slots named, while something is planned or was told to happen there."""
    await venues.remove_venue(await memberships.exchange_led_by(person, exchange_id), venue_id)


handlers = [make_group, change_group, remove_group, make_venue, change_venue, remove_venue]
