"""The plan as a value: slots with all that belongs to them, and what is different between two plans. Pure."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from yema.accounts.signed_in import Reader
from yema.changes import SpaceKey
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.materials import Need
from yema.exchanges.schemas.plan import Audience, SlotView
from yema.i18n import choose


class SlotBody(Struct, frozen=True, omit_defaults=True):
    """A slot with all its titles: a row of the plan, or as it was released (then this is what is stored)."""

    id: UUID
    kind: str
    titles: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    zone: str
    audience: str
    state: str
    version: int
    groups: list[UUID] = []
    people: list[UUID] = []
    responsible: list[UUID] = []
    venue: UUID | None = None
    activity: UUID | None = None
    room: UUID | None = None
    series: UUID | None = None
    materials: list[Need] = []
    told_at: datetime | None = None
    """When it was released as it is here."""

    def view(self, reader: Reader) -> SlotView:
        """The slot as this reader sees it: one title, times with the offset of its zone."""
        title = choose(reader.wanted, frozenset(self.titles), next(iter(self.titles), ""))
        return SlotView(
            id=self.id,
            kind=self.kind,  # type: ignore[arg-type]  # the table holds one of them
            starts_at=on_wall(self.starts_at, self.zone),
            ends_at=on_wall(self.ends_at, self.zone),
            zone=self.zone,
            audience=Audience(
                kind=self.audience,  # type: ignore[arg-type]  # likewise
                groups=self.groups or UNSET,
                people=self.people or UNSET,
            ),
            responsible=self.responsible,
            state=self.state,  # type: ignore[arg-type]  # likewise
            version=self.version,
            title=self.titles.get(title, UNSET),
            title_locale=title or UNSET,
            venue=self.venue or UNSET,
            activity=self.activity or UNSET,
            room=self.room or UNSET,
            series=self.series or UNSET,
            materials=self.materials or UNSET,
        )

    def is_for(self, person: UUID, group: UUID | None) -> bool:
        """Whether it is meant for this member; who only answers for it is another question."""
        return self.audience == "all" or person in self.people or (self.audience == "groups" and group in self.groups)

    def spaces(self, exchange: UUID) -> list[SpaceKey]:
        """Where the slot is seen beside the leaders' space."""
        if self.audience == "all":
            return [SpaceKey("exchange", exchange)]
        if self.audience == "groups":
            chosen, groups = self.responsible, self.groups
        else:
            chosen, groups = [*self.people, *self.responsible], []
        return [*(SpaceKey("group", group) for group in groups), *(SpaceKey("person", who) for who in {*chosen})]


class Told(NamedTuple):
    """A slot as it will be told now, what it was before, and under which word."""

    body: SlotBody
    before: SlotBody | None
    word: str


def compare(plan: list[SlotBody], released: dict[UUID, SlotBody]) -> list[Told]:
    """What has to be told: new, moved (time or place), changed (anything else) and cancelled slots.

    What was cancelled before anybody heard of it is not told. A slot that was moved stays `moved` in later releases.
    """
    told = []
    for slot in plan:
        before = released.get(slot.id)
        if before is None:
            if slot.state != "cancelled":
                told.append(Told(slot, None, "new"))
        elif word := _word(slot, before):
            moved = word == "moved" or (slot.state != "cancelled" and before.state == "moved")
            body = msgspec.structs.replace(slot, state="moved") if moved else slot
            told.append(Told(body, before, word))
    return told


def _word(slot: SlotBody, before: SlotBody) -> str | None:
    if slot.state == "cancelled":
        return None if before.state == "cancelled" else "cancelled"
    if _when_and_where(slot) != _when_and_where(before):
        return "moved"
    same = msgspec.structs.replace(slot, state=before.state, version=before.version, told_at=before.told_at) == before
    return None if same else "changed"


def _when_and_where(slot: SlotBody) -> tuple[datetime, datetime, UUID | None, UUID | None]:
    return slot.starts_at, slot.ends_at, slot.venue, slot.room
