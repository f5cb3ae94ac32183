"""Retry-After, in both of its forms."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yema.notifications.channels.retry_after import LONGEST, retry_after

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("99999999999999999999", 24 * 3600),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 13:02:00 +0100", 120),
        ("Sat, 21 Nov 2026 12:02:00 -0000", 120),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("Sat, 21 Nov 2099 11:00:00 GMT", 24 * 3600),
    ],
)
def test_seconds_and_dates_are_understood(said: str, seconds: int) -> None:
    assert retry_after(said, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("said", [None, "", "-5", "1.5", "soon", "²", "Sat, 99 Nov 2026 12:00:00 GMT"])
def test_what_makes_no_sense_is_not_there(said: str | None) -> None:
    assert retry_after(said, NOW) is None


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ \S*"))
def test_whatever_a_server_says_it_is_never_less_than_nothing_nor_more_than_a_day(said: str) -> None:
    found = retry_after(said, NOW)

    assert found is None or timedelta() <= found <= LONGEST
