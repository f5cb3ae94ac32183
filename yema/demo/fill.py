"""Fill an empty data folder with the demo, or bring yesterday's demo to today."""

from datetime import date, timedelta
from uuid import UUID

import msgspec

from yema.accounts.tables import Organisation, Person, Staff
from yema.changes import SpaceKey, Transaction, transaction
from yema.database import Statement, fetch
from yema.demo.fixtures import DayFixture, DemoFixture, ExchangeFixture, SlotFixture, person_id, read_demo
from yema.demo.life import bring_to_life, complete_life, member_of
from yema.demo.moving import is_late, move
from yema.demo.packs import publish_packs, renew_packs
from yema.demo.places import Organisations, complete, fill_groups, fill_venues
from yema.exchanges.actions.plan.packs import begin_to_plan
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.rules import at_wall, on_wall
from yema.exchanges.tables.exchange import Exchange, Member
from yema.exchanges.tables.plan import Slot, SlotGroup, SlotPerson
from yema.ids import now, uuid7
from yema.journals.tables import Prompt
from yema.settings import Settings

MARKER = "demo"
"""The file that says that this folder is a demo, and for which day. How far it has to move is seen in the exchanges."""

_ANYBODY = Statement("SELECT 1 FROM person LIMIT 1")


class NotEmpty(Exception):
    """The data folder already holds somebody's people."""


async def fill(settings: Settings) -> None:
    """Fill an open, empty house; or move a demo from another day to today. Raises `NotEmpty` for a house in use."""
    marker, demo = settings.data / MARKER, read_demo()
    today = on_wall(now(), demo.exchanges[0].zone).date()
    if not await fetch(_ANYBODY):
        await _fill(demo, today)
    elif marker.exists():
        # First: what an end leaves undone here is seen to at the next start, as long as the exchanges have not moved.
        await renew_packs(demo.organisations[0].id, moves=await is_late(demo, today))
        await complete(demo, _organisations(demo))
        await complete_life(demo)
        await move(demo, today)
    else:
        raise NotEmpty
    marker.write_text(today.isoformat())


async def _fill(demo: DemoFixture, today: date) -> None:
    async with transaction() as tx:
        await Organisation.insert(
            *(Organisation(id=o.id, name=o.name, oid=o.oid, country=o.country) for o in demo.organisations)
        )
        await Person.insert(
            *(
                Person(
                    id=person_id(p.key),
                    display_name=p.display_name,
                    locale=p.locale,
                    email=p.email,
                    born=p.born,
                    made_at=tx.at,
                )
                for p in demo.people
            )
        )
        for p in demo.people:
            tx.touched(SpaceKey("person", person_id(p.key)), "me", person_id(p.key))
        organisations = _organisations(demo)
        await Staff.insert(
            *(
                Staff(id=uuid7(), person=person_id(s.person), organisation=organisations[s.organisation], role=s.role)
                for s in demo.staff
            )
        )
    activities = await publish_packs(demo.organisations[0].id)
    for exchange in demo.exchanges:
        await _exchange(demo, exchange, today, activities)


async def _exchange(demo: DemoFixture, exchange: ExchangeFixture, today: date, activities: dict[str, UUID]) -> None:
    organisations = _organisations(demo)
    async with transaction() as tx:
        await Exchange.insert(_exchange_row(exchange, organisations[exchange.organisation], today))
        tx.touched(SpaceKey("exchange", exchange.id), "exchange", exchange.id)
        await fill_groups(tx, exchange, organisations)
        await _people(tx, exchange)
        await fill_venues(tx, exchange)
        await _prompts(tx, exchange)
        for day in exchange.days:
            await _day(tx, exchange, day, today, activities)
    leader = next(m for m in exchange.members if m.role == "leader")
    await release_plan(member_of(exchange, leader.person))
    await bring_to_life(demo, exchange, today)


def _exchange_row(exchange: ExchangeFixture, organisation: UUID, today: date) -> Exchange:
    return Exchange(
        id=exchange.id,
        organisation=organisation,
        title=exchange.title,
        project_number=exchange.project_number,
        call_year=exchange.call_year,
        starts_on=today + timedelta(exchange.starts),
        ends_on=today + timedelta(exchange.ends),
        zone=exchange.zone,
        phase=exchange.phase,
        languages=_json(exchange.languages),
        ceilings=exchange.ceilings_text,
    )


def _organisations(demo: DemoFixture) -> Organisations:
    return {organisation.key: organisation.id for organisation in demo.organisations}


async def _people(tx: Transaction, exchange: ExchangeFixture) -> None:
    everybody, leaders = SpaceKey("exchange", exchange.id), SpaceKey("exchange_leaders", exchange.id)
    for member in exchange.members:
        row = Member(
            id=exchange.id_of("member", member.person),
            exchange=exchange.id,
            person=person_id(member.person),
            group=exchange.id_of("group", member.group) if member.group else None,
            role=member.role,
            state=member.state,
            made_at=tx.at,
        )
        await Member.insert(row)
        tx.touched(everybody if member.state == "active" else leaders, "member", row.id)


async def _prompts(tx: Transaction, exchange: ExchangeFixture) -> None:
    for position, prompt in enumerate(exchange.prompts):
        prompt_id = exchange.id_of("prompt", prompt.key)
        await Prompt.insert(Prompt(id=prompt_id, exchange=exchange.id, position=position, texts=_json(prompt.texts)))
        tx.touched(SpaceKey("exchange", exchange.id), "prompt", prompt_id)


async def _day(
    tx: Transaction, exchange: ExchangeFixture, day: DayFixture, today: date, activities: dict[str, UUID]
) -> None:
    for slot in day.slots:
        slot_id = exchange.id_of("slot", slot.key)
        starts, ends = (at_wall(today + timedelta(day.day), clock, exchange.zone) for clock in slot.clock)
        if slot.activity:
            await begin_to_plan(tx, exchange.id, activities[slot.activity])
        await Slot.insert(
            Slot(
                id=slot_id,
                exchange=exchange.id,
                kind=slot.kind,
                titles=_json(slot.titles),
                starts_at=starts,
                ends_at=ends,
                zone=exchange.zone,
                venue=exchange.id_of("venue", slot.venue),
                activity=activities[slot.activity] if slot.activity else None,
                audience="all" if slot.audience == "all" else next(iter(slot.audience)),
                state="planned",
                series=exchange.series_of(slot),
                materials=_json(slot.materials),
            )
        )
        await _slot_people(exchange, slot, slot_id)
        tx.touched(SpaceKey("exchange_leaders", exchange.id), "slot", slot_id)


async def _slot_people(exchange: ExchangeFixture, slot: SlotFixture, slot_id: UUID) -> None:
    audience = {} if slot.audience == "all" else slot.audience
    for group in audience.get("groups", []):
        await SlotGroup.insert(SlotGroup(id=uuid7(), slot=slot_id, group=exchange.id_of("group", group)))
    people = [(p, "audience") for p in audience.get("people", [])] + [(p, "responsible") for p in slot.responsible]
    for person, part in people:
        await SlotPerson.insert(SlotPerson(id=uuid7(), slot=slot_id, person=person_id(person), part=part))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
