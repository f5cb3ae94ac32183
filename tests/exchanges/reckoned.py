"""Exchanges as values that keep every rule of the programme: eight days in July, two groups of eight and their leaders."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from tests.exchanges import valued
from tests.exchanges.valued import DAY, POLAND, SPAIN, someone
from yema.exchanges.programme.eligibility import Eligibility, eligibility
from yema.exchanges.programme.findings import Finding
from yema.exchanges.whole import Someone, WholeExchange

PEOPLE = [
    someone(first + n, "participant" if n else "leader", group, born="2005-02" if n else "1990-02")
    for first, group in ((100, POLAND), (200, SPAIN))
    for n in range(9)
]


def good(*, people: list[Someone] | None = None, **fields: Any) -> WholeExchange:
    """Holds, unless `fields` of the exchange or its people say otherwise."""
    whole = valued.exchange(people=PEOPLE if people is None else people)
    known = {"call_year": 2026, "ends_on": DAY + timedelta(7), **fields}
    return replace(whole, **known)


def but(number: int, **fields: Any) -> list[Someone]:
    """The same people, of whom one is different."""
    return [replace(one, **fields) if one.id == valued.uid(number) else one for one in PEOPLE]


def without(*numbers: int) -> list[Someone]:
    return [one for one in PEOPLE if one.id.int not in numbers]


def rule(code: str, whole: WholeExchange) -> Finding:
    """What one rule says."""
    [finding] = [one for one in eligibility(whole).findings if one.code == code]
    return finding


def broken(whole: WholeExchange) -> dict[str, float | None]:
    """The rules that do not hold, and by how much each is missed."""
    return {one.code: one.missed_by for one in judged(whole).findings if one.holds is False}


def judged(whole: WholeExchange) -> Eligibility:
    return eligibility(whole)


def who(finding: Finding) -> list[UUID]:
    return [one.who for one in finding.people]
