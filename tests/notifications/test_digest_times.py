"""What was gathered comes in the evening, or on Monday morning, by the clock of the place."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notifications.zones import START, every_zone
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
