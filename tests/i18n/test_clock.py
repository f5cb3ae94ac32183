"""Days and times in words."""

from datetime import UTC, datetime, timedelta

import pytest

from yema.i18n.clock import on_day

AT = datetime(2027, 7, 14, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "Wednesday, 15:30"),
        ("en-US", "Wednesday, 3:30\u202fPM"),
        ("pl", "środa, 15:30"),
        ("de", "Mittwoch, 15:30 Uhr"),
        ("es", "miércoles, 15:30"),
        ("fr-CA", "mercredi, 15 h 30"),
        ("it", "mercoledì, 15:30"),
        ("uk", "середа, 15:30"),
        ("ar", "الأربعاء، 3:30 م"),
    ],
)
def test_a_day_and_its_time_are_as_the_language_writes_them(tag: str, words: str) -> None:
    assert on_day((tag,), AT, "Europe/Warsaw", AT).replace("\xa0", " ") == words


def test_the_clock_is_that_of_the_place() -> None:
    assert on_day(("en",), AT + timedelta(hours=9), "Europe/Warsaw", AT) == "Thursday, 00:30"
    assert on_day(("en",), AT + timedelta(hours=9), "Europe/London", AT) == "Wednesday, 23:30"


def test_where_a_name_could_mean_two_days_the_date_is_said() -> None:
    found = [on_day(("en",), AT + timedelta(days), "Europe/Warsaw", AT) for days in (-1, 0, 6, 7)]

    assert found == ["Tue, 13 Jul, 15:30", "Wednesday, 15:30", "Tuesday, 15:30", "Wed, 21 Jul, 15:30"]
