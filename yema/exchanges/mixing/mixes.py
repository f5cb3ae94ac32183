"""From guests to rounds of small groups, and how good they are."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import reduce
from itertools import combinations
from operator import and_
from random import Random
from uuid import UUID

from msgspec import Struct

from yema.exchanges.mixing.designs import design
from yema.exchanges.mixing.search import improve
from yema.exchanges.mixing.seating import COUNTRY, GENDER, MEETING, Guest, Rounds, Seating, masks, static_costs

BUDGET = 2_000_000
"""Look-ups of pairs for a whole mix: what bounds its time, some 0.3 s of CPU. Not a clock, so that the same seed gives the same mix."""
_WAYS = 30_000
"""Divided by the square of the number of people: how many ways to stand in a design are looked at, from 4 to 100."""


class Quality(Struct, frozen=True):
    """How good a mix is. `repeats` counts meetings of two people after their first; fewer than `repeats_least` is impossible.

    `same_country` and `same_gender` count pairs in one group beyond the even spread, which is 0 at best and may be impossible to reach for
    both at once. `speechless` counts groups without a language that all of it speak.
    """

    repeats: int
    repeats_least: int
    same_country: int
    same_gender: int
    speechless: int


class Mix(Struct, frozen=True):
    """Rounds of groups of people, each in order. `meetings`: how many pairs meet so many times, 0 too."""

    rounds: list[list[list[UUID]]]
    meetings: dict[int, int]
    quality: Quality
    cost: int


def sizes_of(people: int, *, size: int | None = None, groups: int | None = None) -> list[int]:
    """The sizes of groups, which differ by one at most, the larger first: so many groups, or as few as make none larger than `size`."""
    number = groups or -(-people // (size or people))
    return [people // number + (index < people % number) for index in range(number)]


def mix(guests: Sequence[Guest], sizes: Sequence[int], rounds: int, seed: int, budget: int = BUDGET) -> Mix:
    """The best that was found. The same for the same guests, sizes, rounds and seed, in whatever order the guests come."""
    everybody = sorted(guests, key=lambda guest: guest.id)
    rng = Random(seed)  # noqa: S311 - nothing here is secret
    bound = least_cost(everybody, sizes, rounds)
    starts: list[Callable[[], Rounds | None]] = [
        lambda: _designed(everybody, sizes, rounds, rng),
        lambda: _filled_up(everybody, sizes, rounds, rng, []),
    ]
    found: list[tuple[int, Rounds]] = []
    for left, start in zip((2, 1), starts, strict=True):
        begun = start()
        if begun is None or any(cost <= bound for cost, _ in found):
            continue
        share = budget // left
        found.append(improve(Seating(everybody, sizes, begun), rng, share, bound))
        budget -= share
    cost, best = min(found, key=lambda one: one[0])
    return _mix(everybody, best, cost)


def least_cost(guests: Sequence[Guest], sizes: Sequence[int], rounds: int) -> int:
    """Nothing costs less: all pairs meet equally often, each country and gender is spread evenly, and every group has a language."""
    pairs = len(guests) * (len(guests) - 1) // 2
    each, more = divmod(rounds * sum(size * (size - 1) // 2 for size in sizes), max(pairs, 1))
    meetings = pairs * each * (each - 1) // 2 + more * each
    even = COUNTRY * _even([guest.country for guest in guests], len(sizes))
    even += GENDER * _even([guest.gender for guest in guests], len(sizes))
    return MEETING * meetings + rounds * even


def _even(kinds: Sequence[Hashable | None], groups: int) -> int:
    """How many pairs of one kind are in one group when each kind is spread evenly over the groups."""
    counted = Counter(kind for kind in kinds if kind is not None)
    spread = (sizes_of(number, groups=groups) for number in counted.values())
    return sum(size * (size - 1) // 2 for sizes in spread for size in sizes)


def _designed(guests: Sequence[Guest], sizes: Sequence[int], rounds: int, rng: Random) -> Rounds | None:
    """Those of one country stand in one column, and so do not meet; what the design has no more rounds for is filled up.

    How genders fall depends on who stands where in the column: the best of some ways to stand.
    """
    found: list[tuple[int, Rounds]] = []
    for _ in range(min(100, max(4, _WAYS // len(guests) ** 2))):
        order = list(range(len(guests)))
        rng.shuffle(order)
        order.sort(key=lambda one: guests[one].country or "")
        begun = design(order, len(sizes), rounds, rng)
        if begun is None:
            return None
        found.append((Seating(guests, sizes, begun).cost, begun))
    return _filled_up(guests, sizes, rounds, rng, min(found, key=lambda one: one[0])[1])


def _filled_up(guests: Sequence[Guest], sizes: Sequence[int], rounds: int, rng: Random, begun: Rounds) -> Rounds:
    """The remaining rounds, person by person into the group where it costs least."""
    pairs = static_costs(guests)
    for already in begun:
        _have_met(pairs, already)
    found = list(begun)
    while len(found) < rounds:
        order = list(range(len(guests)))
        rng.shuffle(order)
        groups: list[list[int]] = [[] for _ in sizes]
        for one in order:
            row = pairs[one]
            open_ones = [index for index, size in enumerate(sizes) if len(groups[index]) < size]
            chosen = min(open_ones, key=lambda index: (sum(row[mate] for mate in groups[index]), len(groups[index])))
            groups[chosen].append(one)
        _have_met(pairs, groups)
        found.append(groups)
    return found


def _have_met(pairs: list[list[int]], groups: list[list[int]]) -> None:
    for group in groups:
        for one, other in combinations(group, 2):
            pairs[one][other] += MEETING
            pairs[other][one] += MEETING


def _mix(guests: Sequence[Guest], rounds: Rounds, cost: int) -> Mix:
    met = Counter(pair for groups in rounds for group in groups for pair in combinations(sorted(group), 2))
    often = Counter(met.values())
    pairs = len(guests) * (len(guests) - 1) // 2
    every = [group for groups in rounds for group in groups]
    spoken = masks(guests)
    quality = Quality(
        repeats=sum((times - 1) * many for times, many in often.items()),
        repeats_least=max(0, sum(len(group) * (len(group) - 1) // 2 for group in every) - pairs),
        same_country=_beyond_even([guest.country for guest in guests], rounds),
        same_gender=_beyond_even([guest.gender for guest in guests], rounds),
        speechless=sum(not reduce(and_, [spoken[one] for one in group]) for group in every) if spoken else 0,
    )
    named = [sorted(sorted(guests[one].id for one in group) for group in groups) for groups in rounds]
    return Mix(named, {0: pairs - len(met), **dict(sorted(often.items()))}, quality, cost)


def _beyond_even(kinds: Sequence[Hashable | None], rounds: Rounds) -> int:
    """By how many pairs of one kind in one group the rounds are beyond an even spread."""
    pairs = sum(
        kinds[one] is not None and kinds[one] == kinds[other]
        for groups in rounds
        for group in groups
        for one, other in combinations(group, 2)
    )
    return pairs - sum(_even(kinds, len(groups)) for groups in rounds)
