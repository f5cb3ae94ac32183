"""What a slot needs by itself: somebody who answers for it, room, time, the right number of people, an adult, a language."""

from collections.abc import Callable
from uuid import UUID

from yema.exchanges.warnings.timetable import MINUTE, Finding, Stretch, Timetable, bits
from yema.exchanges.whole import ActivityFacts, age_on

OF_AGE = 18
FEW = 3
"""Of fewer people of another group it is not said that they are minors."""
SESSIONS = ("activity", "reflection", "meeting")


def too_full(table: Timetable) -> list[Finding]:
    """`over_capacity`: more people, with those who answer for it, than the room holds, or the venue where nobody said so of the room."""
    found = []
    for stretch in table.slots:
        place = table.exchange.places.get(stretch.slot.venue) if stretch.slot.venue else None
        if place is None or stretch.slot.kind == "travel":
            continue
        _, seats = place.rooms.get(stretch.slot.room, ("", None)) if stretch.slot.room else ("", None)
        seats = place.capacity if seats is None else seats
        if seats is not None and (by := stretch.there.bit_count() - seats) > 0:
            found.append(_of("over_capacity", stretch, by, place.id))
    return found


def unattended(table: Timetable) -> list[Finding]:
    """`nobody_responsible`: a session for which nobody answers who is still in the exchange."""
    return [_of("nobody_responsible", s) for s in table.slots if s.slot.kind in SESSIONS and not s.charge]


def unfitting(table: Timetable) -> list[Finding]:
    """`activity_too_long`, `group_too_small` and `group_too_large`: the activity beside its slot and its participants.

    Where all who were chosen lead, they are the participants. As long as there is nobody, nothing is said about their number.
    """
    found = []
    young = sum(table.bit_of[one.id] for one in table.exchange.people.values() if one.role == "participant")
    for stretch in table.slots:
        facts = table.exchange.activities.get(stretch.slot.activity) if stretch.slot.activity else None
        if facts is None:
            continue
        if (missing := facts.minutes_min * MINUTE - (stretch.end - stretch.start)) > 0:
            found.append(_of("activity_too_long", stretch, -(-missing // MINUTE)))
        number = (stretch.meant & young).bit_count()
        if not number and stretch.slot.audience == "people":
            number = stretch.meant.bit_count()
        found += _of_size(stretch, facts, number)
    return found


def _of_size(stretch: Stretch, facts: ActivityFacts, number: int) -> list[Finding]:
    if 0 < number < facts.group_size_min:
        return [_of("group_too_small", stretch, facts.group_size_min - number)]
    if number > facts.group_size_max:
        return [_of("group_too_large", stretch, number - facts.group_size_max)]
    return []


def alone(table: Timetable) -> list[Finding]:
    """`minors_without_adult`: a slot of some, with minors of a group of which no adult takes part or answers for it.

    What is for everybody and free time are left out: for those the leaders answer all day. Whoever leads and did not say when they
    were born is an adult (the programme asks for 18 years); of a participant who did not say, nothing is known. A minor without a
    group needs any adult. Ages are those of the exchange's first day, as in the programme: were they those of the slot's day, whoever
    plans a slot for one person on one day after another would read off the month in which they were born.
    """
    found = []
    young, grown = _minors_and_adults(table)
    for stretch in table.slots:
        if stretch.slot.audience == "all":
            continue
        minors, adults = young & stretch.meant, grown & stretch.there
        if not minors:
            continue
        left, groups = 0, 0
        for group, members in table.members.items():
            if minors & members and not (adults & members if group else adults):
                left |= minors & members
                groups |= table.group_bit.get(group, 0) if group else 0
        if left:
            found.append(Finding("minors_without_adult", [stretch], left, groups, start=stretch.start))
    return found


def told_to(reader: Callable[[UUID | None], bool], found: list[Finding], table: Timetable) -> list[Finding]:
    """The same without minors of a group for which the reader does not act, where they are fewer than three: that were a person's age."""
    foreign = [
        (table.group_bit.get(group, 0) if group else 0, of) for group, of in table.members.items() if not reader(group)
    ]
    for finding in found:
        for group, members in foreign:
            if (finding.people & members).bit_count() < FEW:
                finding.people &= ~members
                finding.groups &= ~group
    return [finding for finding in found if finding.people]


def _minors_and_adults(table: Timetable) -> tuple[int, int]:
    """Who is under age on the first day of the exchange, and who is an adult."""
    minors = adults = 0
    for one in table.exchange.people.values():
        if one.born is not None and age_on(one.born, table.exchange.starts_on) < OF_AGE:
            minors |= table.bit_of[one.id]
        elif one.born is not None or one.role != "participant":
            adults |= table.bit_of[one.id]
    return minors, adults


def speechless(table: Timetable) -> list[Finding]:
    """`no_common_language`: chosen people of more than one group who have no language that all of them speak.

    Languages are compared without region or script: who speaks pt-BR speaks pt. Of whom no language is known, nothing is said.
    """
    spoken = _Spoken(table)
    return [
        Finding("no_common_language", [stretch], stretch.meant, start=stretch.start)
        for stretch in table.slots
        if stretch.slot.audience == "people" and not spoken.by_all(stretch.meant)
    ]


class _Spoken:
    """The languages of everybody, as bits."""

    def __init__(self, table: Timetable) -> None:
        self._table = table
        bit_of: dict[str, int] = {}
        self._tongues: dict[int, int] = {}
        for one in table.exchange.people.values():
            plain = {tag.partition("-")[0].lower() for tag in one.languages}
            known = sum(bit_of.setdefault(tag, 1 << len(bit_of)) for tag in plain)
            self._tongues[table.bit_of[one.id]] = known or -1

    def by_all(self, people: int) -> bool:
        """Whether these people can speak with each other, or are of one group."""
        if any(people & ~members == 0 for members in self._table.members.values()):
            return True
        common = -1
        for bit in bits(people):
            common &= self._tongues[bit]
        return common != 0


def _of(code: str, stretch: Stretch, by: int | None = None, venue: UUID | None = None) -> Finding:
    return Finding(code, [stretch], by=by, venue=venue, start=stretch.start)
