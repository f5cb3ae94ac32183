"""Nights in which the clocks change: where only the start is moved, the clock on the wall keeps its distance."""

import pytest

from tests import make
from tests.client import TestApp

NIGHTS = [
    # zone, an ordinary night, the evening before the clocks change, from when to when it lasts then
    ("Europe/Warsaw", "2027-07-14T22:00:00+02:00", "2027-03-27T22:00:00+01:00", "2027-03-28T06:00:00+02:00"),
    ("Europe/Warsaw", "2027-07-14T22:00:00+02:00", "2027-10-30T22:00:00+02:00", "2027-10-31T06:00:00+01:00"),
    ("America/Santiago", "2027-07-14T22:00:00-04:00", "2027-04-03T22:00:00-03:00", "2027-04-04T06:00:00-04:00"),
    ("America/Santiago", "2027-07-14T22:00:00-04:00", "2027-09-04T22:00:00-04:00", "2027-09-05T06:00:00-03:00"),
    (
        "Australia/Lord_Howe",
        "2027-07-14T22:00:00+10:30",
        "2027-04-03T22:00:00+11:00",
        "2027-04-04T06:00:00+10:30",
    ),
    (
        "Australia/Lord_Howe",
        "2027-07-14T22:00:00+10:30",
        "2027-10-02T22:00:00+10:30",
        "2027-10-03T06:00:00+11:00",
    ),
    ("Africa/Casablanca", "2027-07-14T22:00:00+01:00", "2027-02-06T22:00:00+01:00", "2027-02-07T06:00:00Z"),
    ("Africa/Casablanca", "2027-07-14T22:00:00+01:00", "2027-03-13T22:00:00Z", "2027-03-14T06:00:00+01:00"),
]


def morning_after(night: str) -> str:
    return night.replace("-14T22", "-15T06")


@pytest.mark.parametrize(("zone", "night", "evening", "morning"), NIGHTS)
async def test_a_night_that_is_moved_into_the_change_of_clocks_ends_at_the_same_hour(
    app: TestApp, zone: str, night: str, evening: str, morning: str
) -> None:
    exchange = await make.exchange(zone=zone)
    as_leader = await app.as_(await make.leader(exchange))
    body = make.draft(starts_at=night, ends_at=morning_after(night))
    slot = (await as_leader.post(f"/exchanges/{exchange}/slots", json=body)).json()["id"]

    moved = await as_leader.patch(f"/slots/{slot}", json={"starts_at": evening}, headers={"If-Match": '"1"'})

    assert (moved.json()["starts_at"], moved.json()["ends_at"]) == (evening, morning)
