"""What a national agency asks beyond the programme's rules: `Exchange.ceilings`, a number for each name.

A name is what is measured, and `_min` or `_max`: `participants_per_leader_max` of 4 is a leader for every four participants of a group at
least, `participants_per_leader_min` of 4 is one at most. A name that is none of these is said to be not understood.
"""

from collections.abc import Mapping
from uuid import UUID

from msgspec.structs import replace

from yema.exchanges.programme.calls import Bounds
from yema.exchanges.programme.counts import in_all, in_each_group
from yema.exchanges.programme.findings import Finding, Missed, of_groups, of_number
from yema.exchanges.whole import WholeExchange

_RATIO = "participants_per_leader"
PREFIX = "agency_"
NOT_UNDERSTOOD = "ceiling"
"""What such a finding is about (`Finding.what`)."""


def of_ceilings(whole: WholeExchange) -> list[Finding]:
    """A finding for each, in the order of names; their codes are `agency_` and the name, so that they are nobody else's."""
    findings = [_of_ceiling(whole, name, limit) for name, limit in sorted(whole.ceilings.items())]
    return [replace(one, code=f"{PREFIX}{one.code}") for one in findings]


def _of_ceiling(whole: WholeExchange, name: str, limit: float) -> Finding:
    measure, _, bound = name.rpartition("_")
    if bound not in ("min", "max"):
        return _not_understood(name)
    bounds = Bounds("", **{bound: limit})
    if measure in (counted := in_all(whole)):
        return of_number(name, counted[measure], bounds, None, measure)
    participants, leaders = in_each_group(whole, "participant"), in_each_group(whole, "leader")
    if measure == "participants_per_group":
        return of_groups(name, participants, bounds, None, "group_participants")
    if measure == "leaders_per_group":
        return of_groups(name, leaders, bounds, None, "group_leaders")
    if measure == _RATIO:
        return _of_ratio(name, participants, leaders, bounds)
    return _not_understood(name)


def _of_ratio(name: str, participants: Mapping[UUID, float], leaders: Mapping[UUID, float], bounds: Bounds) -> Finding:
    """Without any leader, all participants of a group are too many for a greatest ratio, and no leader is too many for a least one."""
    ratios = {group: round(participants[group] / leaders[group], 2) for group in leaders if leaders[group]}
    found = of_groups(name, ratios, bounds, None, _RATIO)
    alone = [Missed(group, None, participants[group]) for group in leaders if participants[group] > leaders[group] == 0]
    if bounds.max is None or not alone:
        return found
    return Finding(
        code=name,
        what=_RATIO,
        holds=False,
        source=None,
        value=found.value,
        limit_max=bounds.max,
        missed_by=max([found.missed_by or 0, *(one.missed_by or 0 for one in alone)]),
        groups=[*found.groups, *alone],
    )


def _not_understood(name: str) -> Finding:
    return Finding(code=name, what=NOT_UNDERSTOOD, holds=None, source=None)
