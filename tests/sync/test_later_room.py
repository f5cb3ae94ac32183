"""A room of a later year adds its kind with one `Pulled` and one `Pushed`; sync itself does not change."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from tests.client import TestApp
from tests.sync.world import app_with, door, knowing, mutation, told, world
from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey, transaction
from yema.exchanges.queries.memberships import exchange_led_by
from yema.settings import Settings
from yema.shapes import Draft, View


class AttendanceDraft(Draft):
    """Who was there."""

    exchange: UUID
    person: UUID


class AttendanceView(View):
    """Who was there."""

    id: UUID
    person: UUID


class Room:
    """Its list, which would be a table."""

    def __init__(self) -> None:
        self.rows: dict[UUID, AttendanceView] = {}

    async def note(self, person: SignedIn, mutation: Mutation, draft: AttendanceDraft) -> Applied:
        membership = await exchange_led_by(person, draft.exchange)
        async with transaction(mutation.once) as tx:
            self.rows[mutation.id] = AttendanceView(id=mutation.id, person=draft.person)
            tx.touched(SpaceKey("exchange", membership.exchange), "head_count", mutation.id)
            await tx.made(mutation.id, 1)
        return Applied(1)

    async def views(self, person: SignedIn, space: SpaceKey, ids: Sequence[UUID]) -> dict[UUID, Any]:
        return {one: self.rows[one] for one in ids if one in self.rows}


@pytest.fixture
async def later(house: Settings) -> AsyncIterator[TestApp]:
    """The application with one room more."""
    room = Room()
    pushed = [Pushed("head_count", "make", room.note, AttendanceDraft)]
    app = app_with(house, [Pulled("head_count", room.views, since=2)], pushed)
    yield app
    await app.close()


async def test_a_kind_of_a_later_room_is_pushed_and_pulled_like_any_other(later: TestApp) -> None:
    everybody = await world()
    leader, old = await knowing(later, everybody.leader), await knowing(later, everybody.participant)
    new = await knowing(later, everybody.groupmate, version=2)
    fields: dict[str, Any] = {"exchange": str(everybody.exchange), "person": str(everybody.participant)}
    noted = mutation("head_count", "put", **fields)

    results = [await leader.push_one(noted) for _ in range(2)]
    came = [await new.pull(version=2), await old.pull(), await old.pull(version=2)]

    shown = {"id": noted["id"], "person": fields["person"]}
    assert [told(result) for result in results] == [("applied", ""), ("duplicate", "")]
    assert [one.data("head_count") for one in came] == [[shown], [], [shown]]


async def test_what_it_raises_and_does_not_take_is_told_like_anything_else(later: TestApp) -> None:
    everybody = await world()
    fields: dict[str, Any] = {"exchange": str(everybody.exchange), "person": str(everybody.participant)}
    phone = await door(later, everybody.participant)

    results = await phone.push(
        mutation("head_count", "put", **fields),
        mutation("head_count", "put", base=1, **fields),
        mutation("head_count", "put", person=fields["person"]),
        mutation("head_count", "delete"),
    )

    codes = ["leaders_only", "unknown_kind", "invalid", "unknown_kind"]
    assert [told(result) for result in results] == [("rejected", code) for code in codes]
