"""Slots of the plan written, however many, with a few statements."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from yema.changes import SpaceKey, Transaction
from yema.database import Statement, fetch
from yema.database.many import Gone, Rows
from yema.exchanges.actions.plan.history import record_all
from yema.exchanges.errors import TooManySlots
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.slots import Planned
from yema.ids import uuid7

SLOTS_MAX = 1000
"""So many slots a plan has, those that are cancelled left out: twice what the fullest exchange of 60 days needs."""
_ON_PLAN = Statement("SELECT count(*) FROM slot WHERE exchange = {} AND state <> 'cancelled'")
_CHANGES = {
    "id": "uuid",
    "kind": "text",
    "titles": "json",
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
    "zone": "text",
    "audience": "text",
    "state": "text",
    "version": "integer",
    "venue": "uuid",
    "activity": "uuid",
    "room": "uuid",
    "materials": "json",
}
_SLOTS = Rows("slot", **_CHANGES, exchange="uuid", series="uuid")
_CHANGED = Rows("slot", **_CHANGES)
_GROUPS = Rows("slot_group", id="uuid", slot="uuid", group="uuid")
_PEOPLE = Rows("slot_person", id="uuid", slot="uuid", person="uuid", part="text")
_NO_GROUPS, _NO_PEOPLE = Gone("slot_group", of="slot"), Gone("slot_person", of="slot")


async def check_slots_fit(exchange: UUID, new: int) -> None:
    """Whether so many slots more fit on the plan. Raises `TooManySlots`."""
    [[there]] = await fetch(_ON_PLAN, exchange)
    if new and there + new > SLOTS_MAX:
        raise TooManySlots(limit=SLOTS_MAX)


async def insert_slots(tx: Transaction, by: Membership, slots: Sequence[Planned]) -> None:
    """Write slots that are new on the plan, tell leaders' phones, and write down who made them. Raises `TooManySlots`."""
    await check_slots_fit(by.exchange, len(slots))
    await _SLOTS.insert((*_row(slot), by.exchange, slot.body.series) for slot in slots)
    await _insert_people([slot.body for slot in slots])
    await _leave_behind(tx, by, [(None, slot.body) for slot in slots])


async def rewrite_slots(tx: Transaction, by: Membership, pairs: Iterable[tuple[Planned, Planned]]) -> None:
    """Write slots that are different now, each as before and after, as their next versions; tell, and write down, as above.

    Hold their rows first: all of a slot is written.
    """
    changed = [(before, _next(before, after)) for before, after in pairs]
    await _CHANGED.update(_row(after) for _, after in changed)
    others = [after.body for before, after in changed if _people(before.body) != _people(after.body)]
    await _NO_GROUPS.delete(body.id for body in others)
    await _NO_PEOPLE.delete(body.id for body in others)
    await _insert_people(others)
    await _leave_behind(tx, by, [(before.body, after.body) for before, after in changed])


async def _leave_behind(tx: Transaction, by: Membership, changes: Sequence[tuple[SlotBody | None, SlotBody]]) -> None:
    for _, after in changes:
        tx.touched(SpaceKey("exchange_leaders", by.exchange), "slot", after.id)
    await record_all(tx, by, changes)


def _next(before: Planned, after: Planned) -> Planned:
    return after._replace(body=msgspec.structs.replace(after.body, version=before.body.version + 1))


async def _insert_people(slots: Sequence[SlotBody]) -> None:
    await _GROUPS.insert((uuid7(), slot.id, group) for slot in slots for group in slot.groups)
    await _PEOPLE.insert(
        (uuid7(), slot.id, person, part)
        for slot in slots
        for part, people in (("audience", slot.people), ("responsible", slot.responsible))
        for person in people
    )


def _row(slot: Planned) -> tuple[object, ...]:
    body = slot.body
    return (
        body.id,
        body.kind,
        msgspec.json.encode(slot.own).decode(),
        body.starts_at,
        body.ends_at,
        body.zone,
        body.audience,
        body.state,
        body.version,
        body.venue,
        body.activity,
        body.room,
        msgspec.json.encode(body.materials).decode(),
    )


def _people(body: SlotBody) -> tuple[object, ...]:
    return body.groups, body.people, body.responsible
