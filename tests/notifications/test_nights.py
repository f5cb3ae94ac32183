"""When a night ends on the wall's clock, in every zone of the world and whatever its clocks do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notifications.zones import END, START, days_of, every_zone
from yema.i18n.zones import zone_or_utc
from yema.notifications.rules import night_ends

QUIETS = [("22:00", "07:00"), ("00:00", "02:30"), ("23:30", "01:00"), ("01:15", "03:00"), ("13:00", "15:00")]
HOURS = st.times().map(lambda time: time.strftime("%H:%M"))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("at", "zone", "quiet", "ends"),
    [
        ("2027-07-14T23:00+02:00", "Europe/Warsaw", ("22:00", "07:00"), "2027-07-15T07:00+02:00"),
        ("2027-07-14T06:59:59.9+02:00", "Europe/Warsaw", ("22:00", "07:00"), "2027-07-14T07:00+02:00"),
        ("2027-07-14T22:00+02:00", "Europe/Warsaw", ("22:00", "07:00"), "2027-07-15T07:00+02:00"),
        ("2027-07-14T07:00+02:00", "Europe/Warsaw", ("22:00", "07:00"), None),
        ("2027-07-14T21:59:59+02:00", "Europe/Warsaw", ("22:00", "07:00"), None),
        ("2027-07-14T14:00+02:00", "Europe/Warsaw", ("13:00", "15:00"), "2027-07-14T15:00+02:00"),
        ("2027-07-14T14:00+02:00", "Europe/Warsaw", ("13:00", "13:00"), None),
        # The clocks go forward, and the night is an hour shorter; or its end is left out.
        ("2027-03-27T23:00+01:00", "Europe/Warsaw", ("22:00", "07:00"), "2027-03-28T07:00+02:00"),
        ("2027-03-28T01:00+01:00", "Europe/Warsaw", ("22:00", "02:30"), "2027-03-28T03:00+02:00"),
        # They go back, and it is an hour longer; or its end comes twice, and so does the night.
        ("2027-10-30T23:00+02:00", "Europe/Warsaw", ("22:00", "07:00"), "2027-10-31T07:00+01:00"),
        ("2027-10-31T01:00+02:00", "Europe/Warsaw", ("22:00", "02:30"), "2027-10-31T02:30+02:00"),
        ("2027-10-31T02:15+01:00", "Europe/Warsaw", ("22:00", "02:30"), "2027-10-31T02:30+01:00"),
        ("2027-10-31T01:00+02:00", "Europe/Warsaw", ("22:00", "03:00"), "2027-10-31T03:00+01:00"),
        # Half an hour; at midnight.
        ("2027-10-02T23:00+10:30", "Australia/Lord_Howe", ("22:00", "07:00"), "2027-10-03T07:00+11:00"),
        ("2027-09-04T23:00-04:00", "America/Santiago", ("22:00", "00:30"), "2027-09-05T01:00-03:00"),
    ],
)
def test_a_night_ends_on_the_walls_clock(at: str, zone: str, quiet: tuple[str, str], ends: str | None) -> None:
    assert night_ends(instant(at), zone, *quiet) == (ends and instant(ends))


def test_every_zone_has_its_nights_across_each_change_of_its_clocks(pytestconfig: pytest.Config) -> None:
    """Beside an oracle that walks along the wall's clock, a quarter of an hour at a time. All of them with `--prove`."""
    step = 1 if pytestconfig.getoption("prove", False) else 17
    wrong: list[object] = []
    changes = 0
    for zone in every_zone():
        for days in days_of(zone):
            changes += 1
            for quiet in QUIETS if step == 1 else (QUIETS[0], QUIETS[changes % len(QUIETS)]):
                nights = days.nights(*quiet)
                ends: list[datetime | None] = [None] * len(nights)
                for place in reversed(range(len(nights) - 1)):
                    if nights[place]:
                        ends[place] = ends[place + 1] if nights[place + 1] else days.instants[place + 1]
                # A day before the end of what the oracle sees, each night has ended.
                for place in range(changes % step, len(nights) - 97, step):
                    said = night_ends(days.instants[place], zone, *quiet)
                    if said != ends[place]:
                        wrong.append((zone, days.instants[place], quiet, said, ends[place]))
    assert (wrong[:5], changes > 1000) == ([], True)


@given(st.integers(0, 729 * 1440), st.sampled_from(every_zone()), HOURS, HOURS)
def test_a_night_lasts_until_it_ends_and_not_longer(minute: int, zone: str, quiet_from: str, quiet_until: str) -> None:
    at, wall = START + timedelta(minutes=minute), ZoneInfo(zone)

    def is_night(instant: datetime) -> bool:
        shown = f"{instant.astimezone(wall):%H:%M}"
        if quiet_from <= quiet_until:
            return quiet_from <= shown < quiet_until
        return shown >= quiet_from or shown < quiet_until

    end = night_ends(at, zone, quiet_from, quiet_until)

    between = [] if end is None else [at + (end - at) * part / 20 for part in range(20)]
    assert (end is not None, [is_night(one) for one in between]) == (is_night(at), [True] * len(between))
    assert end is None or (at < end <= at + timedelta(hours=26) and not is_night(end))


def test_a_zone_that_nobody_knows_is_that_of_the_server() -> None:
    assert [zone_or_utc(name).key for name in ("Mars/Olympus", "../secret", "", "Europe/Kyiv")] == [
        "UTC",
        "UTC",
        "UTC",
        "Europe/Kyiv",
    ]


def test_two_years_are_looked_at() -> None:
    assert (END - START).days == 730
