"""What happens in the demo beside its plan: ways there, what was told, who was there, and what leaders must know of minors."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey, Transaction, transaction
from yema.demo.fixtures import AnnouncementFixture, DemoFixture, ExchangeFixture, SlotFixture, person_id
from yema.errors import NotFound
from yema.exchanges.actions.care.attendance import mark_all
from yema.exchanges.actions.care.emergency import write_sheet
from yema.exchanges.actions.told.feeds import renew_calendar
from yema.exchanges.announcement import spaces_of
from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import at_wall
from yema.exchanges.schemas.care.attendance import MarkDraft
from yema.exchanges.tables.exchange import Exchange, Member, Particulars
from yema.exchanges.tables.plan import Slot, TravelLeg
from yema.exchanges.tables.told import Announcement, AnnouncementSeen, ReleasedSlot
from yema.ids import uuid7


def member_of(exchange: ExchangeFixture, person: str) -> Membership:
    """One of the demo's people, as a member of its exchange."""
    member = next(one for one in exchange.members if one.person == person)
    group = exchange.id_of("group", member.group) if member.group else None
    return Membership(exchange.id, person_id(person), member.role, group, exchange.zone, 0)


async def bring_to_life(demo: DemoFixture, exchange: ExchangeFixture, today: date) -> None:
    """All of it, for an exchange that has its people and its plan; where nobody travels there is nothing of it."""
    if not exchange.travel:
        return
    async with transaction() as tx:
        await Particulars.insert(*_particulars(exchange))
        await _travel(tx, exchange, today)
        for hours, announcement in enumerate(reversed(exchange.announcements), 1):
            await _announce(tx, exchange, announcement, tx.at - timedelta(hours=hours))
    await _care(demo, exchange)


async def complete_life(demo: DemoFixture) -> None:
    """Give a demo that an earlier YEMA filled what it could not hold, around the day at which it stands."""
    for exchange in demo.exchanges:
        if not exchange.travel or await TravelLeg.exists().where(TravelLeg.exchange == exchange.id):
            continue
        [row] = await Exchange.select(Exchange.starts_on).where(Exchange.id == exchange.id)
        there = {row["id"] for row in await Member.select(Member.id).where(Member.exchange == exchange.id)}
        async with transaction() as tx:
            await Particulars.delete().where(Particulars.id.is_in(list(there)))
            for day in exchange.days:
                for slot in day.slots:
                    await _complete_slot(tx, exchange, slot)
        await bring_to_life(demo, exchange, row["starts_on"] - timedelta(exchange.starts))


def _particulars(exchange: ExchangeFixture) -> list[Particulars]:
    return [
        Particulars(
            id=exchange.id_of("member", member.person),
            gender=member.gender,
            languages=_json(member.languages),
            guardian_authorised=member.guardian,
            fewer_opportunities=member.fewer_opportunities,
        )
        for member in exchange.members
        if member.languages
    ]


async def _travel(tx: Transaction, exchange: ExchangeFixture, today: date) -> None:
    for leg in exchange.travel:
        row = TravelLeg(
            id=exchange.id_of("leg", leg.key),
            exchange=exchange.id,
            group=exchange.id_of("group", leg.group),
            departs_at=_instant(today, leg.departs),
            departs_zone=leg.departs[2],
            arrives_at=_instant(today, leg.arrives),
            arrives_zone=leg.arrives[2],
            **{name: getattr(leg, name) for name in _AS_IT_IS},
        )
        await TravelLeg.insert(row)
        for space in (SpaceKey("exchange_leaders", exchange.id), SpaceKey("group", row.group)):
            tx.touched(space, "travel_leg", row.id)


_AS_IT_IS: Any = ("direction", "mode", "from_place", "to_place", "carrier", "distance_km", "green")


def _instant(today: date, when: tuple[int, str, str]) -> datetime:
    day, clock, zone = when
    return at_wall(today + timedelta(day), time.fromisoformat(clock), zone)


async def _announce(tx: Transaction, exchange: ExchangeFixture, told: AnnouncementFixture, at: datetime) -> None:
    chosen = [exchange.id_of("group", group) for group in told.groups]
    row = Announcement(
        id=_made_at(at),
        exchange=exchange.id,
        by=person_id(told.by),
        texts=_json(told.texts),
        audience="groups" if chosen else "all",
        chosen=_json(chosen),
        made_at=at,
    )
    await Announcement.insert(row)
    for space in [*spaces_of(exchange.id, row.audience, chosen), SpaceKey("exchange_leaders", exchange.id)]:
        tx.touched(space, "announcement", row.id)
    for person in map(person_id, told.seen):
        await AnnouncementSeen.insert(AnnouncementSeen(id=uuid7(), announcement=row.id, person=person, at=tx.at))
        tx.touched(SpaceKey("person", person), "announcement_seen", row.id)


def _made_at(at: datetime) -> UUID:
    """A UUIDv7 of that instant: announcements are listed in the order of their ids."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | uuid7().int & ((1 << 80) - 1))


async def _care(demo: DemoFixture, exchange: ExchangeFixture) -> None:
    """Who was there; sheets, each sealed as its owner would; calendars. In an older demo somebody may have gone."""
    participants = [one.person for one in exchange.members if (one.role, one.state) == ("participant", "active")]
    for register in exchange.attendance:
        marks = [MarkDraft(person=person_id(one), state=register.others.get(one, "present")) for one in participants]
        with suppress(NotFound, NotOfThisExchange):
            await mark_all(member_of(exchange, register.by), exchange.id_of("slot", register.slot), marks)
    for person, sheet in exchange.sheets.items():
        with suppress(NotFound):
            await write_sheet(member_of(exchange, person), person_id(person), sheet, None)
    for person in exchange.calendars:
        locale = next(one.locale for one in demo.people if one.key == person)
        await renew_calendar(SignedIn((locale,), person_id(person), uuid7(), locale, "demo", None))


async def _complete_slot(tx: Transaction, exchange: ExchangeFixture, slot: SlotFixture) -> None:
    """The series and the materials of a slot, as it is planned and as it was told."""
    if not slot.series and not slot.materials:
        return
    slot_id, series = exchange.id_of("slot", slot.key), exchange.series_of(slot)
    leaders = SpaceKey("exchange_leaders", exchange.id)
    planned: dict[Any, Any] = {Slot.series: series, Slot.materials: _json(slot.materials)}
    await Slot.update(planned).where(Slot.id == slot_id)
    tx.touched(leaders, "slot", slot_id)
    for row in await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.id == slot_id):
        before = msgspec.json.decode(row["body"], type=SlotBody)
        told = msgspec.structs.replace(before, series=series, materials=slot.materials)
        await ReleasedSlot.update({ReleasedSlot.body: _json(told)}).where(ReleasedSlot.id == slot_id)
        for space in (*told.spaces(exchange.id), leaders):
            tx.touched(space, "released_slot", slot_id)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
