"""Minutes before something begins, as each person chose: in every zone, and through rows in some."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.notifications.kinds import happen, kind
from tests.notifications.people import device
from tests.notifications.zones import Days, changes_of, days_of, every_zone
from yema.changes import transaction
from yema.changes.tables import Outbox
from yema.notifications.rules import MINUTES_BEFORE, Habit, Reminder, due_at, next_look, reminder
from yema.notifications.spreading import spread
from yema.notifications.tables import Delivery, Habits, Notification
from yema.settings import Settings

EVENING = datetime(2027, 7, 14, 16, tzinfo=UTC)  # 18:00 in Warsaw
MINUTE = timedelta(minutes=1)
LATEST = timedelta(minutes=15)
"""How long after its beginning nobody needs to be told any more."""

HABITS = [
    Habit(minutes, *quiet)
    for minutes in MINUTES_BEFORE
    for quiet in (("22:00", "07:00"), ("00:30", "02:30"), ("00:00", "00:00"))
]


def faults_of(days: Days, place: int, habit: Habit, nights: Sequence[bool]) -> list[str]:
    """What is wrong with the reminder of what begins at that quarter of an hour."""
    begins_at = days.instants[place]
    told = reminder(begins_at, days.zone, habit)
    if told is None:
        return ["skipped"]
    due, wall = due_at(begins_at, habit.minutes_before), ZoneInfo(days.zone)
    shown = [f"{one.astimezone(wall):%H:%M}" for one in (told.at, told.at - MINUTE)]
    quiet, quiet_before = [_is_quiet(one, habit) for one in shown]
    checks = {
        "too late": told.at <= begins_at,
        "early": told.at >= due,
        "late in the night": not nights[place] or told == Reminder(due, urgent=True),
        "in the night": nights[place] or not (quiet or told.urgent),
        "late without a night": nights[place] or told.at == due or quiet_before,
    }
    return [fault for fault, holds in checks.items() if not holds]


def _is_quiet(shown: str, habit: Habit) -> bool:
    if habit.quiet_from <= habit.quiet_until:
        return habit.quiet_from <= shown < habit.quiet_until
    return shown >= habit.quiet_from or shown < habit.quiet_until


def test_in_every_zone_nobody_is_told_early_late_or_at_night_across_the_changes_of_clocks(
    pytestconfig: pytest.Config,
) -> None:
    """Some beginnings with some habit; with `--prove` every quarter of an hour with all habits, once for each way clocks go."""
    prove = pytestconfig.getoption("prove", False)
    faults: list[object] = []
    turns, swept = cycle(HABITS), set[tuple[object, ...]]()
    count = 0
    for zone in every_zone():
        for days in days_of(zone):
            nights = {habit: days.nights(habit.quiet_from, habit.quiet_until) for habit in HABITS[:3]}
            # Many zones have the same clocks by another name: each is asked, and one of them is asked everything.
            clocks = (days.instants[0], *days.walls)
            sweeps = prove and clocks not in swept
            swept.add(clocks)
            for place in range(48 if sweeps else 48 + count % 9, 240, 1 if sweeps else 9):
                count += 1
                for habit in HABITS if sweeps else (next(turns),):
                    of = nights[habit._replace(minutes_before=MINUTES_BEFORE[0])]
                    if wrong := faults_of(days, place, habit, of):
                        faults.append((zone, days.instants[place], habit, wrong))
    assert (faults[:5], count > 20_000, len(swept) > 100) == ([], True, True)


@given(st.integers(0, 2000), st.lists(st.integers(0, 180), max_size=5), st.integers(0, 900))
def test_each_minute_that_somebody_chose_is_looked_at(early: int, before: list[int], missed: int) -> None:
    """From whenever something is first looked at, and also where the server was down for some looks."""
    reminders = [EVENING - minutes * MINUTE for minutes in before]
    look: datetime | None = EVENING - early * MINUTE
    looks: list[datetime] = []
    while look is not None:
        looks.append(look)
        look = next_look(look + (missed * MINUTE if len(looks) == 2 else 0 * MINUTE), EVENING, reminders)

    since = looks[1] + missed * MINUTE if len(looks) > 1 else looks[0]
    chosen = {*reminders, *(due_at(EVENING, minutes) for minutes in MINUTES_BEFORE)}
    assert looks[2:] == sorted(one for one in chosen if one > since)


def test_who_wants_no_reminder_has_none() -> None:
    assert reminder(EVENING, "Europe/Warsaw", Habit(0)) is None


def test_what_begins_as_the_night_ends_is_told_at_its_end() -> None:
    breakfast = datetime(2027, 7, 15, 5, tzinfo=UTC)  # 07:00 in Warsaw

    assert reminder(breakfast, "Europe/Warsaw", Habit(15)) == Reminder(breakfast, urgent=False)


def test_what_is_urgent_does_not_wait_for_the_morning() -> None:
    early = datetime(2027, 7, 15, 5, 5, tzinfo=UTC)

    assert reminder(early, "Europe/Warsaw", Habit(15), urgent=True) == Reminder(early - 15 * MINUTE, urgent=True)


async def someone(habit: Habit | None = None) -> UUID:
    """Somebody with a phone, and with these habits."""
    person = await make.person()
    await device(person)
    if habit:
        await accustom(person, habit)
    return person


async def accustom(person: UUID, habit: Habit) -> None:
    minutes, quiet_from, quiet_until = habit
    async with transaction():
        await Habits.delete().where(Habits.id == person)
        await Habits.insert(Habits(id=person, minutes_before=minutes, quiet_from=quiet_from, quiet_until=quiet_until))


async def begins(at: datetime, people: list[UUID], zone: str = "Europe/Warsaw", topic: str = "") -> None:
    await happen("trial", topic or f"{at}", people, expires_at=at + LATEST, begins_at=at.isoformat(), zone=zone)


async def look_until(end: datetime) -> None:
    """The loop, as the clock goes on: it looks when something is due."""
    while True:
        row = await Outbox.select(Outbox.not_before).where(Outbox.done_at.is_null()).order_by(Outbox.not_before).first()
        if row is None or row["not_before"] > end:
            return
        with time_machine.travel(row["not_before"], tick=False):
            await spread([kind()])


async def told() -> dict[tuple[UUID, str], list[tuple[datetime, bool]]]:
    """When each person was told of each topic, and whether urgently."""
    found: dict[tuple[UUID, str], list[tuple[datetime, bool]]] = {}
    for row in await Delivery.select():
        found.setdefault((row["person"], row["topic"]), []).extend([(row["next_at"], row["urgent"])] * row["round"])
    return found


@pytest.mark.parametrize(
    ("zone", "number"),
    [("Europe/Warsaw", 2), ("America/Havana", 3), ("Australia/Lord_Howe", 2), ("Pacific/Chatham", 1)],
)
async def test_everybody_is_told_once_and_at_their_minute_across_a_change_of_clocks(
    house: Settings, zone: str, number: int
) -> None:
    change = changes_of(zone)[number]
    habits = [None, Habit(5), Habit(120), Habit(60, "00:30", "02:30"), Habit(0)]
    people = {await someone(habit): habit or Habit() for habit in habits}
    hours = [change + timedelta(minutes=30 * half) for half in (-9, -3, -1, 0, 1, 2, 3, 9, 14)]
    with time_machine.travel(change - timedelta(days=1), tick=False):
        for at in hours:
            await begins(at, list(people), zone)

    await look_until(change + timedelta(days=1))

    wanted = {
        (person, f"{at}"): [(when.at, when.urgent)]
        for person, habit in people.items()
        for at in hours
        if (when := reminder(at, zone, habit))
    }
    assert (await told(), len(wanted), await Outbox.count().where(Outbox.done_at.is_null())) == (wanted, 36, 0)


async def test_who_changes_their_mind_is_told_at_the_new_minute_and_once(house: Settings) -> None:
    """Before it was their time, to be told earlier or later; afterwards it changes nothing."""
    earlier, later, again = await someone(), await someone(), await someone(Habit(60))
    with time_machine.travel(EVENING - timedelta(hours=5), tick=False):
        await begins(EVENING, [earlier, later, again], topic="dinner")
    await look_until(EVENING - 50 * MINUTE)
    for person, minutes in ((earlier, 45), (later, 5), (again, 10)):
        await accustom(person, Habit(minutes))

    await look_until(EVENING)

    assert await told() == {
        (earlier, "dinner"): [(EVENING - 45 * MINUTE, False)],
        (later, "dinner"): [(EVENING - 5 * MINUTE, False)],
        (again, "dinner"): [(EVENING - 60 * MINUTE, False)],
    }


@pytest.mark.parametrize(("minutes_late", "count"), [(14, 1), (15, 0)])
async def test_a_server_that_was_down_tells_while_it_helps_and_not_later(
    house: Settings, minutes_late: int, count: int
) -> None:
    person = await someone()
    with time_machine.travel(EVENING - timedelta(hours=5), tick=False):
        await begins(EVENING, [person])
        await spread([kind()])

    with time_machine.travel(EVENING + minutes_late * MINUTE, tick=False):
        await spread([kind()])

    assert (await Notification.count(), await Outbox.count().where(Outbox.done_at.is_null())) == (count, 0)


async def test_a_night_ends_for_whom_the_programme_begins_in_it(house: Settings) -> None:
    """The bus leaves at 04:30. Who sleeps is woken; whoever's phone is never quiet is told as always."""
    sleeper, owl = await someone(), await someone(Habit(15, "00:00", "00:00"))
    bus = datetime(2027, 7, 15, 2, 30, tzinfo=UTC)
    with time_machine.travel(EVENING, tick=False):
        await begins(bus, [sleeper, owl], topic="bus")

    await look_until(bus)

    due = bus - 15 * MINUTE
    assert await told() == {(sleeper, "bus"): [(due, True)], (owl, "bus"): [(due, False)]}


async def test_without_a_place_the_night_is_that_of_the_phone(house: Settings) -> None:
    person = await make.person()
    await device(person, zone="Asia/Tokyo")
    noon = datetime(2027, 7, 15, 14, tzinfo=UTC)  # 23:00 in Tokyo
    about: dict[str, Any] = {"begins_at": noon.isoformat()}
    with time_machine.travel(EVENING, tick=False):
        await happen("trial", "late", [person], expires_at=noon + LATEST, **about)

    await look_until(noon)

    assert await told() == {(person, "late"): [(noon - 15 * MINUTE, True)]}


async def test_what_begins_as_the_night_ends_is_told_even_if_it_is_over_as_it_begins(house: Settings) -> None:
    """Breakfast at seven, and the row and the telling expire at seven."""
    person, seven = await someone(), datetime(2027, 7, 15, 5, tzinfo=UTC)
    about: dict[str, Any] = {"begins_at": seven.isoformat(), "zone": "Europe/Warsaw"}
    with time_machine.travel(EVENING, tick=False):
        await happen("trial", "breakfast", [person], expires_at=seven, **about)

    await look_until(seven)

    [way] = await Delivery.select()
    assert (way["next_at"], way["urgent"], way["expires_at"]) == (seven, False, seven + 2 * MINUTE)
