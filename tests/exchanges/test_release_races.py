"""Releases beside leaders who go on planning: what is told is a state that the plan really had, and in the end all of it is told."""

import asyncio
from contextlib import suppress
from contextvars import copy_context
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest

from tests import make
from tests.database.outside import outside
from yema.database import Row, Statement
from yema.exchanges.actions.people.members import change_member
from yema.exchanges.actions.plan.slots import change_slot
from yema.exchanges.actions.told import release
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.errors import NothingToRelease
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.people.people import member_of
from yema.exchanges.queries.plan import slots
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.queries.plan.slots import Planned
from yema.exchanges.schemas.people.people import MemberChange
from yema.exchanges.schemas.plan.plan import AudienceDraft, SlotChange
from yema.exchanges.tables.exchange import Member
from yema.exchanges.tables.told import ReleasedSlot
from yema.settings import Settings

PLANNERS = 4
RELEASES = 30


class Plan(NamedTuple):
    """Slots that leaders change between two states, in which everything about them differs."""

    by: Membership
    slots: list[UUID]
    states: list[SlotChange]

    async def change(self, slot: UUID, number: int) -> tuple[tuple[UUID, int], Any]:
        """Change a slot once more: which version it then has, and what that says."""
        state = self.states[number % 2]
        version = await change_slot(self.by, slot, state, make.signed_in(self.by.person), None)
        return (slot, version), (state.title, state.starts_at, state.ends_at, state.audience.groups, state.responsible)  # type: ignore[union-attr]

    async def told(self) -> list[SlotBody]:
        """Release; the slots as they were last told."""
        with suppress(NothingToRelease):
            await release_plan(self.by)
        rows = await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.exchange == self.by.exchange)
        return [msgspec.json.decode(row["body"], type=SlotBody) for row in rows]


@pytest.fixture
async def plan(house: Settings) -> Plan:
    exchange = await make.exchange()
    by = await make.membership(await make.leader(exchange), exchange)
    states = [await state(exchange, "Lake", "10:00-11:00"), await state(exchange, "Hill", "15:00-17:00")]
    return Plan(by, [await make.slot(exchange) for _ in range(PLANNERS)], states)


async def state(exchange: UUID, title: str, hours: str) -> SlotChange:
    starts, ends = make.instants(hours)
    audience = AudienceDraft(kind="groups", groups=[await make.group(exchange)])
    responsible = [await make.participant(exchange)]
    return SlotChange(
        title=title, locale="en", starts_at=starts, ends_at=ends, audience=audience, responsible=responsible
    )


def said(slot: SlotBody) -> tuple[Any, ...]:
    return (slot.titles["en"], slot.starts_at, slot.ends_at, slot.groups, slot.responsible)


async def half_told(plan: Plan) -> int:
    """Release while others plan; how often a slot was told in a state that it never had."""
    had = dict([await plan.change(slot, 0) for slot in plan.slots])
    done = asyncio.Event()

    async def go_on(slot: UUID) -> None:
        for number in count(1):
            had.update([await plan.change(slot, number)])
            if done.is_set():
                return

    async with asyncio.TaskGroup() as planners:
        for slot in plan.slots:
            planners.create_task(go_on(slot))
        told = [slot for _ in range(RELEASES) for slot in await plan.told()]
        done.set()
    return sum(had[slot.id, slot.version] != said(slot) for slot in told)


async def test_a_release_tells_no_slot_in_the_middle_of_a_change(plan: Plan) -> None:
    assert await half_told(plan) == 0


@pytest.mark.postgres
@pytest.mark.parametrize(("held", "half"), [(True, 0), (False, 1)], ids=["held", "not held"])
async def test_a_release_holds_the_plan_while_it_reads_it(
    house: Settings, plan: Plan, monkeypatch: pytest.MonkeyPatch, held: bool, half: int
) -> None:
    """The same at the worst moment, and that without the lock a slot would be told half changed."""
    if not held:
        monkeypatch.setattr(release, "HOLD_PLAN", Statement(release.HOLD_PLAN.sqlite.replace("?", "{}")))
    had = dict([await plan.change(slot, 0) for slot in plan.slots])
    read_rest, outer = slots._with_people, copy_context()

    async with outside(house) as somebody:
        changes: list[asyncio.Task[Any]] = []

        async def after_a_change(exchange: UUID, rows: list[Row], *rest: Any) -> list[Planned]:
            if len(rows) == PLANNERS and not changes:  # the release has read the slots, and not yet who they are for
                changes.append(asyncio.create_task(plan.change(plan.slots[0], 1), context=outer))
                waiting = asyncio.create_task(somebody.waiting())
                await asyncio.wait({*changes, waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
            return await read_rest(exchange, rows, *rest)

        monkeypatch.setattr(slots, "_with_people", after_a_change)
        told = await plan.told()
        had.update([await changes[0]])

    assert sum(had[slot.id, slot.version] != said(slot) for slot in told) == half


async def test_a_change_beside_a_release_is_told_by_it_or_by_the_next(plan: Plan) -> None:
    for number in range(10):
        await asyncio.gather(plan.told(), *(plan.change(slot, number) for slot in plan.slots))

    told = await plan.told()

    assert sorted(map(said, told)) == sorted(map(said, await plan_of(plan.by.exchange)))


@pytest.mark.postgres
async def test_a_release_and_an_approval_at_once_do_not_wait_for_each_other(house: Settings) -> None:
    exchange = await make.exchange()
    await make.slot(exchange)
    by = await make.membership(await make.coordinator(exchange), exchange)
    who = await make.participant(exchange, state="pending")
    [row] = await Member.select(Member.id).where(Member.person == who)
    member = await member_of(by, row["id"])

    async with outside(house) as somebody:
        await somebody.session.execute("BEGIN; LOCK TABLE released_slot IN EXCLUSIVE MODE")
        async with asyncio.TaskGroup() as both:
            both.create_task(release_plan(by))
            await somebody.waiting(1)
            both.create_task(change_member(by, member, MemberChange(state="active")))
            await somebody.waiting(2)
            await somebody.session.execute("COMMIT")

    assert ((await member_of(by, member.id)).state, await ReleasedSlot.count()) == ("active", 1)
