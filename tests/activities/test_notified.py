"""What trainers hear on Mondays: how many reports came, and which translations are behind."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests import make
from tests.activities.translating.translated import ANY, World, edit, texts, world
from tests.client import TestApp
from tests.told import bodies, due, last_about, named, occurrences, people_told, tellings
from yema.accounts.tables import Staff
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.weekly import week_of
from yema.activities.notified import kinds
from yema.activities.tables import Activity, Pack, RunReport
from yema.changes import SpaceKey, transaction
from yema.changes.notified import NotificationKind, Settled, Telling, since_the_first
from yema.changes.tables import Outbox
from yema.ids import now, uuid7

RUNS, STALE = named(kinds, "run_reports"), named(kinds, "stale_translations")
WEEK = timedelta(days=7)

Change = Callable[..., Awaitable[None]]


async def run(app: TestApp, activity: UUID) -> tuple[UUID, UUID]:
    """A leader says how it went; (slot, leader)."""
    exchange = await make.exchange()
    leader = await make.leader(exchange, name="Marzena Kanarek")
    slot = await make.slot(exchange, activity=activity)
    said = {"minutes": 50, "group_size": 20, "change": "Less paper"}
    answer = await (await app.as_(leader)).put(f"/slots/{slot}/run", json=said)
    assert answer.status_code == 201, answer.text
    return slot, leader


async def library() -> tuple[UUID, UUID, UUID]:
    """(pack, an activity of it, its trainer)."""
    organisation = await make.organisation()
    pack = await make.small_pack(organisation=organisation)
    rows = await Activity.select(Activity.id).where(Activity.pack == pack).order_by(Activity.position)
    return pack, rows[0]["id"], await make.staff(organisation)


async def told_in(activity: UUID, week: datetime) -> None:
    """A report that was told in that week."""
    who = await make.person()
    row = RunReport(
        id=uuid7(),
        activity=activity,
        slot=uuid7(),
        by=who,
        minutes=9,
        group_size=9,
        change="",
        locale="en",
        told_at=week,
    )
    async with transaction() as tx:
        await RunReport.insert(row)
        tx.touched(SpaceKey("person", who), "run_report", row.slot)


async def test_the_reports_of_a_week_are_one_telling_when_it_is_over(app: TestApp) -> None:
    _, activity, trainer = await library()
    for _ in range(3):
        await run(app, activity)

    [told] = await tellings(RUNS)

    rows = await Outbox.select(Outbox.not_before, Outbox.expires_at).where(Outbox.event == "run_told")
    assert rows == [{"not_before": week_of(now()) + WEEK, "expires_at": week_of(now()) + 2 * WEEK}]
    assert isinstance(told, Telling)
    assert (told.people, await bodies(RUNS, told.about, trainer)) == ([trainer], ["3 new reports"])


async def test_the_outbox_knows_neither_slot_nor_leader_of_a_report(app: TestApp) -> None:
    pack, activity, _ = await library()
    slot, leader = await run(app, activity)

    [row] = await Outbox.select(Outbox.dedupe_key, Outbox.about).where(Outbox.event == "run_told")

    assert [str(one) in f"{row}" for one in (pack, activity, slot, leader)] == [True, False, False, False]


async def test_what_is_told_anew_is_no_new_report(app: TestApp) -> None:
    _, activity, _ = await library()
    slot, leader = await run(app, activity)
    async with transaction():
        await Outbox.delete().where(Outbox.event == "run_told")

    said = {"minutes": 60, "group_size": 20}
    again = await (await app.as_(leader)).put(f"/slots/{slot}/run", json=said, headers=ANY)

    assert (again.status_code, await occurrences(RUNS)) == (200, [])


async def test_a_report_that_was_taken_back_is_not_counted(app: TestApp) -> None:
    _, activity, trainer = await library()
    slot, leader = await run(app, activity)
    about = await last_about(RUNS)
    before = await bodies(RUNS, about, trainer)

    await (await app.as_(leader)).delete(f"/slots/{slot}/run")

    assert (before, await bodies(RUNS, about, trainer)) == (["1 new report"], [None])


async def test_only_whole_weeks_are_counted_and_those_nobody_looked_at_together(app: TestApp) -> None:
    pack, activity, trainer = await library()
    monday = datetime(2027, 7, 12, tzinfo=UTC)
    for weeks, reports in ((-1, 1), (0, 2), (1, 4), (2, 8)):
        for _ in range(reports):
            await told_in(activity, monday + weeks * WEEK)
    first, second = (
        {"pack": str(pack), "since": week.isoformat(), "until": week.isoformat()} for week in (monday, monday + WEEK)
    )

    seen = [await bodies(RUNS, about, trainer) for about in (first, second, since_the_first(first, second))]

    assert seen == [["2 new reports"], ["4 new reports"], ["6 new reports"]]


@pytest.mark.parametrize("kind", [RUNS, STALE], ids=["runs", "stale"])
async def test_trainers_and_admins_of_the_packs_organisation_are_told(app: TestApp, kind: NotificationKind) -> None:
    here = await world()
    [row] = await Pack.select(Pack.organisation).where(Pack.id == here.pack)
    admin, coordinator = [await make.staff(row["organisation"], role) for role in ("admin", "coordinator")]
    elsewhere, suspended = await make.staff(await make.organisation()), await make.staff(row["organisation"])
    await make.suspend(suspended)
    await publish_pack(here.pack)
    await run(app, here.activity)
    await edit(await app.as_(here.trainer), here, "Sit down.")

    people = [here.trainer, admin, coordinator, elsewhere, suspended]
    about = await last_about(kind)
    said = await bodies(kind, about, *people)

    assert await people_told(kind) == {here.trainer, admin}
    assert [bool(one) for one in said] == [True, True, False, False, False]


async def test_whoever_has_stopped_working_there_reads_nothing(app: TestApp) -> None:
    here = await world()
    await edit(await app.as_(here.trainer), here, "Sit down.")
    about = await last_about(STALE)
    before = await bodies(STALE, about, here.trainer)

    async with transaction():
        await Staff.delete().where(Staff.person == here.trainer)

    assert (before, await bodies(STALE, about, here.trainer)) == (
        ["1 translation is older than its text."],
        [None],
    )


async def change_step(app: TestApp, here: World, *, minor: bool = False) -> None:
    await edit(await app.as_(here.trainer), here, "Sit down.", minor=minor)


async def change_activity(app: TestApp, here: World, *, minor: bool = False) -> None:
    client = await app.as_(here.trainer)
    read = (await client.get(f"/activities/{here.activity}", params={"view": "workshop"})).json()
    blocks = [{k: v for k, v in block.items() if k in ("key", "kind", "text", "minutes")} for block in read["blocks"]]
    changed = [{**block, "text": "Sit down."} if block["key"] == "step-1" else block for block in blocks]
    answer = await client.patch(f"/activities/{here.activity}", json={"blocks": changed, "minor": minor}, headers=ANY)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("change", [change_step, change_activity])
@pytest.mark.parametrize("minor", [False, True])
async def test_what_is_changed_is_told_on_monday_unless_it_is_minor(app: TestApp, change: Change, minor: bool) -> None:
    here = await world()

    for _ in range(2):
        await change(app, here, minor=minor)

    assert await due() == [] if minor else [week_of(now()) + WEEK]


async def test_the_packs_own_words_count_too(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    await client.patch(f"/packs/{here.pack}", json={"texts": {"title": "Rivers", "summary": "New"}}, headers=ANY)

    assert [one.event for one in await occurrences(STALE)] == ["source_changed"]


async def test_a_published_version_is_looked_at(app: TestApp) -> None:
    here = await world()

    await publish_pack(here.pack)

    assert [one.event for one in await occurrences(STALE)] == ["source_changed"]


async def test_what_was_translated_within_the_week_is_not_told(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    await edit(client, here, "Sit down.")
    about = await last_about(STALE)

    await client.put(texts(here), json={"texts": {str(here.block("step-1")): "Hinsetzen."}}, headers=ANY)

    assert await bodies(STALE, about, here.trainer) == [None]
    assert await tellings(STALE) == [Settled([f"stale:{here.pack}"])]


async def test_each_text_in_each_language_is_one(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)
    for locale in ("pl", "uk"):
        await client.put(texts(here, locale), json={"texts": {str(here.block("step-1")): "Raz"}}, headers=ANY)
    await edit(client, here, "Sit down.")
    await client.put(texts(here, "pl"), json={"texts": {str(here.block("step-1")): "Dwa"}}, headers=ANY)

    said = await bodies(STALE, await last_about(STALE), here.trainer)

    assert said == ["2 translations are older than their texts."]


@pytest.mark.parametrize("kind", kinds, ids=[kind.name for kind in kinds])
def test_it_comes_by_mail_on_mondays_unless_somebody_wants_it_otherwise(kind: NotificationKind) -> None:
    assert (kind.push, kind.email, kind.certain) == ("off", "weekly", False)
