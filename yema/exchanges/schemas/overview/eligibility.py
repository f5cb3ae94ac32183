"""Whether an exchange keeps the rules of its programme, on the wire."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.shapes import View


class MissedPersonView(View):
    """Somebody for whom a rule does not hold, or for whom it cannot be said. `missed_by` is in the rule's unit: years, or days."""

    person: UUID
    display_name: str
    value: float | UnsetType = UNSET
    missed_by: float | UnsetType = UNSET


class MissedGroupView(View):
    """A group for which a rule does not hold; without a `value` where there is nothing to divide by."""

    group: UUID
    name: str
    missed_by: float
    value: float | UnsetType = UNSET


class RuleView(View):
    """One rule: `title` says what it asks, `detail` what is the matter, both in the reader's language; `source` where it stands.

    Without `holds`, it cannot be said. `value` is the number that was judged, of groups that of the worst; `missed_by` is by how much the
    limit is missed at the worst place. `people` and `unknown` name people whom the reader may know this of: all for coordinators, the own
    group for its leaders. `people_count` and `unknown_count` count all.
    """

    code: str
    title: str
    detail: str
    source: str
    holds: bool | UnsetType = UNSET
    value: float | UnsetType = UNSET
    limit_min: float | UnsetType = UNSET
    limit_max: float | UnsetType = UNSET
    missed_by: float | UnsetType = UNSET
    people_count: int | UnsetType = UNSET
    people: list[MissedPersonView] | UnsetType = UNSET
    groups: list[MissedGroupView] | UnsetType = UNSET
    unknown_count: int | UnsetType = UNSET
    unknown: list[MissedPersonView] | UnsetType = UNSET


class GroupTravelView(View):
    """A group's way. Kilometres are great-circle, one way, from its city to the main venue; without `band` it is under 10 km, or not known.

    `green`: the main part goes by low-emission modes, there and back; without it, it cannot be said, because the group has no legs or
    those in `no_distance` do not say how long they are. `travel_days_funded` is the most that the programme pays for each person.
    """

    group: UUID
    name: str
    travel_days_funded: int
    distance_km: int | UnsetType = UNSET
    band: str | UnsetType = UNSET
    green: bool | UnsetType = UNSET
    no_distance: list[UUID] | UnsetType = UNSET


class EligibilityView(View):
    """All rules of the call. `rules_of` is another year than `call_year` where that has no rules of its own yet.

    Without `holds`, no rule is broken, and not everything can be said.
    """

    call_year: int
    rules_of: int
    rules: list[RuleView]
    travel: list[GroupTravelView]
    holds: bool | UnsetType = UNSET
