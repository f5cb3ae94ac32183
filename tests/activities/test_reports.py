"""What trainers read of how their activities went."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from yema.activities.actions.weekly import week_of
from yema.activities.tables import Activity, Pack, RunReport
from yema.changes import SpaceKey, transaction
from yema.ids import uuid7

JSON = dict[str, Any]


class Library(NamedTuple):
    """An organisation with a pack, two of its activities, and its trainer."""

    organisation: UUID
    pack: UUID
    activity: UUID
    other: UUID
    trainer: httpx.AsyncClient


@pytest.fixture
async def library(app: TestApp) -> Library:
    organisation = await make.organisation()
    pack = await make.small_pack(organisation=organisation)
    rows = await Activity.select(Activity.id).where(Activity.pack == pack).order_by(Activity.position)
    trainer = await app.as_(await make.staff(organisation))
    return Library(organisation, pack, rows[0]["id"], rows[1]["id"], trainer)


async def told(app: TestApp, activity: UUID, minutes: int = 50, size: int = 20, change: str = "", **who: Any) -> JSON:
    """A leader of another exchange says how it went; what the leader sees."""
    exchange = await make.exchange()
    leader = await app.as_(await make.leader(exchange, **who))
    slot = await make.slot(exchange, activity=activity)
    said = {"minutes": minutes, "group_size": size, "change": change, "locale": "en"}
    answer = await leader.put(f"/slots/{slot}/run", json=said)
    assert answer.status_code == 201, answer.text
    view: JSON = answer.json()
    return view


def runs(activity: UUID) -> str:
    return f"/activities/{activity}/runs"


def monday() -> str:
    today = datetime.now(UTC).date()
    return (today - timedelta(today.weekday())).isoformat()


async def planned(activity: UUID, what: str) -> JSON:
    least, most = getattr(Activity, f"{what}_min"), getattr(Activity, f"{what}_max")
    [row] = await Activity.select(least.as_alias("planned_min"), most.as_alias("planned_max")).where(
        Activity.id == activity
    )
    return dict(row)


async def test_a_trainer_reads_how_it_went_without_a_name(app: TestApp, library: Library) -> None:
    said = await told(app, library.activity, 50, 24, "More paper", name="Marzena Kanarek")

    answer = await library.trainer.get(runs(library.activity))

    item = {"minutes": 50, "group_size": 24, "change": "More paper", "locale": "en", "told_on": monday(), "version": 1}
    assert (answer.status_code, answer.json()["items"]) == (200, [item])
    assert [word in answer.text for word in ("Marzena", said["slot"])] == [False, False]


async def test_the_numbers_of_all_runs_stand_beside_the_plan(app: TestApp, library: Library) -> None:
    for minutes, size in ((40, 12), (70, 20), (50, 30), (90, 31)):
        await told(app, library.activity, minutes, size)
    await told(app, library.other, 5, 5)

    seen = (await library.trainer.get(runs(library.activity))).json()

    assert (seen["count"], len(seen["items"])) == (4, 4)
    assert seen["minutes"] == {
        **await planned(library.activity, "minutes"), "median": 60.0, "least": 40, "most": 90,
    }  # fmt: skip
    assert seen["group_size"] == {
        **await planned(library.activity, "group_size"), "median": 25.0, "least": 12, "most": 31,
    }  # fmt: skip


async def test_without_a_report_there_is_only_the_plan(library: Library) -> None:
    seen = (await library.trainer.get(runs(library.activity))).json()

    assert seen == {
        "count": 0,
        "minutes": await planned(library.activity, "minutes"),
        "group_size": await planned(library.activity, "group_size"),
        "items": [],
    }


async def test_a_pack_shows_the_numbers_of_each_activity_in_its_order(app: TestApp, library: Library) -> None:
    for minutes in (40, 50, 90):
        await told(app, library.other, minutes, 20)

    items = (await library.trainer.get(f"/packs/{library.pack}/runs")).json()["items"]

    order = await Activity.select(Activity.slug).where(Activity.pack == library.pack).order_by(Activity.position)
    assert [item["slug"] for item in items] == [row["slug"] for row in order]
    assert [item["count"] for item in items[:3]] == [0, 3, 0]
    assert (items[1]["activity"], items[1]["minutes"]["median"]) == (str(library.other), 50.0)
    assert "items" not in items[1]


@pytest.mark.parametrize(
    ("role", "status"), [("trainer", 200), ("coordinator", 200), ("admin", 200), ("reader", 404), (None, 404)]
)
async def test_who_reads_how_it_went(app: TestApp, library: Library, role: str | None, status: int) -> None:
    said = await told(app, library.activity)
    person = await make.person() if role is None else await make.staff(library.organisation, role)
    client = await app.as_(person)

    answers = [await client.get(path) for path in (runs(library.activity), f"/packs/{library.pack}/runs")]

    assert (said["version"], [answer.status_code for answer in answers]) == (1, [status] * 2)


async def test_the_trainers_of_another_organisation_and_who_told_it_read_nothing(
    app: TestApp, library: Library
) -> None:
    exchange = await make.exchange()
    leader = await make.leader(exchange)
    slot = await make.slot(exchange, activity=library.activity)
    await (await app.as_(leader)).put(f"/slots/{slot}/run", json={"minutes": 50, "group_size": 20})

    people = [leader, await make.staff(await make.organisation())]
    answers = [await (await app.as_(person)).get(runs(library.activity)) for person in people]
    nothing = await library.trainer.get(runs(uuid7()))

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {**answers[0].json(), "request_id": ""} == {**nothing.json(), "request_id": ""}


async def test_without_a_token_nothing_is_read(app: TestApp, library: Library) -> None:
    assert (await app.anybody.get(runs(library.activity))).status_code == 401


async def test_nobody_collects_reports_on_a_pack_without_an_organisation(app: TestApp, library: Library) -> None:
    async with transaction() as tx:
        await Pack.update({Pack.organisation: None}).where(Pack.id == library.pack)
        tx.touched(SpaceKey("library", UUID(int=0)), "pack", library.pack)
    await told(app, library.activity)

    assert (await library.trainer.get(runs(library.activity))).status_code == 404


async def weeks(activity: UUID, *ages: int) -> None:
    """Reports of so many weeks ago, told in this order."""
    who, now = await make.person(), datetime.now(UTC)
    rows = [
        RunReport(
            id=UUID(int=10**30 + (6, 1, 4, 0, 3, 5, 2)[place]),
            activity=activity,
            slot=uuid7(),
            by=who,
            minutes=10 + place,
            group_size=20,
            change="",
            locale="en",
            told_at=week_of(now - timedelta(weeks=age)),
        )
        for place, age in enumerate(ages)
    ]
    async with transaction() as tx:
        await RunReport.insert(*rows)
        tx.touched(SpaceKey("person", who), "run_report", rows[0].slot)


async def test_the_newest_week_comes_first_and_within_it_no_order_tells_who_came_when(library: Library) -> None:
    await weeks(library.activity, 0, 2, 0, 1, 0)

    items = (await library.trainer.get(runs(library.activity))).json()["items"]

    assert [item["minutes"] - 10 for item in items] == [4, 2, 0, 3, 1]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_hold_each_report_once(library: Library, limit: int) -> None:
    await weeks(library.activity, 0, 2, 0, 1, 0, 2, 2)
    whole = (await library.trainer.get(runs(library.activity))).json()["items"]

    found, query = [], {"limit": str(limit)}
    while "cursor" not in query or query["cursor"]:
        seen = (await library.trainer.get(runs(library.activity), params=query)).json()
        assert seen["count"] == 7
        found += seen["items"]
        query["cursor"] = seen.get("next_cursor", "")

    assert found == whole


@pytest.mark.parametrize("cursor", ["x", "bm90aGluZw", "MjAyNi0xMS0xNiAwMTIz"])
async def test_a_cursor_that_is_not_ours_is_refused(library: Library, cursor: str) -> None:
    answer = await library.trainer.get(f"{runs(library.activity)}?cursor={cursor}")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_cursor")


async def test_nothing_that_is_kept_says_when_in_the_week_it_was_told(app: TestApp, library: Library) -> None:
    await told(app, library.activity)

    [row] = await RunReport.select(RunReport.id, RunReport.told_at)

    assert (row["id"].version, row["told_at"].isoformat()) == (4, f"{monday()}T00:00:00+00:00")


async def test_what_is_told_anew_stays_in_its_place(app: TestApp, library: Library) -> None:
    exchange = await make.exchange()
    leader = await app.as_(await make.leader(exchange))
    slot = await make.slot(exchange, activity=library.activity)
    said = {"minutes": 50, "group_size": 20, "change": "More paper"}
    await leader.put(f"/slots/{slot}/run", json=said)
    [before] = await RunReport.select(RunReport.id, RunReport.told_at)

    await leader.put(f"/slots/{slot}/run", json={**said, "change": "Less"}, headers={"if-match": '"1"'})

    [after] = await RunReport.select(RunReport.id, RunReport.told_at)
    seen = (await library.trainer.get(runs(library.activity))).json()
    assert (after, seen["count"], seen["items"][0]["change"]) == (before, 1, "Less")
