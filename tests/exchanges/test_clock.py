"""Time on the wall, over all zones that there are."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from yema.exchanges.rules import SLOT_MAX, at_wall, moved_end, on_wall

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.timedeltas(timedelta(seconds=1), SLOT_MAX)
WALLS = st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)).map(lambda shown: shown.replace(fold=0))  # noqa: DTZ001
MANY = settings(max_examples=1500, deadline=None)

NEAR_A_CHANGE = st.builds(
    lambda year, month, day, hour, minute: datetime(year, month, day, hour, minute, tzinfo=UTC),
    st.integers(2020, 2037),
    st.sampled_from([3, 4, 9, 10, 11]),
    st.integers(1, 30),
    st.integers(0, 23),
    st.sampled_from([0, 10, 30, 45, 59]),
)
SHORT = st.sampled_from([timedelta(minutes=m) for m in (1, 5, 10, 30, 45, 60, 70, 90, 120, 480)])


MINUTES = st.integers(0, 240).map(lambda minutes: timedelta(minutes=minutes))


def wall(instant: datetime, zone: str) -> datetime:
    return on_wall(instant, zone).replace(tzinfo=None)


def instants_at(shown: datetime, zone: str) -> set[datetime]:
    """The instants at which the clock shows this: none, one or two."""
    meant = {shown.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}
    return {instant for instant in meant if wall(instant, zone) == shown}


def check_distance(start: datetime, length: timedelta, new_start: datetime, zone: str) -> None:
    end = start + length
    distance = wall(end, zone) - wall(start, zone)
    meant = wall(new_start, zone) + distance
    moved = moved_end(start, end, new_start, zone)
    assert moved > new_start
    if distance > timedelta() and any(instant > new_start for instant in instants_at(meant, zone)):
        assert wall(moved, zone) == meant


@MANY
@given(INSTANTS, LENGTHS, INSTANTS, ZONES)
def test_a_moved_slot_keeps_its_distance_on_the_wall(
    start: datetime, length: timedelta, new_start: datetime, zone: str
) -> None:
    check_distance(start, length, new_start, zone)


@MANY
@given(NEAR_A_CHANGE, SHORT, NEAR_A_CHANGE, ZONES)
def test_so_does_one_around_the_change_of_clocks(
    start: datetime, length: timedelta, new_start: datetime, zone: str
) -> None:
    check_distance(start, length, new_start, zone)


@MANY
@given(MINUTES, SHORT, MINUTES)
def test_so_does_one_moved_into_the_hour_that_comes_twice(
    before: timedelta, length: timedelta, later: timedelta
) -> None:
    clocks_go_back = datetime(2027, 10, 30, 22, tzinfo=UTC)
    check_distance(clocks_go_back + before, length, clocks_go_back + later, "Europe/Warsaw")


@MANY
@given(INSTANTS, ZONES)
def test_the_wall_shows_the_same_instant(instant: datetime, zone: str) -> None:
    assert on_wall(instant, zone).astimezone(UTC) == instant


@MANY
@given(WALLS, ZONES)
def test_a_clock_that_shows_a_time_is_found_at_its_first_showing(shown: datetime, zone: str) -> None:
    found = at_wall(shown.date(), shown.time(), zone)

    assert not (at := instants_at(shown, zone)) or found == min(at)


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert at_wall(datetime(2027, 10, 31).date(), time(2, 30), "Europe/Warsaw") == datetime(  # noqa: DTZ001
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


def test_a_time_that_is_skipped_is_as_far_after_the_jump() -> None:
    skipped = at_wall(datetime(2027, 3, 28).date(), time(2, 30), "Europe/Warsaw")  # noqa: DTZ001

    assert on_wall(skipped, "Europe/Warsaw").time() == time(3, 30)
