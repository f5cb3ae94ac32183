"""Better and better seatings: a tabu search that swaps two people of one round at a time.

After Dotú and Van Hentenryck, "Scheduling social golfers locally" (CPAIOR 2005). What a swap changes is a sum over the two groups.
"""

from random import Random

from yema.exchanges.mixing.seating import MEETING, Rounds, Seating

_TABU_LEAST = 2
_TABU_SPREAD = 10
_SWAP = 4
"""What looking at one swap costs, beside looking at its two groups."""
_STEP = 20
"""What a step costs that finds nothing, beside looking at the person's group."""


def improve(seating: Seating, rng: Random, budget: int, bound: int) -> tuple[int, Rounds]:
    """The best cost and rounds that so many look-ups of pairs find. Ends early at a cost of `bound`, below which there is nothing."""
    best, best_rounds = seating.cost, _copy(seating.rounds)
    tabu: dict[tuple[int, int, int], int] = {}
    count, rounds, chance = seating.count, len(seating.rounds), rng.random
    step = 0
    each = 2 * count * (max(seating.sizes) + _SWAP) * (1 if seating.spoken is None else 3)
    while budget > 0 and best > bound:
        step += 1
        number, one = int(chance() * rounds), int(chance() * count)
        found = _best_swap(seating, number, one, rng, tabu, step, best)
        budget -= each if found else _STEP + max(seating.sizes)
        if found is None:
            continue
        change, other = found
        seating.swap(number, one, other, change)
        until = step + _TABU_LEAST + int(chance() * _TABU_SPREAD)
        tabu[number, one, other] = tabu[number, other, one] = until
        if seating.cost < best:
            best, best_rounds = seating.cost, _copy(seating.rounds)
    return best, best_rounds


def _best_swap(
    seating: Seating, number: int, one: int, rng: Random, tabu: dict[tuple[int, int, int], int], step: int, best: int
) -> tuple[int, int] | None:
    """What the best swap of this person changes, and with whom; None for somebody whose group costs nothing.

    Of equal ones any. One that was made just now is tabu, unless it leads to what is better than all before.
    """
    groups, place, pairs = seating.rounds[number], seating.place[number], seating.pairs
    mine, row = groups[place[one]], pairs[one]
    leaving = sum([row[mate] for mate in mine]) - MEETING * (len(mine) - 1)
    if leaving <= 0 and not seating.speechless(mine):
        return None
    found: tuple[int, int] | None = None
    ties = 0
    for index, theirs in enumerate(groups):
        if index == place[one]:
            continue
        joining = sum([row[mate] for mate in theirs]) - leaving + MEETING * (len(theirs) - 1)
        for other in theirs:
            across = pairs[other]
            change = joining - 2 * row[other]
            change += sum([across[mate] for mate in mine]) - sum([across[mate] for mate in theirs])
            if seating.spoken is not None:
                change += seating.spoken_change(mine, theirs, one, other)
            if found and change > found[0]:
                continue
            if tabu.get((number, one, other), 0) > step and seating.cost + change >= best:
                continue
            ties = ties + 1 if found and change == found[0] else 1
            if ties == 1 or rng.random() * ties < 1:
                found = change, other
    return found


def _copy(rounds: Rounds) -> Rounds:
    return [[group[:] for group in groups] for groups in rounds]
