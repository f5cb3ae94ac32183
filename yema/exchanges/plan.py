"""The plan as a value: slots with all that belongs to them, and what is different between two plans. Pure.

What was told of a slot can go back: undoing a release tells the body again that stood there before, with its lower `version`. Calendars
take a number that only rises (SEQUENCE). So each body carries, beside its version, in which release it was told as it is (`sequence`, the
release's number) and when (`told_at`). Every telling is a release of its own, with the next number, undoing one too; therefore both rise
however often a slot is told, taken back and told again. In the plan itself both are empty.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from yema.accounts.signed_in import Reader
from yema.changes import SpaceKey
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.plan.materials import Need
from yema.exchanges.schemas.plan.plan import Audience, SlotView, Word
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
    sequence: int = 0
    """Under which number that was; it only rises. 0 in the plan, and for what an older server has told."""

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

    def told(self, number: int, at: datetime, before: "SlotBody | None") -> "SlotBody":
        """The slot as it is told in that release."""
        # What an older server has told has no number, and calendars took its version.
        least = (before.sequence or before.version) + 1 if before else 0
        return msgspec.structs.replace(self, told_at=at, sequence=max(number, least))


class Told(NamedTuple):
    """A slot as it will be told now, what it was before, and under which word. Nobody sees any more what is `gone`."""

    body: SlotBody
    before: SlotBody | None
    word: Word
    gone: bool = False


def compare(plan: Iterable[SlotBody], released: Mapping[UUID, SlotBody]) -> list[Told]:
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


def compare_back(before: Mapping[UUID, SlotBody | None], released: Mapping[UUID, SlotBody]) -> list[Told]:
    """What has to be told so that everything is again as it was `before`, exactly; None stands for what was not there."""
    told = []
    for slot, body in before.items():
        now = released.get(slot)
        if body is None and now is not None:
            told.append(Told(msgspec.structs.replace(now, state="cancelled"), now, "cancelled", gone=True))
        elif body is not None:
            told.append(Told(body, now, "new" if now is None else _word(body, now) or "changed"))
    return sorted(told, key=lambda one: (one.body.starts_at, one.body.id))


def is_same(one: SlotBody, other: SlotBody) -> bool:
    """Whether two bodies say the same, whatever their versions and whenever they were told."""
    return _said(one) == _said(other)


def is_moved(one: SlotBody, other: SlotBody) -> bool:
    """Whether time or place is another one."""
    return _when_and_where(one) != _when_and_where(other)


def _word(slot: SlotBody, before: SlotBody) -> Word | None:
    if slot.state == "cancelled":
        return None if before.state == "cancelled" else "cancelled"
    if is_moved(slot, before):
        return "moved"
    if before.state == "cancelled":
        return "changed"
    return None if is_same(slot, msgspec.structs.replace(before, state=slot.state)) else "changed"


def _said(slot: SlotBody) -> SlotBody:
    return msgspec.structs.replace(slot, version=0, told_at=None, sequence=0)


def _when_and_where(slot: SlotBody) -> tuple[datetime, datetime, UUID | None, UUID | None]:
    return slot.starts_at, slot.ends_at, slot.venue, slot.room
