"""Whether an exchange keeps the rules of its call."""

from uuid import UUID

from msgspec import Struct

from yema.exchanges.programme.calls import Bounds, Call, call_of
from yema.exchanges.programme.ceilings import of_ceilings
from yema.exchanges.programme.counts import in_all, in_each_group
from yema.exchanges.programme.findings import Finding, Missed, of_groups, of_number, of_people
from yema.exchanges.programme.travel import GroupTravel, travel_of
from yema.exchanges.whole import WholeExchange, ages_on


class Eligibility(Struct, frozen=True):
    """What all rules say. `holds` is False where one is broken, and None where none is and not everything can be said."""

    call_year: int
    rules_of: int
    findings: list[Finding]
    travel: dict[UUID, GroupTravel]

    @property
    def holds(self) -> bool | None:
        said = [finding.holds for finding in self.findings]
        return False if False in said else None if None in said else True


def eligibility(whole: WholeExchange) -> Eligibility:
    """By the rules of its call year. An exchange's days are those of its activity: days of travel lie before and after them."""
    year = year_of(whole)
    call = call_of(year)
    travel = travel_of(whole, call.rules)
    findings = [
        _ages(whole, call, "participants_age", "participant", call.rules.participants_age),
        _ages(whole, call, "leaders_age", "leader", call.rules.leaders_age),
        *_numbers(whole, call),
        _guardians(whole, call),
        _travel_days(whole, call, travel),
        *of_ceilings(whole),
    ]
    return Eligibility(year, call.rules_of, findings, travel)


def year_of(whole: WholeExchange) -> int:
    """The call year; where nobody said it, the one in the project number (`2024-1-PL01-…`), or else the year in which it begins."""
    numbered = (whole.project_number or "").partition("-")[0]
    said = int(numbered) if numbered.isascii() and numbered.isdecimal() else None
    return whole.call_year or said or whole.starts_on.year


def _numbers(whole: WholeExchange, call: Call) -> list[Finding]:
    """The rules that count people, groups, countries and days."""
    rules, counted = call.rules, in_all(whole)
    of_all = {
        "participants": rules.participants,
        "groups": rules.groups,
        "countries": rules.countries,
        "days": rules.days,
    }
    participants, leaders = rules.group_participants, rules.group_leaders
    return [
        *(of_number(code, counted[code], bounds, call.source(bounds.section)) for code, bounds in of_all.items()),
        of_groups(
            "group_participants", in_each_group(whole, "participant"), participants, call.source(participants.section)
        ),
        of_groups("group_leaders", in_each_group(whole, "leader"), leaders, call.source(leaders.section)),
    ]


def _ages(whole: WholeExchange, call: Call, code: str, role: str, bounds: Bounds) -> Finding:
    """Only month and year of birth are known; in the month in which somebody gets too old, or old enough, it cannot be said."""

    def judge(who: UUID) -> Missed | bool | None:
        born = whole.people[who].born
        if born is None:
            return None
        youngest, oldest = ages_on(born, whole.starts_on)
        if bounds.min is not None and youngest < bounds.min:
            return Missed(who, oldest, bounds.min - oldest) if oldest < bounds.min else None
        if bounds.max is not None and oldest > bounds.max:
            return Missed(who, youngest, youngest - bounds.max) if youngest > bounds.max else None
        return True

    people = [one.id for one in whole.people.values() if one.role == role]
    return of_people(code, people, judge, bounds, call.source(bounds.section))


def _guardians(whole: WholeExchange, call: Call) -> Finding:
    """For all minors, whatever their part is; whose age is not known counts where they could be one, so leaders do not."""
    rule = call.rules.guardians

    def judge(who: UUID) -> Missed | bool | None:
        one = whole.people[who]
        if one.guardian_authorised:
            return True
        if one.born is None:
            return None if one.role == "participant" else True
        youngest, oldest = ages_on(one.born, whole.starts_on)
        if oldest < rule.under:
            return Missed(who, oldest, None)
        return None if youngest < rule.under else True

    source = call.source(rule.section)
    return of_people("guardians", whole.people, judge, Bounds(rule.section, max=rule.under), source)


def _travel_days(whole: WholeExchange, call: Call, travel: dict[UUID, GroupTravel]) -> Finding:
    """More days than the way of one's group is paid for; while nobody can say how green that is, more than the least is open."""
    rule = call.rules.travel_days

    def judge(who: UUID) -> Missed | bool | None:
        one = whole.people[who]
        way = travel.get(one.group) if one.group else None
        limit = way.travel_days if way else rule.max
        if one.travel_days is None or one.travel_days <= limit:
            return True
        if way and way.green is None and one.travel_days <= rule.max_green:
            return None
        return Missed(who, one.travel_days, one.travel_days - limit)

    bounds = Bounds(rule.section, max=rule.max_green if any(way.green for way in travel.values()) else rule.max)
    return of_people("travel_days", whole.people, judge, bounds, call.source(rule.section))
