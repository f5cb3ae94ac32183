"""What was not looked at yet, and what is newer: one telling of both."""

import pytest

from yema.changes.notified import About, since_the_first


@pytest.mark.parametrize(
    ("old", "new", "both"),
    [
        ({"since": 9, "until": 9}, {"since": 10, "until": 10}, {"since": 9, "until": 10}),
        ({"since": 10, "until": 12}, {"since": 9, "until": 9}, {"since": 9, "until": 12}),
        (
            {"since": "2027-07-14T08:00:00.500000+00:00"},
            {"since": "2027-07-14T08:00:00+00:00"},
            {"since": "2027-07-14T08:00:00+00:00"},
        ),
        (
            {"since": "2027-07-14T09:30:00+02:00", "exchange": "old"},
            {"since": "2027-07-14T08:00:00+00:00", "exchange": "new"},
            {"since": "2027-07-14T09:30:00+02:00", "exchange": "new"},
        ),
    ],
)
def test_it_reaches_from_the_first_to_the_last(old: About, new: About, both: About) -> None:
    assert since_the_first(old, new) == both
