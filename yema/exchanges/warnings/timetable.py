"""The plan as the rules look at it: slots as stretches of seconds, people and groups as bits of a number."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from msgspec import Struct

from yema.exchanges.plan import SlotBody
from yema.exchanges.rules import on_wall
from yema.exchanges.whole import WholeExchange

MINUTE, HOUR = 60, 3600
UP_UNTIL = timedelta(hours=3)
"""What begins before three in the morning still belongs to the evening."""
_BUSY = ("activity", "reflection", "meeting", "travel", "other")


class Stretch(Struct, eq=False):
    """A slot that is not cancelled. `start` and `end` are seconds since 1970.

    `day` is the day of the exchange on which it starts, by its wall, and `waking` the same with `UP_UNTIL`. `meant` are the people for whom
    it is, `charge` those who answer for it, `there` both. `groups` are those that it is for as a whole; where it is for everybody,
    `Timetable.all_bit` is among them.
    """

    number: int
    slot: SlotBody
    start: int
    end: int
    day: int
    waking: int
    meant: int
    charge: int
    there: int
    groups: int
    busy: bool


class Finding(Struct):
    """What a rule found, not yet in words. `people` and `groups` are bits; it is wrong from `start` to `end`, in seconds."""

    code: str
    slots: list[Stretch]
    people: int = 0
    groups: int = 0
    venue: UUID | None = None
    by: int | None = None
    start: int = 0
    end: int = 0


class Life(Struct):
    """People (bits) with the very same slots, and these slots in the order of time, without free time."""

    people: int
    slots: list[Stretch]


class Timetable:
    """The slots of an exchange that are not cancelled, in the order of time, and who is where.

    `slots` leaves out free time, which takes nobody's time and no place; `all_slots` has it.
    """

    def __init__(self, exchange: WholeExchange) -> None:
        self.exchange = exchange
        self.people = sorted(exchange.people)
        self.groups = sorted(exchange.parties)
        self.all_bit = 1 << len(self.groups)
        self.everybody = (1 << len(self.people)) - 1
        self.bit_of = {person: 1 << number for number, person in enumerate(self.people)}
        self.group_bit = {group: 1 << number for number, group in enumerate(self.groups)}
        self.members: dict[UUID | None, int] = defaultdict(int)
        for one in exchange.people.values():
            self.members[one.group] |= self.bit_of[one.id]
        self._reached: dict[int, int] = {}
        self._chosen: dict[int, list[UUID]] = {}
        standing = sorted((s for s in exchange.slots if s.state != "cancelled"), key=lambda s: (s.starts_at, s.id))
        self.all_slots = [self._stretch(number, slot) for number, slot in enumerate(standing)]
        self.slots = [stretch for stretch in self.all_slots if stretch.slot.kind != "free"]

    def _stretch(self, number: int, slot: SlotBody) -> Stretch:
        if slot.audience == "all":
            groups, meant = self.all_bit * 2 - 1, self.everybody
        else:
            groups = _united(self.group_bit, slot.groups) if slot.audience == "groups" else 0
            meant = self.reached(groups) | (_united(self.bit_of, slot.people) if slot.audience == "people" else 0)
        charge = _united(self.bit_of, slot.responsible)
        starts = on_wall(slot.starts_at, self.exchange.zone)
        return Stretch(
            number=number,
            slot=slot,
            start=int(slot.starts_at.timestamp()),
            end=int(slot.ends_at.timestamp()),
            day=starts.toordinal(),
            waking=(starts.replace(tzinfo=None) - UP_UNTIL).toordinal(),
            meant=meant,
            charge=charge,
            there=meant | charge,
            groups=groups,
            busy=slot.kind in _BUSY,
        )

    def reached(self, groups: int) -> int:
        """Everybody who is in one of these groups; everybody at all with `all_bit`."""
        if groups & self.all_bit:
            return self.everybody
        found = self._reached.get(groups)
        if found is None:
            found = 0
            for group in self.groups_in(groups):
                found |= self.members.get(group, 0)
            self._reached[groups] = found
        return found

    def groups_in(self, groups: int) -> list[UUID]:
        """The groups of these bits, by id."""
        return [group for number, group in enumerate(self.groups) if groups >> number & 1]

    def people_in(self, people: int) -> list[UUID]:
        """The people of these bits, by id."""
        found = self._chosen.get(people)
        if found is None:
            found = self._chosen[people] = [self.people[bit.bit_length() - 1] for bit in bits(people)]
        return found

    def lives(self) -> list[Life]:
        """Everybody's slots; people who have the same ones are one life."""
        shared: dict[UUID | None, list[int]] = {
            group: [n for n, s in enumerate(self.slots) if s.groups & bit]
            for group, bit in [*self.group_bit.items(), (None, self.all_bit)]
        }
        own: dict[int, list[int]] = defaultdict(list)
        for number, stretch in enumerate(self.slots):
            for bit in bits(stretch.there & ~self.reached(stretch.groups)):
                own[bit].append(number)
        same: dict[tuple[UUID | None, tuple[int, ...]], int] = defaultdict(int)
        for one in self.exchange.people.values():
            bit = self.bit_of[one.id]
            same[one.group if one.group in shared else None, tuple(own.get(bit, ()))] |= bit
        slots = self.slots
        return [
            Life(people, [slots[number] for number in (sorted((*shared[group], *more)) if more else shared[group])])
            for (group, more), people in same.items()
        ]


def in_order(stretches: list[Stretch]) -> list[Stretch]:
    """Each of them once, in the order of time."""
    return sorted({stretch.number: stretch for stretch in stretches}.values(), key=lambda stretch: stretch.number)


def bits(number: int) -> Iterator[int]:
    """The bits that are set, each as a number, the lowest first."""
    while number:
        low = number & -number
        yield low
        number ^= low


def _united(bit_of: dict[UUID, int], ids: list[UUID]) -> int:
    found = 0
    for one in ids:
        found |= bit_of.get(one, 0)
    return found
