"""Rounds in which nobody meets twice, by algebra, for numbers of groups that are powers of a prime.

People stand in a table of as many rows as there are groups. In round m, group b is who stands in column x and row m·x + b of a finite
field. Two points lie on one line at most, so nobody meets twice in all those rounds, and never anybody of the own column: there stand
those of one country. (Transversal designs from affine planes; Colbourn and Dinitz, Handbook of Combinatorial Designs, III.3.)
"""

from functools import cache
from random import Random

from yema.exchanges.mixing.seating import Rounds

_POLYNOMIALS = {
    4: (2, (1, 1, 1)),
    8: (2, (1, 1, 0, 1)),
    9: (3, (1, 0, 1)),
    16: (2, (1, 1, 0, 0, 1)),
    25: (5, (2, 0, 1)),
    27: (3, (1, 2, 0, 1)),
    32: (2, (1, 0, 1, 0, 0, 1)),
    49: (7, (1, 0, 1)),
}
"""Irreducible ones, the constant term first, with the prime."""


def design(order: list[int], groups: int, rounds: int, rng: Random) -> Rounds | None:
    """At most so many rounds, of people in the order in which they fill the columns; None where there is no such field, or too few rows."""
    if len(order) > groups * groups or not _is_field(groups):
        return None
    add, multiply = _tables(groups)
    slopes = list(range(groups))
    rng.shuffle(slopes)
    columns = [order[start : start + groups] for start in range(0, len(order), groups)]
    found: Rounds = []
    for slope in slopes[:rounds]:
        rows = [[add[multiply[slope][x]][b] for x in range(len(columns))] for b in range(groups)]
        # The last column may be short; where it has nobody, the group is smaller by one.
        found.append([[columns[x][y] for x, y in enumerate(row) if y < len(columns[x])] for row in rows])
    if len(found) < rounds and len(order) == groups * groups:
        found.append(columns)
    # The short groups last, as everywhere.
    return [sorted(one, key=len, reverse=True) for one in found]


def _is_field(size: int) -> bool:
    return size in _POLYNOMIALS or (size > 1 and all(size % divisor for divisor in range(2, size)))


@cache
def _tables(size: int) -> tuple[list[list[int]], list[list[int]]]:
    """Addition and multiplication of the field of that size; its elements are numbers whose digits are coefficients."""
    if size not in _POLYNOMIALS:
        numbers = range(size)
        return [[(a + b) % size for b in numbers] for a in numbers], [[a * b % size for b in numbers] for a in numbers]
    prime, polynomial = _POLYNOMIALS[size]
    degree = len(polynomial) - 1
    digits = [[number // prime**place % prime for place in range(degree)] for number in range(size)]

    def number(of: list[int]) -> int:
        return sum(digit % prime * prime**place for place, digit in enumerate(of))

    def product(a: list[int], b: list[int]) -> int:
        found = [0] * (2 * degree - 1)
        for i, left in enumerate(a):
            for k, right in enumerate(b):
                found[i + k] += left * right
        for top in range(len(found) - 1, degree - 1, -1):
            factor = found[top]
            for place, term in enumerate(polynomial):
                found[top - degree + place] -= factor * term
        return number(found[:degree])

    sums = [[number([x + y for x, y in zip(a, b, strict=True)]) for b in digits] for a in digits]
    return sums, [[product(a, b) for b in digits] for a in digits]
