"""Warnings over HTTP: for leaders, and with no more of the minors than they may know."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.accounts.tables import Person
from yema.changes import SpaceKey, transaction
from yema.exchanges.schemas.overview.warnings import WarningsView, WarningView


async def warnings(app: TestApp, who: UUID, w: World, **headers: Any) -> list[WarningView]:
    answer = await (await app.as_(who)).get(f"/exchanges/{w.exchange}/warnings", headers=headers)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=WarningsView).items


async def test_leaders_are_warned_of_a_venue_that_is_taken_twice(app: TestApp) -> None:
    w = await world()
    lawn = await make.venue(w.exchange)
    one = await make.slot(w.exchange, "10:00-11:00", venue=lawn, groups=(w.group,), responsible=(w.leader,))
    other = await make.slot(w.exchange, "10:30-11:30", venue=lawn, groups=(w.group2,), responsible=(w.leader2,))

    assert await warnings(app, w.leader, w) == [
        WarningView(
            code="venue_taken",
            detail="Lawn is taken twice: “Workshop” and “Workshop”. Wed, Jul 14, 10:30.",
            slots=[one, other],
            people=[],
            venue=lawn,
            day=make.DAY,
        )
    ]


async def test_a_slot_with_a_warning_is_planned_all_the_same(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    body = make.draft(starts_at="2030-01-01T10:00:00Z", ends_at="2030-01-01T11:00:00Z")

    answer = await leader.post(f"/exchanges/{w.exchange}/slots", json=body)

    assert answer.status_code == 201
    assert [one.code for one in await warnings(app, w.leader, w)] == ["nobody_responsible", "outside_exchange"]


async def test_a_plan_without_faults_has_no_warnings(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange, responsible=(w.leader,))

    answer = await (await app.as_(w.coordinator)).get(f"/exchanges/{w.exchange}/warnings")

    assert answer.json() == {"items": []}


async def test_a_cancelled_slot_is_warned_of_no_more(app: TestApp) -> None:
    w = await world()
    slot = await make.slot(w.exchange, day=date(2030, 1, 1), responsible=(w.leader,))
    assert len(await warnings(app, w.leader, w)) == 1

    await (await app.as_(w.leader)).delete(f"/slots/{slot}", headers={"If-Match": "*"})

    assert await warnings(app, w.leader, w) == []


async def test_participants_are_not_warned(app: TestApp) -> None:
    w = await world()

    answer = await (await app.as_(w.participant)).get(f"/exchanges/{w.exchange}/warnings")

    assert (answer.status_code, answer.json()["code"]) == (403, "leaders_only")


async def test_who_is_under_age_is_told_to_their_own_leader_and_to_coordinators(app: TestApp) -> None:
    w = await world()
    await born("2011-03", w.participant)
    await make.slot(w.exchange, people=(w.participant, w.participant2), responsible=(w.leader2,))

    told = await told_of_minors(app, w)

    knows = [([w.group], [w.participant])]
    assert told == {w.leader: knows, w.coordinator: knows, w.leader2: [], w.facilitator: []}


async def test_that_three_of_a_group_are_alone_is_told_to_all_who_lead_without_their_names(app: TestApp) -> None:
    w = await world()
    three = sorted([w.participant, w.groupmate, await make.participant(w.exchange, w.group)])
    await born("2011-03", *three)
    await make.slot(w.exchange, people=tuple(three), responsible=(w.leader2,))

    told = await told_of_minors(app, w)

    knows = [([w.group], three)]
    hears: list[tuple[list[UUID], list[UUID]]] = [([w.group], [])]
    assert told == {w.leader: knows, w.coordinator: knows, w.leader2: hears, w.facilitator: hears}


async def born(month: str, *people: UUID) -> None:
    async with transaction() as tx:
        await Person.update({Person.born: month}).where(Person.id.is_in([*people]))
        for person in people:
            tx.touched(SpaceKey("person", person), "me", person)


async def told_of_minors(app: TestApp, w: World) -> dict[UUID, Any]:
    """Groups and people of each warning of minors, for each who leads."""
    return {
        who: [(one.groups, one.people) for one in await warnings(app, who, w) if one.code == "minors_without_adult"]
        for who in (w.leader, w.coordinator, w.leader2, w.facilitator)
    }
