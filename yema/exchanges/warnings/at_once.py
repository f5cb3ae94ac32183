"""What cannot be at the same time: two things in one place, for one group, for one person."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from yema.exchanges.warnings.timetable import Finding, Stretch, Timetable

AT_ONCE_MAX = 64
"""Slots that are compared with each new one. A plan with more of them at one time has warnings enough, and has to stay quick."""
PAIRS_MAX, CAUSES_MAX = 60_000, 5_000
"""Slots that are compared with one another in a whole plan, and causes for which they clash. A big exchange has some hundred of each."""
_HAS_NO_PLACE = ("free", "travel")
"""Groups may set out from one place, each in its own bus."""


def clashes(table: Timetable) -> list[Finding]:
    """`venue_taken`, `group_double_booked`, `person_in_charge_twice` and `person_in_two_places`.

    Slots that overlap one another for the same cause are one finding. A person is named only where the group is not.
    """
    knots = _Knots()
    for one, other in islice(_overlapping(table.slots), PAIRS_MAX):
        if len(knots) >= CAUSES_MAX:
            break
        if _share_a_place(one, other):
            knots.tie("venue_taken", one.slot.venue, one, other)
        groups = one.groups & other.groups
        people = one.there & other.there
        if not people and not groups:
            continue
        twice = one.charge & other.charge
        if groups:
            knots.tie("group_double_booked", groups, one, other)
        if twice:
            knots.tie("person_in_charge_twice", twice, one, other)
        if rest := people & ~twice & ~table.reached(groups):
            knots.tie("person_in_two_places", rest, one, other)
    return [_finding(table, code, key, slots) for code, key, slots in knots]


def _overlapping(slots: list[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    going_on: list[Stretch] = []
    for later in slots:
        going_on = [earlier for earlier in going_on if earlier.end > later.start][-AT_ONCE_MAX:]
        for earlier in going_on:
            yield earlier, later
        going_on.append(later)


def _share_a_place(one: Stretch, other: Stretch) -> bool:
    here, there = one.slot, other.slot
    if here.venue is None or here.venue != there.venue or here.kind in _HAS_NO_PLACE or there.kind in _HAS_NO_PLACE:
        return False
    return here.room == there.room or here.room is None or there.room is None


def _finding(table: Timetable, code: str, key: UUID | int, slots: list[Stretch]) -> Finding:
    slots.sort(key=lambda stretch: stretch.number)
    found = Finding(code, slots, start=slots[1].start)
    if isinstance(key, UUID):
        found.venue = key
    elif code == "group_double_booked":
        found.groups, found.people = key, table.reached(key)
    else:
        found.people = key
    return found


class _Knots:
    """Slots that hang together, for each cause."""

    def __init__(self) -> None:
        self._tied: dict[tuple[str, UUID | int | None], dict[int, list[Stretch]]] = {}

    def tie(self, code: str, key: UUID | int | None, one: Stretch, other: Stretch) -> None:
        knots = self._tied.setdefault((code, key), {})
        ours, theirs = knots.setdefault(one.number, [one]), knots.setdefault(other.number, [other])
        if ours is not theirs:
            ours += theirs
            for stretch in theirs:
                knots[stretch.number] = ours

    def __len__(self) -> int:
        return len(self._tied)

    def __iter__(self) -> Iterator[tuple[str, UUID | int, list[Stretch]]]:
        for (code, key), knots in self._tied.items():
            seen = {id(slots): slots for slots in knots.values()}
            for slots in seen.values():
                yield code, key or 0, slots
