"""All rounds with what they cost, and what a swap would change."""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from uuid import UUID

from msgspec import Struct

MEETING = 10
"""What a second meeting of two people costs; the third costs twice as much, and so on."""
COUNTRY = 30
GENDER = 15
LANGUAGE = 60
"""A group without a language that all of it speak."""

Rounds = list[list[list[int]]]
"""For each round, for each group: people as numbers."""


class Guest(Struct, frozen=True):
    """Somebody who is to be mixed; what is not known mixes with everything."""

    id: UUID
    country: str | None = None
    gender: str | None = None
    languages: frozenset[str] = frozenset()


class Seating:
    """Rounds of groups, of which `cost` is kept while people are swapped. `sizes` are those of the groups in every round."""

    def __init__(self, guests: Sequence[Guest], sizes: Sequence[int], rounds: Rounds) -> None:
        self.count = len(guests)
        self.sizes = sizes
        self.rounds = rounds
        self.pairs = static_costs(guests)
        """For each two people what their next meeting would cost."""
        self.spoken = masks(guests)
        self.place = [[0] * self.count for _ in rounds]
        self.cost = 0
        for number, groups in enumerate(rounds):
            for index, group in enumerate(groups):
                self.cost += self._sit_down(group)
                for one in group:
                    self.place[number][one] = index

    def _sit_down(self, group: list[int]) -> int:
        """What the group costs, given all that have met before; from now on they have."""
        pairs = self.pairs
        cost = self.speechless(group)
        for one in group:
            row = pairs[one]
            for other in group:
                if other < one:
                    cost += row[other]
                if other != one:
                    row[other] += MEETING
        return cost

    def speechless(self, group: Sequence[int]) -> int:
        """What it costs that a group shares no language."""
        if self.spoken is None or not group:
            return 0
        return 0 if reduce(and_, [self.spoken[one] for one in group]) else LANGUAGE

    def swap(self, number: int, one: int, other: int, change: int) -> None:
        """Let two people of two groups change places in a round, which changes the cost by so much."""
        place, groups, pairs = self.place[number], self.rounds[number], self.pairs
        mine, theirs = groups[place[one]], groups[place[other]]
        mine.remove(one)
        theirs.remove(other)
        ours, others = pairs[one], pairs[other]
        for group, change_of_one in ((mine, -MEETING), (theirs, MEETING)):
            for mate in group:
                ours[mate] += change_of_one
                pairs[mate][one] += change_of_one
                others[mate] -= change_of_one
                pairs[mate][other] -= change_of_one
        mine.append(other)
        theirs.append(one)
        place[one], place[other] = place[other], place[one]
        self.cost += change

    def spoken_change(self, mine: list[int], theirs: list[int], one: int, other: int) -> int:
        """What a swap changes in the cost of languages."""
        if self.spoken is None:
            return 0
        left = [other if mate == one else mate for mate in mine]
        right = [one if mate == other else mate for mate in theirs]
        return self.speechless(left) + self.speechless(right) - self.speechless(mine) - self.speechless(theirs)


def static_costs(guests: Sequence[Guest]) -> list[list[int]]:
    """What it costs that two people are in one group, whether or not they have met."""
    return [
        [
            COUNTRY * (one.country is not None and one.country == other.country)
            + GENDER * (one.gender is not None and one.gender == other.gender)
            if one is not other
            else 0
            for other in guests
        ]
        for one in guests
    ]


def masks(guests: Sequence[Guest]) -> list[int] | None:
    """The languages of each as bits; None where all share one, so that every group does. Whoever has none stated speaks any."""
    tags = sorted({tag.partition("-")[0] for guest in guests for tag in guest.languages})
    bit = {tag: 1 << place for place, tag in enumerate(tags)}
    every = (1 << len(tags)) - 1
    found = [sum({bit[tag.partition("-")[0]] for tag in guest.languages}) or every for guest in guests]
    return found if tags and not reduce(and_, found, every) else None
