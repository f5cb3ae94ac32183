"""What several releases come to, for one person: the plan before the first of them, compared with what is told now. Pure.

Twenty moves of one slot are one `moved`, a slot that was moved there and back is nothing, and one that was moved and then cancelled is
cancelled. Each person is told of what they see only: a slot that is for others from now on is `off` for them, and one that was for others
is `new`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from yema.exchanges.plan import SlotBody, is_moved
from yema.exchanges.rules import at_wall, on_wall

SumWord = Literal["new", "back", "moved", "changed", "cancelled", "off"]
"""`back`: it was cancelled and takes place after all. `off`: it takes place, but is no longer for this person."""
SUM_WORDS: tuple[SumWord, ...] = ("new", "back", "moved", "changed", "cancelled", "off")
PRESSING: tuple[SumWord, ...] = ("back", "moved", "cancelled", "off")

REMINDED_BEFORE = timedelta(minutes=120)
"""Nobody is reminded of a slot earlier than that."""
_SOON, _SOON_FOR_JOURNEYS = timedelta(hours=3), timedelta(hours=24)
_EVENING, _MORNING = time(18), time(8)
"""From when on what was gathered has gone out and phones become quiet, and an hour after most of them are so no longer: on the wall."""
_WHOLE_DAY = timedelta(hours=20)


class Change(NamedTuple):
    """A slot as it was told before some release, and as it is told now; None stands for what was not told.

    `word` is what it comes to for whoever sees both.
    """

    before: SlotBody | None
    now: SlotBody | None
    word: SumWord | None

    @property
    def ends_at(self) -> datetime:
        """When there is nothing to tell of it any more."""
        return max(body.ends_at for body in (self.before, self.now) if body)

    @property
    def starts_at(self) -> datetime:
        """The later of both."""
        return max(body.starts_at for body in (self.before, self.now) if body)


class Piece(NamedTuple):
    """One slot of somebody's sum. `body` is the slot as it is now; as it was, where it is cancelled or off."""

    word: SumWord
    change: Change
    body: SlotBody


def changes(before: Mapping[UUID, SlotBody | None], now: Mapping[UUID, SlotBody]) -> dict[UUID, Change]:
    """The slots of `before` with what is told of them now; what was not told and is not told is left out."""
    pairs = ((slot, body, now.get(slot)) for slot, body in before.items())
    return {slot: Change(was, body, _word(was, body)) for slot, was, body in pairs if was or body}


def sum_for(changed: Iterable[Change], person: UUID, group: UUID | None) -> list[Piece]:
    """What these come to for a member, in the order of time."""
    pieces = [piece for change in changed if (piece := piece_for(change, person, group))]
    return sorted(pieces, key=lambda piece: (piece.body.starts_at, piece.body.id))


def piece_for(change: Change, person: UUID, group: UUID | None) -> Piece | None:
    """What one of them comes to for a member."""
    was, body = _seen(change.before, person, group), _seen(change.now, person, group)
    word = change.word if was is change.before and body is change.now else _word(was, body)
    if word == "cancelled" and body is None and _stands(change.now):
        word = "off"
    shown = was if word in ("cancelled", "off") else body
    return Piece(word, change, shown) if word and shown else None


def concerns(slot: SlotBody, person: UUID, group: UUID | None) -> bool:
    """Whether it is meant for this member, or they answer for it."""
    return slot.is_for(person, group) or person in slot.responsible


def is_near(change: Change, at: datetime) -> bool:
    """Whether it was to begin, or begins now, within three hours; a journey within a day; in the evening, also early next morning."""
    bodies = [body for body in (change.before, change.now) if body]
    soon = _SOON_FOR_JOURNEYS if any(body.kind == "travel" for body in bodies) else _SOON
    return any(is_soon(body.starts_at, at, soon) or _is_early(body, at) for body in bodies)


def is_short_notice(piece: Piece, at: datetime) -> bool:
    """Whether somebody who hears of it later may stand there in vain, or be missed."""
    return piece.word in PRESSING and is_near(piece.change, at)


def is_soon(starts_at: datetime, at: datetime, soon: timedelta = _SOON_FOR_JOURNEYS) -> bool:
    """Whether it is still to come, and before long."""
    return at < starts_at <= at + soon


def is_reminded(slot: SlotBody) -> bool:
    """Whether people are told that it begins soon.

    Of free time nobody is: there is nowhere to be. Nor of what stands for whole days, from midnight on: it has no beginning that one
    could miss. A hike of two days that sets out in the morning has one.
    """
    return slot.state != "cancelled" and _has_beginning(slot)


def _is_early(slot: SlotBody, at: datetime) -> bool:
    """Whether people would be there before their phones have told them, or within the hour: it is evening or night by the slot's clock."""
    wall = on_wall(at, slot.zone)
    evening = wall.time() >= _EVENING
    if not evening and wall.time() >= _MORNING:
        return False
    morning = at_wall(wall.date() + timedelta(days=evening), _MORNING, slot.zone)
    return at < slot.starts_at <= morning and _has_beginning(slot)


def _has_beginning(slot: SlotBody) -> bool:
    if slot.kind == "free":
        return False
    if slot.ends_at - slot.starts_at < _WHOLE_DAY:
        return True
    wall = on_wall(slot.starts_at, slot.zone)
    return (wall.hour, wall.minute) != (0, 0)


def _word(was: SlotBody | None, body: SlotBody | None) -> SumWord | None:
    if body is None or not _stands(body):
        return "cancelled" if _stands(was) else None
    if was is None:
        return "new"
    if not _stands(was):
        return "back"
    if is_moved(was, body):
        return "moved"
    return None if _matters(was) == _matters(body) else "changed"


def _stands(slot: SlotBody | None) -> bool:
    return slot is not None and slot.state != "cancelled"


def _seen(slot: SlotBody | None, person: UUID, group: UUID | None) -> SlotBody | None:
    return slot if slot and concerns(slot, person, group) else None


def _matters(slot: SlotBody) -> SlotBody:
    """Without what is nothing to the person who reads: for whom else it is, and how it is kept."""
    return msgspec.structs.replace(
        slot, version=0, told_at=None, sequence=0, state="", audience="", groups=[], people=[], series=None
    )
