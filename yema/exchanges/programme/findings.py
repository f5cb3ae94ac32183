"""What one rule says of an exchange, and how a number, groups or people become that."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from yema.exchanges.programme.calls import Bounds


class Missed(Struct, frozen=True):
    """A group or a person (`who`) that breaks a rule: its value, and by how much that is too small or too large."""

    who: UUID
    value: float | None
    missed_by: float | None


class Finding(Struct, frozen=True, kw_only=True):
    """What one rule says. `holds` is None while it cannot be said: because of `unknown` people, or because the rule is not understood.

    `value` is the number that was judged; of groups that of the worst. `missed_by` is by how much the limit is missed, at the worst place.
    `what` names the thing that is limited (`words.WHAT`); a `source` of None is the national agency.
    """

    code: str
    what: str
    holds: bool | None
    source: str | None
    value: float | None = None
    limit_min: float | None = None
    limit_max: float | None = None
    missed_by: float | None = None
    people: list[Missed] = []
    groups: list[Missed] = []
    unknown: list[UUID] = []


def missed_by(value: float, bounds: Bounds) -> float:
    """By how much a value lies outside; 0 within."""
    if bounds.min is not None and value < bounds.min:
        return round(bounds.min - value, 2)
    if bounds.max is not None and value > bounds.max:
        return round(value - bounds.max, 2)
    return 0


def of_number(code: str, value: float, bounds: Bounds, source: str | None, what: str | None = None) -> Finding:
    """Of one number for the whole exchange."""
    missed = missed_by(value, bounds)
    return Finding(
        code=code,
        what=what or code,
        holds=not missed,
        source=source,
        value=value,
        limit_min=bounds.min,
        limit_max=bounds.max,
        missed_by=missed or None,
    )


def of_groups(
    code: str, values: Mapping[UUID, float], bounds: Bounds, source: str | None, what: str | None = None
) -> Finding:
    """Of a number for each group; it has to hold for all."""
    groups = [Missed(group, value, by) for group, value in values.items() if (by := missed_by(value, bounds))]
    worst = (min if bounds.min is not None else max)(values.values(), default=None)
    if groups:
        worst = max(groups, key=lambda one: one.missed_by or 0).value
    return Finding(
        code=code,
        what=what or code,
        holds=not groups,
        source=source,
        value=worst,
        limit_min=bounds.min,
        limit_max=bounds.max,
        missed_by=max((one.missed_by or 0 for one in groups), default=None),
        groups=groups,
    )


def of_people(
    code: str, people: Iterable[UUID], judge: Callable[[UUID], Missed | bool | None], bounds: Bounds, source: str
) -> Finding:
    """Of each person: `judge` says how they miss it, that they do not (True), or that it cannot be said (None)."""
    missed, unknown = [], []
    for one in people:
        said = judge(one)
        if said is None:
            unknown.append(one)
        elif isinstance(said, Missed):
            missed.append(said)
    return Finding(
        code=code,
        what=code,
        holds=False if missed else None if unknown else True,
        source=source,
        limit_min=bounds.min,
        limit_max=bounds.max,
        missed_by=max((one.missed_by for one in missed if one.missed_by is not None), default=None),
        people=missed,
        unknown=unknown,
    )
