"""Setting an exchange up: making one for an organisation, and changing what it is. Its days and its zone take the plan along."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.actions.organisations import when_an_organisation_changes
from yema.accounts.queries.organisations import organisation_to_organise_for
from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute, fetch
from yema.errors import N_, FieldError, Invalid
from yema.exchanges.actions.setup.moving import Plan, move_legs, move_slots, plan_before, slot_later
from yema.exchanges.errors import WrongDays
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import FIRST, LAST, known_zone
from yema.exchanges.schemas.setup.setup import ExchangeChange, ExchangeDraft
from yema.exchanges.tables.exchange import Exchange, Member, Venue
from yema.i18n import nearest
from yema.ids import uuid7
from yema.shapes import given

DAYS_MAX = 60

_HOLD = "SELECT starts_on, ends_on, zone FROM exchange WHERE id = {}"
# Not FOR UPDATE: whoever puts a row beside it that refers to it need not wait, and cannot wait for us while we wait for them.
_HOLD_EXCHANGE = Statement(_HOLD, postgres=f"{_HOLD} FOR NO KEY UPDATE")
_MAKES = Statement("SELECT id FROM exchange WHERE organisation = {}")
_SENDS = Statement("SELECT id, exchange FROM exchange_group WHERE organisation = {}")


class Held(NamedTuple):
    """An exchange whose days, zone, host and main venue nobody else changes until the transaction ends."""

    starts_on: date
    ends_on: date
    zone: str


async def hold_exchange(exchange: UUID) -> Held:
    """First thing in a transaction that changes what there is one of in an exchange."""
    [[starts_on, ends_on, zone]] = await execute(_HOLD_EXCHANGE, exchange)
    return Held(_as_day(starts_on), _as_day(ends_on), zone)


async def make_exchange(person: SignedIn, draft: ExchangeDraft, once: Once | None = None) -> UUID:
    """A new exchange of an organisation; who makes it is its first coordinator.

    Raises `NotFound` for an organisation that they do not work for, `OrganisersOnly`, `WrongDays`, `UnknownZone`, `Invalid`.
    """
    await organisation_to_organise_for(person, draft.organisation)
    check_days(draft.starts_on, draft.ends_on)
    row = Exchange(
        **{
            **given(draft),
            "id": uuid7(),
            "zone": known_zone(draft.zone),
            "languages": known_languages(draft.languages),
            "ceilings": _json(draft.ceilings),
        }
    )
    async with transaction(once) as tx:
        await Exchange.insert(row)
        tx.touched(SpaceKey("exchange", row.id), "exchange", row.id)
        await begin_coordinating(tx, row.id, person.id)
        await tx.made(row.id)
    return row.id


async def change_exchange(by: Membership, change: ExchangeChange) -> None:
    """Change what an exchange is. Raises `WrongDays`, `UnknownZone`, `Invalid`.

    With `starts_on` all slots and journeys move by as many days, and so does `ends_on` unless it is given: each keeps its clock on the wall
    of its own zone. Another `zone` is taken for the correction of a wrong one: slots that had the zone of the exchange keep their clock on
    the wall, so that ten o'clock stays ten o'clock, at another instant. Slots at a venue with a zone of its own, and those that were given
    another zone, stay as they are; so do journeys, whose zones are those of the places that they begin and end at.
    """
    row: dict[Any, Any] = dict(given(change))
    if change.zone is not UNSET:
        known_zone(change.zone)
    if change.languages is not UNSET:
        row["languages"] = known_languages(change.languages)
    if change.ceilings is not UNSET:
        row["ceilings"] = _json(change.ceilings)
    if not row:
        return
    moves = change.starts_on is not UNSET or change.zone is not UNSET
    plan = await plan_before(by.exchange) if moves else {}
    async with transaction() as tx:
        held = await hold_exchange(by.exchange)
        if change.starts_on is not UNSET or change.ends_on is not UNSET:
            row |= _days(held, change)
        await Exchange.update(row).where(Exchange.id == by.exchange)
        tx.touched(SpaceKey("exchange", by.exchange), "exchange", by.exchange)
        days = (row.get("starts_on", held.starts_on) - held.starts_on).days
        zone = row.get("zone", held.zone)
        await _move(tx, by, plan, days, held.zone, zone)


async def begin_coordinating(tx: Transaction, exchange: UUID, person: UUID) -> None:
    """Somebody is the first coordinator of a new exchange."""
    member = Member(
        id=uuid7(), exchange=exchange, person=person, group=None, role="coordinator", state="active", made_at=tx.at
    )
    await Member.insert(member)
    tx.touched(SpaceKey("exchange", exchange), "member", member.id)
    tx.touched(SpaceKey("person", person), "me", person)


def check_days(starts_on: date, ends_on: date) -> None:
    """Raises `WrongDays`, and `Invalid` for days that not every clock and database can hold."""
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if not FIRST.date() <= day < LAST.date():
            raise Invalid(FieldError(f"/{field}", "invalid", N_("This value is not allowed here.")))
    if not 0 <= (ends_on - starts_on).days < DAYS_MAX:
        raise WrongDays


def known_languages(tags: list[str]) -> str:
    """The languages as they are kept, each once. Raises `Invalid` for one that CLDR does not know."""
    found = []
    for place, tag in enumerate(tags):
        if not (known := nearest(tag)):
            words = N_("This value is not allowed here.")
            raise Invalid(FieldError(f"/languages/{place}", "unknown_language", words))
        found.append(known)
    return _json(list(dict.fromkeys(found)))


def _days(held: Held, change: ExchangeChange) -> dict[str, date]:
    starts_on = held.starts_on if change.starts_on is UNSET else change.starts_on
    if change.ends_on is not UNSET:
        ends_on = change.ends_on
    else:
        check_days(starts_on, starts_on)  # else the end might have no date
        ends_on = starts_on + (held.ends_on - held.starts_on)
    check_days(starts_on, ends_on)
    return {"starts_on": starts_on, "ends_on": ends_on}


async def _move(tx: Transaction, by: Membership, plan: Plan, days: int, before: str, after: str) -> None:
    if not days and before == after:
        return
    own = set()
    for row in await Venue.select(Venue.id, Venue.zone).where(Venue.exchange == by.exchange):
        if row["zone"]:
            own.add(row["id"])
        elif before != after:
            tx.touched(SpaceKey("exchange", by.exchange), "venue", row["id"])

    def moved(slot: SlotBody) -> SlotBody:
        follows = slot.zone == before and slot.venue not in own
        return slot_later(slot, days, after if follows else slot.zone)

    await move_slots(tx, by, plan, moved)
    if days:
        await move_legs(tx, by, days)


async def _tell_of_organisation(tx: Transaction, organisation: UUID) -> None:
    """Its name stands in the exchanges that it makes, and in the groups that it sends."""
    for [exchange] in await fetch(_MAKES, organisation):
        tx.touched(SpaceKey("exchange", as_id(exchange)), "exchange", as_id(exchange))
    for group, exchange in await fetch(_SENDS, organisation):
        tx.touched(SpaceKey("exchange", as_id(exchange)), "group", as_id(group))


when_an_organisation_changes(_tell_of_organisation)


def _as_day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
