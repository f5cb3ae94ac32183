"""What several releases come to for one person, for any series of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yema.exchanges.plan import SlotBody, compare, compare_back, is_moved
from yema.exchanges.sums import PRESSING, Change, changes, is_near, piece_for, sum_for

START = datetime(2027, 7, 14, 8, tzinfo=UTC)
ME, OTHER, GROUP, GROUP2, VENUE = (UUID(int=number) for number in range(1, 6))
IDS = [UUID(int=number) for number in range(10, 14)]

audiences = st.sampled_from(
    [
        ("all", [], []),
        ("groups", [GROUP], []),
        ("groups", [GROUP2], []),
        ("people", [], [ME, OTHER]),
        ("people", [], [OTHER]),
    ]
)


@st.composite
def bodies(draw: st.DrawFn, slot: UUID) -> SlotBody:
    audience, groups, people = draw(audiences)
    starts_at = START + timedelta(hours=draw(st.integers(0, 3)))
    return SlotBody(
        id=slot,
        kind=draw(st.sampled_from(["activity", "travel"])),
        titles={"en": draw(st.sampled_from(["One", "Two"]))},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        zone="Europe/Warsaw",
        audience=audience,
        state=draw(st.sampled_from(["planned", "planned", "cancelled"])),
        version=draw(st.integers(1, 3)),
        groups=groups,
        people=people,
        responsible=draw(st.sampled_from([[], [ME], [OTHER]])),
        venue=draw(st.sampled_from([None, VENUE])),
    )


plans = st.fixed_dictionaries({}, optional={slot: bodies(slot) for slot in IDS})
Told = dict[UUID, SlotBody]


def release(told: Told, plan: Told) -> tuple[Told, dict[UUID, SlotBody | None]]:
    """What is told after a release of this plan, and what it replaced."""
    new = compare(plan.values(), told)
    return told | {one.body.id: one.body for one in new}, {one.body.id: one.before for one in new}


def series(told: Told, later: list[Told]) -> tuple[Told, dict[UUID, SlotBody | None]]:
    """What is told after all of these releases, and of each slot that they told, how it was before the first that did."""
    before: dict[UUID, SlotBody | None] = {}
    for plan in later:
        told, replaced = release(told, plan)
        before = {**replaced, **before}
    return told, before


def seen(told: Told, slot: UUID) -> SlotBody | None:
    """The slot as it stands in my programme; None where nothing does."""
    body = told.get(slot)
    mine = body and (body.is_for(ME, GROUP) or ME in body.responsible)
    return body if body and mine and body.state != "cancelled" else None


def word(before: Told, now: Told, slot: UUID) -> str | None:
    """The rule, written down a second time: by what I have seen in my programme."""
    was, body = seen(before, slot), seen(now, slot)
    if was and not body:
        return "off" if slot in now and now[slot].state != "cancelled" else "cancelled"
    if body and not was:
        known = before.get(slot)
        return "back" if known and (known.is_for(ME, GROUP) or ME in known.responsible) else "new"
    if not was or not body:
        return None
    if is_moved(was, body):
        return "moved"
    same = (was.titles, was.kind, was.responsible) == (body.titles, body.kind, body.responsible)
    return None if same else "changed"


@settings(deadline=None)
@given(plans, st.lists(plans, min_size=1, max_size=6))
def test_any_series_of_releases_comes_to_the_difference_of_before_and_after(first: Told, later: list[Told]) -> None:
    told, _ = release({}, first)
    now, before = series(told, later)

    found = sum_for(changes(before, now).values(), ME, GROUP)

    expected = {slot: said for slot in IDS if (said := word(told, now, slot))}
    assert {piece.body.id: piece.word for piece in found} == expected


@settings(deadline=None)
@given(plans, plans)
def test_what_is_undone_comes_to_nothing(first: Told, second: Told) -> None:
    told, _ = release({}, first)
    now, before = release(told, second)
    for one in compare_back(before, now):
        now = {**now, one.body.id: one.body}
        if one.gone:
            del now[one.body.id]

    assert sum_for(changes(before, now).values(), ME, GROUP) == []


@settings(deadline=None)
@given(bodies(IDS[0]), bodies(IDS[0]))
def test_nobody_is_told_a_time_that_is_not_theirs(was: SlotBody, body: SlotBody) -> None:
    [change] = changes({was.id: was}, {body.id: body}).values()

    piece = piece_for(change, ME, GROUP)

    assert piece is None or piece.body.is_for(ME, GROUP) or ME in piece.body.responsible


def slot(minutes: int = 0, **fields: object) -> SlotBody:
    starts_at = START + timedelta(minutes=minutes)
    body = SlotBody(
        IDS[0], "activity", {}, starts_at, starts_at + timedelta(hours=1), "Europe/Warsaw", "all", "planned", 1
    )
    return msgspec.structs.replace(body, **fields)


def test_twenty_moves_of_one_slot_are_one_moved() -> None:
    now, before = series({IDS[0]: slot()}, [{IDS[0]: slot(minutes)} for minutes in range(1, 21)])

    [piece] = sum_for(changes(before, now).values(), ME, None)

    assert (piece.word, piece.body.starts_at) == ("moved", START + timedelta(minutes=20))


def test_the_bounds_of_short_notice_are_three_hours_and_a_day() -> None:
    def near(minutes: int, kind: str = "activity") -> bool:
        return is_near(Change(slot(minutes, kind=kind), None, "cancelled"), START)

    assert [near(minutes) for minutes in (0, 1, 180, 181)] == [False, True, True, False]
    assert [near(minutes, "travel") for minutes in (0, 1, 1440, 1441)] == [False, True, True, False]
    assert ("new" in PRESSING, "changed" in PRESSING) == (False, False)


@pytest.mark.parametrize(
    ("at", "begins", "is_late"),
    [
        ("2027-07-14 17:59", "2027-07-15 06:00", False),
        ("2027-07-14 18:00", "2027-07-15 06:00", True),
        ("2027-07-14 23:00", "2027-07-15 08:00", True),
        ("2027-07-14 23:00", "2027-07-15 08:01", False),
        ("2027-07-15 00:30", "2027-07-15 08:00", True),
        ("2027-07-15 00:30", "2027-07-16 06:00", False),
        ("2027-03-27 23:00", "2027-03-28 08:00", True),
        ("2027-10-30 23:00", "2027-10-31 08:00", True),
        ("2027-10-30 23:00", "2027-10-31 08:01", False),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Warsaw", "America/Los_Angeles", "Asia/Kathmandu"])
def test_in_the_evening_what_begins_before_eight_is_short_notice(
    zone: str, at: str, begins: str, is_late: bool
) -> None:
    looked_at, begins_at = (datetime.fromisoformat(one).replace(tzinfo=ZoneInfo(zone)) for one in (at, begins))
    early = slot(starts_at=begins_at.astimezone(UTC), zone=zone)
    later = slot(starts_at=begins_at.astimezone(UTC) + timedelta(hours=3), zone=zone)

    found = [
        is_near(change, looked_at.astimezone(UTC))
        for change in (
            Change(early, None, "cancelled"),
            Change(early, later, "moved"),
            Change(later, early, "moved"),
        )
    ]

    assert found == [is_late] * 3


def test_in_the_evening_nobody_is_woken_for_free_time_or_for_what_lasts_from_midnight() -> None:
    evening, midnight = (datetime(2027, 7, 14, hour, tzinfo=UTC) for hour in (18, 22))
    free = slot(starts_at=midnight + timedelta(hours=7), kind="free")
    whole_day = slot(starts_at=midnight, ends_at=midnight + timedelta(days=1))
    night_hike = slot(starts_at=midnight, ends_at=midnight + timedelta(hours=4))

    found = [is_near(Change(one, None, "cancelled"), evening) for one in (free, whole_day, night_hike)]

    assert found == [False, False, True]
