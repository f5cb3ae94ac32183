"""The plan: scheduling, changing and cancelling slots. Participants see nothing of it before the next release."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, execute, is_taken
from yema.errors import IdTaken, NotFound, Stale
from yema.exchanges.actions.packs import begin_to_plan
from yema.exchanges.errors import NotOfThisExchange, SlotCancelled
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.itinerary import slot_of
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import check_instant, check_span, known_zone, moved_end
from yema.exchanges.schemas.plan import AudienceDraft, SlotChange, SlotDraft
from yema.exchanges.tables.exchange import Group, Member, Venue
from yema.exchanges.tables.plan import Slot, SlotGroup, SlotPerson
from yema.ids import uuid7

_NEXT = Statement("UPDATE slot SET version = version + 1 WHERE id = {} AND exchange = {} RETURNING version")


async def schedule_slot(
    by: Membership, draft: SlotDraft, person: SignedIn, once: Once | None = None, slot: UUID | None = None
) -> UUID:
    """Put a slot on the plan; its id, which a phone that was offline has made.

    Raises `EndsBeforeItStarts`, `UnknownZone`, `NotOfThisExchange`, `IdTaken`, `VersionWithdrawn`, `NotInPlannedVersion`.
    """
    audience = AudienceDraft(kind="all") if draft.audience is UNSET else draft.audience
    zone = await _zone(by, draft.zone, draft.venue)
    check_span(draft.starts_at, draft.ends_at)
    await _check_belongs(by, draft)
    slot = slot or uuid7()
    row = Slot(
        id=slot,
        exchange=by.exchange,
        kind=draft.kind,
        titles=_titles({}, draft, person),
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        zone=zone,
        venue=draft.venue or None,
        activity=draft.activity or None,
        audience=audience.kind,
        state="planned",
        version=1,
    )
    try:
        async with transaction(once) as tx:
            if draft.activity:
                await begin_to_plan(tx, by.exchange, draft.activity)
            await Slot.insert(row)
            await _set_people(slot, audience, draft.responsible)
            _touch(tx, by, slot)
            await tx.made(slot, 1)
    except Exception as error:
        if is_taken(error):
            raise IdTaken from error
        raise
    return slot


async def change_slot(
    by: Membership,
    slot: UUID,
    change: SlotChange,
    person: SignedIn,
    expected: int | None,
    once: Once | None = None,
) -> int:
    """Change a slot of the plan; its new version. `expected` is the version that the leader saw, None for any.

    Raises `Stale` where somebody was faster, `SlotCancelled`, and whatever `schedule_slot` raises.
    """
    await _check_belongs(by, change)
    async with transaction(once) as tx:
        current = await _take(by, slot, expected)
        if change.activity and change.activity != current.activity:
            await begin_to_plan(tx, by.exchange, change.activity)
        await Slot.update(await _changed_row(by, current, change, person)).where(Slot.id == slot)
        await _change_people(current, change)
        _touch(tx, by, slot)
        await tx.made(slot, current.version)
    return current.version


async def cancel_slot(by: Membership, slot: UUID, expected: int | None, once: Once | None = None) -> int:
    """Cancel a slot; it stays on the plan as cancelled, so that a release can tell of it. Its new version."""
    async with transaction(once) as tx:
        current = await _take(by, slot, expected)
        await Slot.update({Slot.state: "cancelled"}).where(Slot.id == slot)
        _touch(tx, by, slot)
        await tx.made(slot, current.version)
    return current.version


async def _take(by: Membership, slot: UUID, expected: int | None) -> SlotBody:
    """Make the next version of a slot, and hold it until the transaction ends. Raises `NotFound`, `Stale`, `SlotCancelled`."""
    if not (rows := await execute(_NEXT, slot, by.exchange)):
        raise NotFound
    if expected is not None and expected != rows[0][0] - 1:
        raise Stale
    current = await slot_of(by, slot)
    if current.state == "cancelled":
        raise SlotCancelled
    return current


async def _changed_row(by: Membership, current: SlotBody, change: SlotChange, person: SignedIn) -> dict[Any, Any]:
    row: dict[Any, Any] = {}
    zone = current.zone if change.zone is UNSET else await _zone(by, change.zone, UNSET)
    starts_at = current.starts_at if change.starts_at is UNSET else change.starts_at
    check_instant(starts_at, "starts_at")
    ends_at = (
        moved_end(current.starts_at, current.ends_at, starts_at, zone) if change.ends_at is UNSET else change.ends_at
    )
    check_span(starts_at, ends_at)
    row |= {Slot.starts_at: starts_at, Slot.ends_at: ends_at, Slot.zone: zone}
    for field, column in (("kind", Slot.kind), ("venue", Slot.venue), ("activity", Slot.activity)):
        if (value := getattr(change, field)) is not UNSET:
            row[column] = value
    if change.title is not UNSET:
        [own] = await Slot.select(Slot.titles).where(Slot.id == current.id)
        row[Slot.titles] = _titles(msgspec.json.decode(own["titles"]), change, person)
    if change.audience is not UNSET:
        row[Slot.audience] = change.audience.kind
    return row


async def _zone(by: Membership, named: Any, venue: Any) -> str:
    if named is not UNSET:
        return known_zone(named)
    if venue is not UNSET:
        rows = await Venue.select(Venue.zone).where(Venue.id == venue)
        if rows and rows[0]["zone"]:
            return str(rows[0]["zone"])
    return by.zone


def _titles(titles: dict[str, str], draft: SlotDraft | SlotChange, person: SignedIn) -> str:
    if draft.title is not UNSET:
        titles = {**titles, person.locale if draft.locale is UNSET else draft.locale: draft.title}
    return msgspec.json.encode(titles).decode()


async def _check_belongs(by: Membership, draft: SlotDraft | SlotChange) -> None:
    """All places and people that a draft names are of this exchange. Raises `NotOfThisExchange`."""
    if draft.venue and not await Venue.exists().where(Venue.id == draft.venue, Venue.exchange == by.exchange):
        raise NotOfThisExchange
    audience = None if draft.audience is UNSET else draft.audience
    people = {*(audience.people if audience else []), *(draft.responsible or [])}
    groups = set(audience.groups) if audience else set()
    if groups and await Group.count().where(Group.exchange == by.exchange, Group.id.is_in(list(groups))) != len(groups):
        raise NotOfThisExchange
    if people and await Member.count().where(
        Member.exchange == by.exchange, Member.state == "active", Member.person.is_in(list(people))
    ) != len(people):
        raise NotOfThisExchange


async def _set_people(slot: UUID, audience: AudienceDraft, responsible: list[UUID]) -> None:
    groups = audience.groups if audience.kind == "groups" else []
    chosen = audience.people if audience.kind == "people" else []
    people = [(p, "audience") for p in chosen] + [(p, "responsible") for p in responsible]
    if groups:
        await SlotGroup.insert(*(SlotGroup(id=uuid7(), slot=slot, group=group) for group in dict.fromkeys(groups)))
    if people:
        rows = [SlotPerson(id=uuid7(), slot=slot, person=p, part=part) for p, part in dict.fromkeys(people)]
        await SlotPerson.insert(*rows)


async def _change_people(current: SlotBody, change: SlotChange) -> None:
    if change.audience is UNSET and change.responsible is UNSET:
        return
    audience = change.audience
    if audience is UNSET:
        audience = AudienceDraft(kind=current.audience, groups=current.groups, people=current.people)  # type: ignore[arg-type]
    responsible = current.responsible if change.responsible is UNSET else change.responsible
    await SlotGroup.delete().where(SlotGroup.slot == current.id)
    await SlotPerson.delete().where(SlotPerson.slot == current.id)
    await _set_people(current.id, audience, responsible)


def _touch(tx: Transaction, by: Membership, slot: UUID) -> None:
    tx.touched(SpaceKey("exchange_leaders", by.exchange), "slot", slot)
