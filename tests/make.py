"""Builders with sensible defaults: what a test does not name does not matter to it."""

import pickle
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.schemas import TokensView
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Organisation, Person, Staff
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import PackSource
from yema.activities.packfile import read_pack
from yema.changes import SpaceKey, transaction
from yema.exchanges.actions.plan.packs import begin_to_plan
from yema.exchanges.queries.memberships import Membership, exchange_of
from yema.exchanges.tables.exchange import Exchange, Group, Member, Venue
from yema.exchanges.tables.plan import Slot, SlotGroup, SlotPerson
from yema.ids import uuid7

FIXTURES = Path(__file__).parent.parent / "fixtures"
DAY = date(2027, 7, 14)
ZONE = "Europe/Warsaw"

_numbers = count(1)


async def person(name: str = "", *, locale: str = "en", email: str | None = None, born: str | None = None) -> UUID:
    """Somebody; their id."""
    row = Person(
        id=uuid7(),
        display_name=name or f"Person {next(_numbers)}",
        locale=locale,
        email=email,
        born=born,
        made_at=datetime.now(UTC),
    )
    async with transaction() as tx:
        await Person.insert(row)
        tx.touched(SpaceKey("person", row.id), "me", row.id)
    return row.id


async def reader(email: str) -> UUID:
    """Somebody who has signed in with a code that was mailed there; their id."""
    found = await person(email=email)
    await tokens(found)
    return found


async def suspend(person: UUID, *, again: bool = False) -> None:
    """Suspend somebody, or let them in again."""
    async with transaction() as tx:
        await Person.update({Person.suspended_at: None if again else tx.at}).where(Person.id == person)
        tx.touched(SpaceKey("person", person), "me", person)


async def tokens(person: UUID, via: str = "email") -> TokensView:
    """Both tokens of a new sign-in."""
    async with transaction() as tx:
        return await open_sign_in(person, via, at=tx.at)


async def token(person: UUID, via: str = "email") -> str:
    """An access token of a new sign-in."""
    return (await tokens(person, via)).access_token


def signed_in(person: UUID, *wanted: str, locale: str = "en") -> SignedIn:
    """The person as actions and queries know them, without a request."""
    return SignedIn(wanted or (locale,), person, uuid7(), locale, "email", None)


async def organisation(name: str = "Host") -> UUID:
    row = Organisation(id=uuid7(), name=name, country="PL")
    async with transaction():
        await Organisation.insert(row)
    return row.id


async def staff(organisation: UUID, role: str = "trainer") -> UUID:
    """Somebody who works for an organisation."""
    who = await person()
    async with transaction():
        await Staff.insert(Staff(id=uuid7(), person=who, organisation=organisation, role=role))
    return who


async def exchange(title: str = "Water connects us", *, zone: str = ZONE, starts_on: date = DAY) -> UUID:
    """An exchange of a week; its id."""
    row = Exchange(
        id=uuid7(),
        organisation=await organisation(),
        title=title,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(7),
        zone=zone,
        phase="implementation",
        languages='["en","pl"]',
    )
    async with transaction() as tx:
        await Exchange.insert(row)
        tx.touched(SpaceKey("exchange", row.id), "exchange", row.id)
    return row.id


async def group(exchange: UUID, country: str = "PL", name: str = "") -> UUID:
    row = Group(id=uuid7(), exchange=exchange, name=name or country, country=country)
    async with transaction() as tx:
        await Group.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "group", row.id)
    return row.id


async def member(
    exchange: UUID,
    role: str = "participant",
    group: UUID | None = None,
    *,
    state: str = "active",
    who: UUID | None = None,
    **fields: Any,
) -> UUID:
    """A member of an exchange; the *person's* id."""
    who = who or await person(**fields)
    row = Member(
        id=uuid7(), exchange=exchange, person=who, group=group, role=role, state=state, made_at=datetime.now(UTC)
    )
    async with transaction() as tx:
        await Member.insert(row)
        tx.touched(SpaceKey("exchange" if state == "active" else "exchange_leaders", exchange), "member", row.id)
        tx.touched(SpaceKey("person", who), "me", who)
    return who


async def participant(exchange: UUID, group: UUID | None = None, **fields: Any) -> UUID:
    return await member(exchange, "participant", group, **fields)


async def leader(exchange: UUID, group: UUID | None = None, **fields: Any) -> UUID:
    return await member(exchange, "leader", group, **fields)


async def coordinator(exchange: UUID, **fields: Any) -> UUID:
    return await member(exchange, "coordinator", **fields)


async def membership(person: UUID, exchange: UUID) -> Membership:
    """An active membership, as actions take it."""
    return await exchange_of(signed_in(person), exchange)


async def venue(exchange: UUID, name: str = "Lawn", zone: str | None = None) -> UUID:
    row = Venue(id=uuid7(), exchange=exchange, name=name, address="", accessibility="", zone=zone)
    async with transaction() as tx:
        await Venue.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "venue", row.id)
    return row.id


async def slot(
    exchange: UUID,
    hours: str = "10:00-11:00",
    *,
    title: str = "Workshop",
    day: date = DAY,
    venue: UUID | None = None,
    activity: UUID | None = None,
    groups: tuple[UUID, ...] = (),
    people: tuple[UUID, ...] = (),
    responsible: tuple[UUID, ...] = (),
    zone: str = ZONE,
) -> UUID:
    """A slot of the plan, for all unless groups or people are named; hours are those on the wall."""
    starts, ends = instants(hours, day, zone)
    row = Slot(
        id=uuid7(),
        exchange=exchange,
        kind="activity",
        titles=msgspec.json.encode({"en": title} if title else {}).decode(),
        starts_at=starts,
        ends_at=ends,
        zone=zone,
        venue=venue,
        activity=activity,
        audience="groups" if groups else "people" if people else "all",
        state="planned",
    )
    async with transaction() as tx:
        if activity:
            await begin_to_plan(tx, exchange, activity)
        await Slot.insert(row)
        for one in groups:
            await SlotGroup.insert(SlotGroup(id=uuid7(), slot=row.id, group=one))
        for who, part in [*((p, "audience") for p in people), *((p, "responsible") for p in responsible)]:
            await SlotPerson.insert(SlotPerson(id=uuid7(), slot=row.id, person=who, part=part))
        tx.touched(SpaceKey("exchange_leaders", exchange), "slot", row.id)
    return row.id


def instants(hours: str, day: date = DAY, zone: str = ZONE) -> tuple[datetime, datetime]:
    """From when to when, as instants: `10:00-11:00` on the wall."""
    from yema.exchanges.rules import at_wall

    start, end = (at_wall(day, datetime.strptime(clock, "%H:%M").time(), zone) for clock in hours.split("-"))  # noqa: DTZ007
    return start, end


def draft(hours: str = "10:00-11:00", **fields: Any) -> dict[str, Any]:
    """The body of a request that schedules a slot."""
    starts, ends = instants(hours)
    return {
        "kind": "activity",
        "title": "Workshop",
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        **fields,
    }


async def pack(*, organisation: UUID | None = None, public: bool = True) -> UUID:
    """The starter pack, stored and published."""
    return await _published(pickle.loads(_starter()), organisation, public)


async def small_pack(*, organisation: UUID | None = None, public: bool = True) -> UUID:
    """Three activities of the starter pack in three languages, where a test needs no more: it takes a quarter of the time."""
    source: PackSource = pickle.loads(_starter())
    del source.head.activities[3:], source.activities[3:]
    texts = {text.id for text in source.texts()}
    source.translations = {
        locale: {block: text for block, text in source.translations[locale].items() if block in texts}
        for locale in ("pl", "uk")
    }
    return await _published(source, organisation, public)


async def _published(source: PackSource, organisation: UUID | None, public: bool) -> UUID:
    stored = await store_pack(source, organisation=organisation, public=public)
    await publish_pack(stored)
    return stored


@cache
def _starter() -> bytes:
    """Read once; each test gets one of its own."""
    return pickle.dumps(read_pack(FIXTURES / "packs" / "first-days"))


def entry(exchange: UUID, text: str = "Dear diary", **fields: Any) -> dict[str, Any]:
    """The body of a request that writes an entry."""
    return {"exchange": str(exchange), "text": text, "locale": "en", **fields}


async def organisation_of(exchange: UUID) -> UUID:
    """The organisation that makes an exchange."""
    [row] = await Exchange.select(Exchange.organisation).where(Exchange.id == exchange)
    found: UUID = row["organisation"]
    return found


async def organiser(exchange: UUID) -> UUID:
    """A coordinator of an exchange who also works for its organisation as one; the person's id."""
    return await coordinator(exchange, who=await staff(await organisation_of(exchange), "coordinator"))
