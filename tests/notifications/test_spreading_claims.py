"""Taking up what is due: in constant time, however much was told before, and each occurrence by one of several."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from tests import make
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from yema.changes import transaction
from yema.changes.notified import About, NotificationKind, Occurrence, Settled, Telling
from yema.changes.tables import Outbox
from yema.database import Statement, execute, fetch
from yema.database.many import Rows
from yema.ids import uuid7
from yema.notifications.spreading import spread
from yema.notifications.spreading.claiming import CLAIM, DUE, IS_DUE, claim
from yema.notifications.tables import Delivery, Notification
from yema.settings import Settings

DONE, OPEN, OCCURRENCES = 20_000, 20, 30
HOUR = timedelta(hours=1)

_OUTBOX = Rows(
    "outbox",
    id="uuid",
    dedupe_key="text",
    event="text",
    about="json",
    made_at="timestamptz",
    not_before="timestamptz",
    expires_at="timestamptz",
    done_at="timestamptz",
)
_ANALYSE = Statement("ANALYZE")


async def a_busy_summer(now: datetime) -> None:
    """Much that was told, something that is due, and something that is not yet."""
    rows: list[tuple[object, ...]] = []
    for number in range(DONE + 2 * OPEN):
        done = number < DONE
        at = now - timedelta(seconds=number + 1) if number < DONE + OPEN else now + HOUR
        rows.append((uuid7(), str(number), "trial", "{}", at, at, now + HOUR, at if done else None))
    async with transaction():
        await _OUTBOX.insert(rows)
        await execute(_ANALYSE)


async def plan_of(statement: Statement, *args: object) -> str:
    """How the database would carry it out."""
    explained = Statement(f"EXPLAIN QUERY PLAN {statement.sqlite}", postgres=f"EXPLAIN {statement.postgres}")
    return "\n".join(str(row[-1]) for row in await fetch(explained, *args))


async def test_what_is_due_is_found_by_the_index_of_what_is_not_done(house: Settings) -> None:
    now = datetime.now(UTC)
    await a_busy_summer(now)

    plans = [await plan_of(CLAIM, now, now, OPEN), await plan_of(IS_DUE, now)]

    assert [("outbox_due" in plan, "Seq Scan" in plan, "SCAN outbox" in plan) for plan in plans] == [
        (True, False, False)
    ] * 2
    assert len(await claim(DONE)) == OPEN


async def test_without_that_index_the_plan_would_say_so(house: Settings) -> None:
    """The claim above can fail."""
    now = datetime.now(UTC)
    await a_busy_summer(now)
    anywhere = Statement(DUE.replace("done_at IS NULL AND", ""))

    assert "outbox_due" not in await plan_of(anywhere, now, OPEN)


async def test_who_takes_something_up_has_it_for_half_a_minute(house: Settings) -> None:
    await happen("trial", "one", [], expires_at=datetime.now(UTC) + HOUR)

    [first], second = await claim(9), await claim(9)

    [row] = await Outbox.select(Outbox.not_before)
    assert (second, row["not_before"]) == ([], first.lease)
    assert 29 < (first.lease - datetime.now(UTC)).total_seconds() <= 30


def asked_of(asked: list[str]) -> NotificationKind:
    """A kind that notes what it was asked."""
    told = kind()

    async def concerns(occurrence: Occurrence) -> list[Telling | Settled]:
        asked.append(occurrence.about["topic"])
        await asyncio.sleep(0.001)
        return [*await told.events["trial"](occurrence)]

    return told._replace(events={"trial": concerns})


async def test_several_at_once_take_up_each_occurrence_once(house: Settings) -> None:
    """Fails on Postgres without FOR UPDATE SKIP LOCKED: then two ask of the same."""
    person, asked = await make.person(), list[str]()
    await device(person)
    for number in range(OCCURRENCES):
        await happen("trial", f"topic {number}", [person], expires_at=datetime.now(UTC) + HOUR)

    counts = [await asyncio.gather(*(spread([asked_of(asked)], 4) for _ in range(4))) for _ in range(4)]

    rows = await Notification.select()
    assert (sum(map(sum, counts)), sorted(asked)) == (
        OCCURRENCES,
        sorted(f"topic {number}" for number in range(OCCURRENCES)),
    )
    assert [(len(rows), row["round"]) for row in rows] == [(OCCURRENCES, 1)] * OCCURRENCES


def adding(old: About, new: About) -> About:
    return {"says": "-".join(sorted([*old["says"].split("-"), *new["says"].split("-")]))}


async def test_what_is_told_of_one_topic_at_once_is_merged_and_not_lost(house: Settings) -> None:
    """Fails on Postgres where people are not held: then one of both stumbles over the other's line, or over its older words."""
    people = [await make.person() for _ in range(5)]
    for person in people:
        await device(person)
    says = [f"{number:02}" for number in range(12)]
    for each in says:
        await happen("trial", "plan", people, expires_at=datetime.now(UTC) + HOUR, says=each)

    await asyncio.gather(*(spread([kind(merge=adding)], 1) for _ in says))

    lines = await Notification.select()
    rounds = [row["round"] for row in await Delivery.select()]
    assert {(row["round"], msgspec.json.decode(row["about"])["says"]) for row in lines} == {(12, "-".join(says))}
    assert (len(lines), rounds) == (5, [12] * 5)


async def test_who_was_too_slow_tells_nothing(house: Settings) -> None:
    """Their half minute went by while they asked, and somebody else has told it."""
    person = await make.person()
    told = kind()

    async def slow(occurrence: Occurrence) -> list[Telling | Settled]:
        await _lapse()
        assert await spread([kind()]) == 1
        return [*await told.events["trial"](occurrence)]

    await happen("trial", "one", [person], expires_at=datetime.now(UTC) + HOUR)
    await spread([told._replace(events={"trial": slow})])

    assert [row["round"] for row in await Notification.select()] == [1]


async def _lapse() -> None:
    async with transaction() as tx:
        await Outbox.update({Outbox.not_before: tx.at}, force=True)


async def test_sixty_people_with_three_devices_each_are_told_within_a_second(house: Settings) -> None:
    people = await sixty_people()
    await happen("trial", "plan", people, expires_at=datetime.now(UTC) + HOUR)
    began = datetime.now(UTC)

    await spread([kind()])

    seconds = (datetime.now(UTC) - began).total_seconds()
    assert (await Delivery.count(), await Notification.count(), seconds < 1) == (180, 60, True)


async def sixty_people() -> list[UUID]:
    people = [await make.person() for _ in range(60)]
    for person in people:
        for channel, platform in (("fcm", "android"), ("fcm", "ios"), ("webpush", "web")):
            await device(person, channel=channel, platform=platform)
    return people
