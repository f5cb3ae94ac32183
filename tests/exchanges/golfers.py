"""The best possible mixes, by trying all: for as few people as that can be done for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from uuid import UUID

from yema.exchanges.mixing import Guest
from yema.exchanges.mixing.seating import COUNTRY, GENDER, LANGUAGE, MEETING

Pair = tuple[int, int]


def guests(count: int, countries: int = 0, genders: int = 0, languages: Sequence[str] = ()) -> list[Guest]:
    """So many people, of so many countries and genders in turn; those of one country speak the languages in that place: `en de`."""
    return [
        Guest(
            id=UUID(int=number + 1),
            country=f"C{number % countries}" if countries else None,
            gender="fmx"[number // max(countries, 1) % genders] if genders else None,
            languages=frozenset(languages[number % countries].split() if languages else ()),
        )
        for number in range(count)
    ]


def best_cost(people: Sequence[Guest], sizes: Sequence[int], rounds: int) -> int:
    """What the best of all mixes costs. Every choice of rounds is tried whose beginning does not cost more than the best until then."""
    ways = [(_alone(people, way), _pairs(way)) for way in _splits(tuple(range(len(people))), tuple(sizes))]
    best = 10**9

    def go(first: int, left: int, cost: int, met: Counter[Pair]) -> None:
        nonlocal best
        if not left:
            best = min(best, cost)
            return
        for number in range(first, len(ways)):
            alone, pairs = ways[number]
            now = cost + alone + MEETING * sum(met[pair] for pair in pairs)
            if now < best:
                met.update(pairs)
                go(number, left - 1, now, met)
                met.subtract(pairs)

    go(0, rounds, 0, Counter())
    return best


def cost_of(people: Sequence[Guest], rounds: list[list[list[UUID]]]) -> int:
    """What a mix costs, added up group by group and pair by pair."""
    numbers = {guest.id: number for number, guest in enumerate(people)}
    met: Counter[Pair] = Counter()
    cost = 0
    for groups in rounds:
        way = [tuple(sorted(numbers[one] for one in group)) for group in groups]
        cost += _alone(people, way)
        met.update(_pairs(way))
    return cost + MEETING * sum(times * (times - 1) // 2 for times in met.values())


def _splits(people: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """All ways to split people into groups of these sizes, each once: the first of them is in one of the sizes that are left."""
    if not people:
        yield []
        return
    first, others = people[0], people[1:]
    for size in dict.fromkeys(sizes):
        left = list(sizes)
        left.remove(size)
        for mates in combinations(others, size - 1):
            rest = tuple(one for one in others if one not in mates)
            for more in _splits(rest, tuple(left)):
                yield [(first, *mates), *more]


def _pairs(way: list[tuple[int, ...]]) -> list[Pair]:
    return [pair for group in way for pair in combinations(group, 2)]


def _alone(people: Sequence[Guest], way: list[tuple[int, ...]]) -> int:
    """What one round costs by itself."""
    cost = 0
    for group in way:
        members = [people[one] for one in group]
        for one, other in combinations(members, 2):
            cost += COUNTRY * (one.country is not None and one.country == other.country)
            cost += GENDER * (one.gender is not None and one.gender == other.gender)
        spoken = [one.languages for one in members if one.languages]
        cost += LANGUAGE * (bool(spoken) and not frozenset.intersection(*spoken))
    return cost
