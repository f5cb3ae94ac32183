"""What was gathered comes in the evening, or on Monday morning, by the clock of the place."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notifications.zones import DAY, START, STEP, Days, changes_of, days_of, every_zone, minutes
from yema.changes.notified import Cadence
from yema.notifications.rules import next_digest


@pytest.mark.parametrize(
    ("at", "zone", "cadence", "comes"),
    [
        ("2027-07-14T10:00+02:00", "Europe/Warsaw", "daily", "2027-07-14T18:00+02:00"),
        ("2027-07-14T18:00+02:00", "Europe/Warsaw", "daily", "2027-07-15T18:00+02:00"),
        ("2027-07-14T23:00+02:00", "Europe/Warsaw", "daily", "2027-07-15T18:00+02:00"),
        ("2027-03-27T20:00+01:00", "Europe/Warsaw", "daily", "2027-03-28T18:00+02:00"),
        ("2027-07-14T23:30Z", "Pacific/Auckland", "daily", "2027-07-15T18:00+12:00"),
        ("2027-07-14T10:00+02:00", "Europe/Warsaw", "weekly", "2027-07-19T09:00+02:00"),
        ("2027-07-19T08:59+02:00", "Europe/Warsaw", "weekly", "2027-07-19T09:00+02:00"),
        ("2027-07-19T09:00+02:00", "Europe/Warsaw", "weekly", "2027-07-26T09:00+02:00"),
        ("2027-10-29T10:00+02:00", "Europe/Warsaw", "weekly", "2027-11-01T09:00+01:00"),
    ],
)
def test_a_digest_comes_at_the_next_evening_or_monday(at: str, zone: str, cadence: Cadence, comes: str) -> None:
    assert next_digest(datetime.fromisoformat(at), zone, cadence) == datetime.fromisoformat(comes)


@given(
    st.integers(0, 729 * 1440),
    st.sampled_from(every_zone()),
    st.sampled_from([("daily", "18:00", 1), ("weekly", "09:00", 7)]),
)
def test_no_digest_is_left_out_in_any_zone(minute: int, zone: str, how: tuple[Cadence, str, int]) -> None:
    at, (cadence, hour, days) = START + timedelta(minutes=minute), how

    comes = next_digest(at, zone, cadence)

    shown = comes.astimezone(ZoneInfo(zone))
    assert (f"{shown:%H:%M}", cadence == "daily" or shown.weekday() == 0) == (hour, True)
    assert at < comes <= at + timedelta(days=days, hours=2)


def wrong_evenings(days: Days, places: range) -> list[object]:
    """Where the daily digest is not at the next quarter of an hour at which the wall shows 18:00."""
    comes, found = None, list[object]()
    for place in reversed(range(len(days.walls) - 1)):
        if days.walls[place + 1] == minutes("18:00"):
            comes = days.instants[place + 1]
        if place in places and comes is not None and next_digest(days.instants[place], days.zone, "daily") != comes:
            found.append((days.zone, days.instants[place]))
    return found


def wrong_mondays(zone: str, change: datetime) -> list[object]:
    """Where the weekly digests around this instant are not each on the Monday after the one before, at 09:00 on the wall."""
    wall, found = ZoneInfo(zone), list[object]()
    before = next_digest(change - 9 * DAY, zone, "weekly")
    for _ in range(3):
        comes = next_digest(before, zone, "weekly")
        shown, shown_before = comes.astimezone(wall), before.astimezone(wall)
        apart = (shown.date() - shown_before.date()).days
        if (f"{shown:%a %H:%M}", apart) != ("Mon 09:00", 7) or next_digest(comes - STEP, zone, "weekly") != comes:
            found.append((zone, before, comes))
        before = comes
    return found


def test_every_zone_has_its_digests_across_each_change_of_its_clocks(pytestconfig: pytest.Config) -> None:
    """Beside an oracle that only reads the wall's clock. Each quarter of an hour with `--prove`."""
    step = 1 if pytestconfig.getoption("prove", False) else 17
    wrong: list[object] = []
    count = 0
    for zone in every_zone():
        for days in days_of(zone):
            wrong += wrong_evenings(days, range(count % step, len(days.walls), step))
            count += 1
        for change in changes_of(zone):
            wrong += wrong_mondays(zone, change)
    assert (wrong[:5], count > 1000) == ([], True)
