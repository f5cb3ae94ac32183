"""The programme for calendars and programme apps: what was released to a member, and whose calendar a secret address opens."""

import hmac
from collections.abc import Hashable, Iterable
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey, version_of
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.exchanges.calendars.address import kept_of, secret_of, url_of
from yema.exchanges.calendars.event import Event, events_of
from yema.exchanges.calendars.found import Days
from yema.exchanges.calendars.frab import Head
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership, membership_in
from yema.exchanges.queries.overview.whole import places_of
from yema.exchanges.queries.plan.itinerary import released_to
from yema.exchanges.tables.exchange import Exchange
from yema.i18n import wanted_tags

BY_ADDRESS = "calendar"
"""How somebody came in who has the secret address and no token."""
OPERATOR = "operator"

_OWN = Statement("SELECT generation, made_at, hash FROM calendar_feed WHERE id = {}")
_BEHIND = Statement(
    "SELECT p.id, p.locale FROM calendar_feed c JOIN person p ON p.id = c.id WHERE c.hash = {} AND p.suspended_at IS NULL"
)
_ACTIVE = Statement("SELECT exchange FROM member WHERE person = {} AND state = 'active' ORDER BY exchange")
_RELEASED_AT = Statement("SELECT made_at FROM release WHERE exchange = {} ORDER BY number DESC LIMIT 1")


class Programme(Struct, frozen=True):
    """What happens in one exchange, as one of its members was told."""

    exchange: UUID
    title: str
    starts_on: date
    ends_on: date
    zone: str
    release: int
    events: list[Event]

    def head(self, origin: str) -> Head:
        """What stands over the events in a schedule."""
        dates = self.starts_on, self.ends_on
        return Head(self.exchange, self.title, *dates, self.zone, str(self.release), origin)


async def own_calendar_url(person: SignedIn) -> str | None:
    """The address of the person's calendar, if they have one.

    Neither an operator's token nor a phone that somebody re-linked sees it: it would let them read on for ever.
    """
    if person.via == OPERATOR or person.diary_since:
        return None
    for generation, made_at, kept in await fetch(_OWN, person.id):
        secret = secret_of(person.id, generation, as_instant(made_at))
        if hmac.compare_digest(kept_of(secret), kept):  # another one where the server's key was replaced
            return url_of(secret)
    return None


async def person_behind(secret: str) -> SignedIn:
    """The person whose calendar this is the secret of, reading in their own language. Raises `NotFound`."""
    rows = await fetch(_BEHIND, kept_of(secret))
    if not rows:
        raise NotFound
    person, locale = rows[0]
    return SignedIn(wanted_tags(None, None, locale), as_id(person), UUID(int=0), locale, BY_ADDRESS, None)


async def active_memberships(person: SignedIn) -> list[Membership]:
    """All exchanges that the person belongs to at this moment."""
    found = [await membership_in(person, as_id(row[0])) for row in await fetch(_ACTIVE, person.id)]
    return [membership for membership in found if membership]


async def basis_of(memberships: Iterable[Membership]) -> tuple[Hashable, ...]:
    """What their programmes follow from: the releases, and the names of places and people (the exchange's space)."""
    return tuple(
        [(msgspec.structs.astuple(one), await version_of(SpaceKey("exchange", one.exchange))) for one in memberships]
    )


async def programme_of(membership: Membership, wanted: tuple[str, ...]) -> Programme:
    """What was last released to this member, cancelled slots too."""
    return await _programme(membership, await released_to(membership), wanted)


async def public_programme_of(membership: Membership, wanted: tuple[str, ...]) -> Programme:
    """The same without what is for chosen people: an app shows it to whoever looks over the shoulder."""
    slots = [slot for slot in await released_to(membership) if slot.audience != "people"]
    return await _programme(membership, slots, wanted)


async def _programme(membership: Membership, slots: list[SlotBody], wanted: tuple[str, ...]) -> Programme:
    [row] = await Exchange.select(Exchange.title, Exchange.starts_on, Exchange.ends_on, Exchange.zone).where(
        Exchange.id == membership.exchange
    )
    places = await places_of(membership.exchange, row["zone"])
    events = events_of(slots, places, wanted, await released_at(membership))
    return Programme(exchange=membership.exchange, release=membership.release, events=events, **row)


async def days_of(membership: Membership) -> Days:
    """The days of the exchange, and its zone."""
    [row] = await Exchange.select(Exchange.starts_on, Exchange.ends_on).where(Exchange.id == membership.exchange)
    return Days(row["starts_on"], row["ends_on"], membership.zone)


async def released_at(membership: Membership) -> datetime:
    """The instant of the last release."""
    rows = await fetch(_RELEASED_AT, membership.exchange)
    return as_instant(rows[0][0]) if rows else datetime(2000, 1, 1, tzinfo=UTC)
