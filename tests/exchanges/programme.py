"""A programme around this moment, which a leader changes and releases by the actions."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tests import make
from tests.exchanges.world import World, world
from yema.exchanges.actions.plan.slots import cancel_slot, change_slot, schedule_slot
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.actions.told.undoing import undo_release
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.plan.plan import AudienceDraft, SlotChange, SlotDraft
from yema.ids import now

HOURS = 60
"""In minutes, as all times here are, counted from `start`."""
TOMORROW = 30 * HOURS


class Programme(NamedTuple):
    world: World
    by: Membership
    start: datetime

    def at(self, minutes: int) -> datetime:
        return self.start + timedelta(minutes=minutes)

    async def slot(self, minutes: int = TOMORROW, kind: str = "activity", lasts: int = 60, **fields: Any) -> UUID:
        starts_at, ends_at = self.at(minutes), self.at(minutes + lasts)
        draft = SlotDraft(kind=kind, starts_at=starts_at, ends_at=ends_at, title="A title that could leak", **fields)  # type: ignore[arg-type]  # a kind
        return await schedule_slot(self.by, draft, make.signed_in(self.by.person))

    async def told(self, minutes: int = TOMORROW, kind: str = "activity", **fields: Any) -> UUID:
        """A slot that was released."""
        slot = await self.slot(minutes, kind, **fields)
        await self.release()
        return slot

    async def change(self, slot: UUID, **fields: Any) -> None:
        await change_slot(self.by, slot, SlotChange(**fields), make.signed_in(self.by.person), None)

    async def move(self, slot: UUID, minutes: int) -> None:
        await self.change(slot, starts_at=self.at(minutes))

    async def cancel(self, slot: UUID) -> None:
        await cancel_slot(self.by, slot, None)

    async def release(self) -> int:
        return (await release_plan(self.by)).number

    async def undo(self, number: int) -> int:
        return (await undo_release(self.by, number)).number


async def programme() -> Programme:
    """The leader of the first group plans; one meal of next week was told already, in release 1."""
    everybody = await world()
    found = Programme(
        everybody, await make.membership(everybody.leader, everybody.exchange), now().replace(microsecond=0)
    )
    await found.told(7 * 24 * HOURS, "meal")
    return found


def for_groups(*groups: UUID) -> AudienceDraft:
    return AudienceDraft(kind="groups", groups=[*groups])


def for_people(*people: UUID) -> AudienceDraft:
    return AudienceDraft(kind="people", people=[*people])
