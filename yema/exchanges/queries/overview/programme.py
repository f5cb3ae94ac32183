"""What the programme asks of an exchange, and what is reported to it."""

from collections.abc import Iterable
from typing import Any

from msgspec import UNSET, UnsetType

from yema.accounts.signed_in import SignedIn
from yema.exchanges.programme.eligibility import eligibility
from yema.exchanges.programme.findings import Finding, Missed
from yema.exchanges.programme.mobilities import Row, mobilities
from yema.exchanges.programme.travel import GroupTravel
from yema.exchanges.programme.words import detail_of, source_of, title_of
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import exchange_without_plan
from yema.exchanges.schemas.overview.eligibility import (
    EligibilityView,
    GroupTravelView,
    MissedGroupView,
    MissedPersonView,
    RuleView,
)
from yema.exchanges.whole import WholeExchange
from yema.shapes import present


async def eligibility_of(membership: Membership, reader: SignedIn) -> EligibilityView:
    """Every rule, in the reader's language. People are named only to those who act for their group."""
    whole = await exchange_without_plan(membership)
    found = eligibility(whole)
    return EligibilityView(
        call_year=found.call_year,
        rules_of=found.rules_of,
        holds=present(found.holds),
        rules=[_rule(finding, whole, membership, reader) for finding in found.findings],
        travel=[_travel(way, whole) for way in found.travel.values()],
    )


async def mobilities_of(membership: Membership) -> list[Row]:
    """A row for each participant, leader and facilitator, with their names: for coordinators."""
    return mobilities(await exchange_without_plan(membership))


def _rule(finding: Finding, whole: WholeExchange, membership: Membership, reader: SignedIn) -> RuleView:
    unknown = [Missed(one, None, None) for one in finding.unknown]
    numbers: dict[str, Any] = {
        field: present(getattr(finding, field)) for field in ("holds", "value", "limit_min", "limit_max", "missed_by")
    }
    return RuleView(
        code=finding.code,
        title=title_of(finding, reader.wanted),
        detail=detail_of(finding, reader.wanted),
        source=source_of(finding, reader.wanted),
        **numbers,
        people_count=len(finding.people) or UNSET,
        people=_named(finding.people, whole, membership),
        groups=[_group(one, whole) for one in finding.groups] or UNSET,
        unknown_count=len(unknown) or UNSET,
        unknown=_named(unknown, whole, membership),
    )


def _named(
    missed: Iterable[Missed], whole: WholeExchange, membership: Membership
) -> list[MissedPersonView] | UnsetType:
    """Those of whom this member may know it; whose age and papers they are is for their own leaders and coordinators."""
    return [
        MissedPersonView(
            person=one.who,
            display_name=whole.people[one.who].name,
            value=present(one.value),
            missed_by=present(one.missed_by),
        )
        for one in missed
        if membership.acts_for(whole.people[one.who].group)
    ] or UNSET


def _group(one: Missed, whole: WholeExchange) -> MissedGroupView:
    return MissedGroupView(
        group=one.who, name=whole.parties[one.who].name, value=present(one.value), missed_by=one.missed_by or 0
    )


def _travel(way: GroupTravel, whole: WholeExchange) -> GroupTravelView:
    return GroupTravelView(
        group=way.group,
        name=whole.parties[way.group].name,
        distance_km=present(way.distance_km),
        band=present(way.band),
        green=present(way.green),
        travel_days_funded=way.travel_days,
        no_distance=way.no_distance or UNSET,
    )
