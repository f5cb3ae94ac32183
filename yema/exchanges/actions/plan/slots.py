"""The plan: scheduling, changing and cancelling slots. Participants see nothing of it before the next release."""

from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import Once, transaction
from yema.database import is_taken
from yema.errors import IdTaken
from yema.exchanges.actions.people.belonging import check_people
from yema.exchanges.actions.plan.changing import Changing, audience_of, needs_of, titles_with
from yema.exchanges.actions.plan.packs import begin_to_plan
from yema.exchanges.actions.plan.places import check_places, place_of, zone_at
from yema.exchanges.actions.plan.taking import take_slots
from yema.exchanges.actions.plan.writing import insert_slots, rewrite_slots
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.packs import planned_titles
from yema.exchanges.queries.plan.slots import Planned
from yema.exchanges.rules import check_span, known_zone
from yema.exchanges.schemas.plan.plan import AudienceDraft, Scope, SlotChange, SlotDraft
from yema.exchanges.series import repeated
from yema.ids import uuid7


async def schedule_slot(
    by: Membership, draft: SlotDraft, person: SignedIn, once: Once | None = None, slot: UUID | None = None
) -> UUID:
    """Put a slot on the plan, with those that repeat it; the id of the first, which a phone that was offline has made.

    Raises `EndsBeforeItStarts`, `UnknownZone`, `NotOfThisExchange`, `IdTaken`, `VersionWithdrawn`, `NotInPlannedVersion`,
    `TooManyRepeats`, `TooManySlots`.
    """
    first = await _drafted(by, slot or uuid7(), draft, person)
    own = titles_with({}, draft, person)
    bodies = [first] if draft.repeat is UNSET else repeated(first, draft.repeat)
    try:
        async with transaction(once) as tx:
            titles = own
            if draft.activity:
                await begin_to_plan(tx, by.exchange, draft.activity)
                titles = own or (await planned_titles(by.exchange)).get(draft.activity, {})
            await insert_slots(tx, by, [Planned(msgspec.structs.replace(body, titles=titles), own) for body in bodies])
            await tx.made(first.id, 1)
    except Exception as error:
        if is_taken(error):
            raise IdTaken from error
        raise
    return first.id


async def change_slot(
    by: Membership,
    slot: UUID,
    change: SlotChange,
    person: SignedIn,
    expected: int | None,
    once: Once | None = None,
    scope: Scope = "one",
) -> int:
    """Change a slot of the plan, and those of its series that are in `scope`; its new version.

    `expected` is the version that the leader saw, None for any. Of the others only what the change names is different afterwards, and
    their times move as far as this slot's do, on the wall. What is over stays as it was. Raises `Stale` where somebody was faster,
    `SlotCancelled`, and whatever `schedule_slot` raises.
    """
    await _check_people(by, change)
    rooms = await check_places(by, [(change.venue, change.room)])
    async with transaction(once) as tx:
        taken = await take_slots(by, slot, expected, scope, tx.at)
        titles = {}
        if change.activity and any(one.body.activity != change.activity for one in taken):
            await begin_to_plan(tx, by.exchange, change.activity)
            titles = await planned_titles(by.exchange)
        pairs = Changing(change, person, rooms, titles).all(taken)
        await rewrite_slots(tx, by, pairs)
        version = taken[0].body.version + 1
        await tx.made(slot, version)
    return version


async def cancel_slot(
    by: Membership, slot: UUID, expected: int | None, once: Once | None = None, scope: Scope = "one"
) -> int:
    """Cancel a slot, and those of its series that are in `scope`; its new version.

    They stay on the plan as cancelled, so that a release can tell of it.
    """
    async with transaction(once) as tx:
        taken = await take_slots(by, slot, expected, scope, tx.at)
        await rewrite_slots(tx, by, [(one, _cancelled(one)) for one in taken])
        version = taken[0].body.version + 1
        await tx.made(slot, version)
    return version


async def _drafted(by: Membership, slot: UUID, draft: SlotDraft, person: SignedIn) -> SlotBody:
    audience = AudienceDraft(kind="all") if draft.audience is UNSET else draft.audience
    zone = await zone_at(by, draft.venue) if draft.zone is UNSET else known_zone(draft.zone)
    check_span(draft.starts_at, draft.ends_at)
    await _check_people(by, draft)
    rooms = await check_places(by, [(draft.venue, draft.room)])
    venue, room = place_of((None, None), draft.venue, draft.room, rooms)
    return SlotBody(
        id=slot,
        kind=draft.kind,
        titles={},
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        zone=zone,
        state="planned",
        version=1,
        **audience_of(audience),
        responsible=sorted({*draft.responsible}),
        venue=venue,
        room=room,
        activity=draft.activity or None,
        materials=needs_of(draft.materials, draft, person),
    )


async def _check_people(by: Membership, draft: SlotDraft | SlotChange) -> None:
    audience = AudienceDraft(kind="all") if draft.audience is UNSET else draft.audience
    await check_people(by, audience.groups, [*audience.people, *(draft.responsible or [])])


def _cancelled(one: Planned) -> Planned:
    return one._replace(body=msgspec.structs.replace(one.body, state="cancelled"))
