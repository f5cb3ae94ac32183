"""Who changed what in the plan."""

from datetime import datetime
from typing import Any

from tests import make
from tests.client import TestApp
from tests.exchanges.plans import planning
from yema.accounts.tables import Person
from yema.changes import SpaceKey, transaction
from yema.exchanges.actions.plan.history import record, record_all
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.tables.plan import PlanChange


def said(change: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {field["field"]: (field.get("before"), field.get("after")) for field in change["fields"]}


async def test_every_change_of_a_slot_says_what_was_different_and_who_did_it(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot(responsible=[str(plan.world.leader)])
    venue = str(await make.venue(plan.world.exchange))
    await plan.move(slot, "15:00-16:00")
    await plan.change(slot, venue=venue)
    await plan.change(slot, kind="meal", responsible=[])
    await plan.cancel(slot)

    found = (await plan.history(slot))["items"]

    assert [(one["what"], said(one)) for one in found] == [
        ("cancelled", {"state": ("planned", "cancelled")}),
        ("changed", {"kind": ("activity", "meal"), "responsible": ([str(plan.world.leader)], [])}),
        ("moved", {"venue": (None, venue)}),
        (
            "moved",
            {
                "starts_at": ("2027-07-14T10:00:00+02:00", "2027-07-14T15:00:00+02:00"),
                "ends_at": ("2027-07-14T11:00:00+02:00", "2027-07-14T16:00:00+02:00"),
            },
        ),
        (
            "scheduled",
            {
                "title": (None, "Workshop"),
                "kind": (None, "activity"),
                "starts_at": (None, "2027-07-14T10:00:00+02:00"),
                "ends_at": (None, "2027-07-14T11:00:00+02:00"),
                "zone": (None, "Europe/Warsaw"),
                "audience": (None, {"kind": "all"}),
                "responsible": (None, [str(plan.world.leader)]),
            },
        ),
    ]
    assert {(one["slot"], one["by"], one["title"]) for one in found} == {(slot, str(plan.world.leader), "Workshop")}
    assert [datetime.fromisoformat(one["at"]) for one in found] == sorted(
        (datetime.fromisoformat(one["at"]) for one in found), reverse=True
    )


async def test_a_change_that_changes_nothing_is_not_written_down(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()

    await plan.change(slot, title="Workshop", kind="activity", starts_at=make.instants("10:00-11:00")[0].isoformat())

    assert [one["what"] for one in (await plan.history(slot))["items"]] == ["scheduled"]


async def test_a_title_is_told_in_the_language_in_which_it_is_different(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()

    await plan.change(slot, title="Warsztat", locale="pl")
    await plan.change(slot, title="Atelier", locale="pl")

    found = (await plan.history(slot))["items"]
    assert [one["fields"] for one in found[:2]] == [
        [{"field": "title", "before": "Warsztat", "after": "Atelier", "locale": "pl"}],
        [{"field": "title", "after": "Warsztat", "locale": "pl"}],
    ]


async def test_a_change_of_many_is_written_down_for_each(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot(repeat={"until": "2027-07-16"})

    await plan.leader.patch(f"/slots/{slot}", json={"kind": "meal"}, params={"scope": "all"}, headers={"If-Match": "*"})
    await plan.leader.delete(f"/slots/{slot}", params={"scope": "all"}, headers={"If-Match": "*"})

    found = (await plan.history())["items"]
    assert [one["what"] for one in found] == ["cancelled"] * 3 + ["changed"] * 3 + ["scheduled"] * 3


async def test_the_history_of_the_plan_comes_a_page_at_a_time(app: TestApp) -> None:
    plan = await planning(app)
    slots = [await plan.slot() for _ in range(3)]

    first = await plan.history(limit="2")
    rest = await plan.history(limit="2", cursor=first["next_cursor"])

    shown = [[one["slot"] for one in page["items"]] for page in (first, rest)]
    assert (shown, "next_cursor" in rest) == ([[slots[2], slots[1]], [slots[0]]], False)


async def test_who_was_erased_has_no_name_in_the_history(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    async with transaction() as tx:
        await Person.update({Person.display_name: "—"}).where(Person.id == plan.world.leader)
        tx.touched(SpaceKey("person", plan.world.leader), "me", plan.world.leader)

    assert (await plan.history(slot))["items"][0]["by_name"] == "—"


async def test_the_history_of_another_exchange_is_not_shown(app: TestApp) -> None:
    plan = await planning(app)
    await plan.slot()
    stranger = await app.as_(plan.world.stranger)
    await stranger.post(f"/exchanges/{plan.world.elsewhere}/slots", json=make.draft())

    found = (await stranger.get(f"/exchanges/{plan.world.elsewhere}/history")).json()

    assert [one["by"] for one in found["items"]] == [str(plan.world.stranger)]


async def test_changes_are_recorded_one_or_many_at_once(app: TestApp) -> None:
    plan = await planning(app)
    await plan.slot()
    [body] = await plan_of(plan.world.exchange)
    by = await make.membership(plan.world.leader, plan.world.exchange)

    async with transaction() as tx:
        await record(tx, by, None, body)
        await record_all(tx, by, [(body, body), (None, body), (None, body)])

    assert await PlanChange.count() == 4
