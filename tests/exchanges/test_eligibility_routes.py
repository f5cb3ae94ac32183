"""Eligibility over HTTP: for leaders, and with no more of the minors than they may know."""

from typing import Any
from uuid import UUID

import msgspec

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.accounts.tables import Person
from yema.changes import SpaceKey, transaction
from yema.exchanges.schemas.overview.eligibility import EligibilityView, RuleView
from yema.exchanges.tables.exchange import Exchange


async def eligibility(app: TestApp, who: UUID, w: World, **headers: str) -> EligibilityView:
    answer = await (await app.as_(who)).get(f"/exchanges/{w.exchange}/eligibility", headers=headers)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=EligibilityView)


def rule(view: EligibilityView, code: str) -> RuleView:
    [found] = [one for one in view.rules if one.code == code]
    return found


async def born(month: str, *people: UUID) -> None:
    async with transaction() as tx:
        await Person.update({Person.born: month}).where(Person.id.is_in(list(people)))
        for one in people:
            tx.touched(SpaceKey("person", one), "me", one)


async def test_leaders_read_which_rules_hold_and_by_how_much_they_are_missed(app: TestApp) -> None:
    w = await world()

    view = await eligibility(app, w.leader, w)

    missed = {one.code: one.missed_by for one in view.rules if one.holds is False}
    assert (view.holds, view.call_year, view.rules_of, missed) == (
        False,
        2027,
        2027,
        {"participants": 13, "group_participants": 3},
    )


async def test_a_rule_names_its_source_and_speaks_the_readers_language(app: TestApp) -> None:
    w = await world()

    found = rule(await eligibility(app, w.leader, w), "days")

    assert (found.title, found.detail, found.source, found.value) == (
        "Days, without travel days: 5 to 21",
        "This rule holds.",
        "Erasmus+ Programme Guide 2027, part B, key action 1, “Youth exchanges”. Duration of activity, without travel days",
        8,
    )


async def test_leaders_read_names_of_their_own_group_and_numbers_of_all(app: TestApp) -> None:
    w = await world()
    await born("2015-01", w.participant, w.participant2)

    views = [await eligibility(app, who, w) for who in (w.leader, w.leader2, w.facilitator, w.coordinator)]

    found = [rule(view, code) for view in views for code in ("participants_age", "guardians")]
    named = [[one.person for one in rule.people or []] for rule in found]
    assert ([one.people_count for one in found], named) == (
        [2] * 8,
        [
            *[[w.participant]] * 2,
            *[[w.participant2]] * 2,
            *[[]] * 2,
            *[[w.participant, w.participant2]] * 2,
        ],
    )


async def test_whose_age_is_not_known_is_named_to_their_own_leaders(app: TestApp) -> None:
    w = await world()
    await born("2005-01", w.participant)

    found = rule(await eligibility(app, w.leader, w), "participants_age")

    assert (found.holds, found.unknown_count, [one.person for one in found.unknown or []]) == (
        msgspec.UNSET,
        2,
        [w.groupmate],
    )


async def test_travel_is_said_for_each_group(app: TestApp) -> None:
    w = await world()

    view = await eligibility(app, w.leader, w)

    assert [(one.group, one.band, one.travel_days_funded) for one in view.travel] == [
        (w.group2, msgspec.UNSET, 2),
        (w.group, msgspec.UNSET, 2),
    ]


async def test_what_an_agency_asks_is_in_the_answer(app: TestApp) -> None:
    w = await world()
    async with transaction() as tx:
        await Exchange.update({Exchange.ceilings: '{"participants_per_leader_max": 1, "dogs_max": 0}'}).where(
            Exchange.id == w.exchange
        )
        tx.touched(SpaceKey("exchange", w.exchange), "exchange", w.exchange)

    view = await eligibility(app, w.coordinator, w)

    found: dict[str, Any] = {one.code: (one.holds, one.source) for one in view.rules if one.code.startswith("agency_")}
    agency = "Added by the national agency of this project"
    assert found == {
        "agency_dogs_max": (msgspec.UNSET, agency),
        "agency_participants_per_leader_max": (False, agency),
    }


async def test_who_waits_or_left_is_not_counted(app: TestApp) -> None:
    w = await world()
    await make.participant(w.exchange, w.group, state="pending")

    assert rule(await eligibility(app, w.leader, w), "participants").value == 3
