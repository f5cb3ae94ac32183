"""The clock on the wall of slots that come again, for any day, clock and move."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yema.exchanges.plan import SlotBody
from yema.exchanges.rules import at_wall, on_wall
from yema.exchanges.schemas.plan.plan import RepeatDraft, SlotChange
from yema.exchanges.series import move_of, moved, repeated
from yema.ids import uuid7

ZONE = "Europe/Warsaw"
days = st.dates(date(2027, 1, 1), date(2028, 12, 31))
# Between two and three at night the clocks jump; what is meant then is another rule (`at_wall`).
clocks = st.times(time(4), time(20)).map(lambda clock: clock.replace(microsecond=0))


def slot(day: date, clock: time, minutes: int = 60) -> SlotBody:
    starts_at = at_wall(day, clock, ZONE)
    ends_at = starts_at + timedelta(minutes=minutes)
    return SlotBody(uuid7(), "reflection", {}, starts_at, ends_at, ZONE, "all", "planned", 1)


def clock_of(instant: datetime) -> time:
    return on_wall(instant, ZONE).time()


@given(days, clocks, st.integers(1, 7), st.integers(0, 59))
def test_every_repetition_shows_the_same_clock(day: date, clock: time, every: int, late: int) -> None:
    found = repeated(slot(day, clock), RepeatDraft(until=day + timedelta(late), every=every))

    dates = [on_wall(one.starts_at, ZONE).date() for one in found]
    assert dates == [day + timedelta(n) for n in range(0, late + 1, every)]
    assert {clock_of(one.starts_at) for one in found} == {clock}
    assert len({clock_of(one.ends_at) for one in found}) == 1


@given(days, days, clocks, clocks, st.integers(-40, 40))
def test_another_slot_moves_as_far_on_the_wall(day: date, other: date, clock: time, new: time, late: int) -> None:
    named, along = slot(day, clock), slot(other, clock)
    after = slot(day + timedelta(late), new)
    move = move_of(named, after, SlotChange(starts_at=after.starts_at))

    assert move is not None
    there = moved(along, move)

    wall = on_wall(there.starts_at, ZONE)
    assert (wall.date(), wall.time()) == (other + timedelta(late), new)
    assert on_wall(there.ends_at, ZONE).replace(tzinfo=None) - wall.replace(tzinfo=None) == timedelta(hours=1)


@given(days, clocks)
def test_a_change_that_names_no_time_moves_nothing(day: date, clock: time) -> None:
    named = slot(day, clock)

    assert move_of(named, named, SlotChange(title="Other")) is None


def test_a_slot_in_the_hour_that_comes_twice_stays_its_second_showing() -> None:
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    named = slot(date(2027, 10, 30), time(2, 30))
    along = SlotBody(uuid7(), "other", {}, second, second + timedelta(minutes=20), ZONE, "all", "planned", 1)
    longer = SlotChange(ends_at=named.ends_at)

    move = move_of(named, named, longer)

    assert move is not None
    assert moved(along, move) == along
