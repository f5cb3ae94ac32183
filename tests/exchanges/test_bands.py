"""How far, how green, and for how many days the programme pays."""

from datetime import UTC, datetime, timedelta
from math import atan2, cos, degrees, pi, radians, sin, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchanges.reckoned import but, good, judged, rule
from tests.exchanges.valued import DAY, HALL, PARTIES, PLACES, POLAND, uid
from yema.exchanges.globe import EARTH_RADIUS_KM, Point
from yema.exchanges.programme.bands import NoTravelBand, travel_band, travel_km
from yema.exchanges.programme.calls import call_of
from yema.exchanges.programme.travel import is_green
from yema.exchanges.whole import Leg, WholeExchange

WARSAW, MADRID = Point(52.2297, 21.0122), Point(40.4168, -3.7038)
LISBON, HELSINKI, REYKJAVIK = Point(38.7223, -9.1393), Point(60.1699, 24.9384), Point(64.1466, -21.9426)
TBILISI, SYDNEY, VIENNA, BRATISLAVA = (
    Point(41.7151, 44.8271),
    Point(-33.8688, 151.2093),
    Point(48.2082, 16.3738),
    Point(48.1486, 17.1077),
)
CITIES = [WARSAW, MADRID, LISBON, HELSINKI, REYKJAVIK, TBILISI, SYDNEY, VIENNA, BRATISLAVA]
GREEN = call_of(2027).rules.green
NOON = datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(hours=12)

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def vector(point: Point) -> tuple[float, float, float]:
    south, east = radians(point.latitude), radians(point.longitude)
    return cos(south) * cos(east), cos(south) * sin(east), sin(south)


def by_vectors(one: Point, other: Point) -> float:
    """The angle between the two directions from the middle of the Earth, by cross and dot product."""
    a, b = vector(one), vector(other)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return EARTH_RADIUS_KM * atan2(sqrt(sum(x * x for x in cross)), sum(x * y for x, y in zip(a, b, strict=True)))


@pytest.mark.parametrize("one", CITIES)
@pytest.mark.parametrize("other", CITIES)
def test_the_distance_is_the_angle_between_two_directions(one: Point, other: Point) -> None:
    assert travel_km(one, other) == round(by_vectors(one, other))


@pytest.mark.parametrize(
    ("one", "other", "km", "code"),
    [
        (VIENNA, BRATISLAVA, 55, "10-99"),
        (WARSAW, VIENNA, 556, "500-1999"),
        (WARSAW, MADRID, 2290, "2000-2999"),
        (LISBON, HELSINKI, 3360, "3000-3999"),
        (REYKJAVIK, TBILISI, 4820, "4000-7999"),
        (WARSAW, SYDNEY, 15594, "8000+"),
    ],
)
def test_cities_lie_in_their_bands(one: Point, other: Point, km: int, code: str) -> None:
    assert (travel_km(one, other), travel_band(one, other).code) == (km, code)


@given(points, points)
def test_the_way_back_is_as_long(one: Point, other: Point) -> None:
    assert travel_km(one, other) == travel_km(other, one)


@given(points, points, points)
def test_a_detour_is_not_shorter(one: Point, over: Point, other: Point) -> None:
    # Three distances are rounded.
    assert travel_km(one, other) <= travel_km(one, over) + travel_km(over, other) + 1.5


@given(points, points)
def test_no_distance_is_longer_than_half_the_earth(one: Point, other: Point) -> None:
    assert travel_km(one, other) <= round(pi * EARTH_RADIUS_KM)


def away(km: float) -> Point:
    return Point(degrees(km / EARTH_RADIUS_KM), 0)


@pytest.mark.parametrize(
    ("km", "code"),
    [
        (9.51, "10-99"),
        (10, "10-99"),
        (99.49, "10-99"),
        (99.51, "100-499"),
        (499.49, "100-499"),
        (499.51, "500-1999"),
        (1999.51, "2000-2999"),
        (2999.51, "3000-3999"),
        (3999.51, "4000-7999"),
        (7999.49, "4000-7999"),
        (7999.51, "8000+"),
    ],
)
def test_a_band_begins_where_the_rounded_distance_does(km: float, code: str) -> None:
    assert travel_band(Point(0, 0), away(km)).code == code


@pytest.mark.parametrize("km", [0, 5, 9.49])
def test_under_ten_kilometres_there_is_no_band(km: float) -> None:
    with pytest.raises(NoTravelBand):
        travel_band(Point(0, 0), away(km))


@given(points, points)
def test_every_distance_from_ten_kilometres_on_has_one_band(one: Point, other: Point) -> None:
    km = travel_km(one, other)
    assume(km >= 10)

    band = travel_band(one, other)

    assert band.from_km <= km <= (band.to_km or km)


def leg(mode: str, km: int | None, hours: float = 2, *, green: bool = False) -> Leg:
    times = NOON, "UTC", NOON + timedelta(hours=hours), "UTC"
    return Leg(uid(900), POLAND, "outward", mode, "A", "B", *times, None, km, green, 1)


@pytest.mark.parametrize(
    ("legs", "green"),
    [
        ([], None),
        ([leg("train", 600), leg("plane", 599)], True),
        ([leg("train", 600), leg("plane", 600)], False),
        ([leg("bus", 300), leg("bicycle", 50), leg("shared_car", 300), leg("ferry", 600)], True),
        ([leg("car", 600), leg("bus", 50)], False),
        ([leg("plane", 600, green=True), leg("bus", 50)], False),  # whatever somebody ticked
        ([leg("other", 600, green=True), leg("car", 50)], True),  # a sailing boat
        ([leg("train", None), leg("bus", None)], True),
        ([leg("plane", None)], False),
        ([leg("plane", 1200), leg("bus", None, 1)], False),  # no bus gets as far in an hour
        ([leg("train", 900), leg("ferry", None, 1)], True),
        ([leg("plane", 1200), leg("train", None, 9)], None),
        ([leg("plane", None), leg("train", None, 20)], None),
    ],
)
def test_a_way_is_green_whose_main_part_is(legs: list[Leg], green: bool | None) -> None:
    assert is_green(legs, GREEN) is green


def located(*legs: Leg) -> WholeExchange:
    """The Polish group comes from Warsaw; nobody knows where the Spanish one does."""
    parties = {one.id: one for one in (replace(PARTIES[0], latitude=52.2297, longitude=21.0122), PARTIES[1])}
    places = {one.id: replace(one, main=one.id == HALL) for one in PLACES}
    return good(parties=parties, places=places, legs=list(legs))


def test_a_groups_way_is_from_its_city_to_the_main_venue() -> None:
    travel = judged(located()).travel

    assert [(one.distance_km, one.band) for one in travel.values()] == [(253, "100-499"), (None, None)]


def test_without_a_main_venue_among_many_nobody_knows_the_way() -> None:
    whole = located()
    nowhere = {one.id: replace(one, main=False) for one in whole.places.values()}

    assert judged(replace(whole, places=nowhere)).travel[POLAND].distance_km is None


def test_two_travel_days_are_paid_and_six_for_a_green_way() -> None:
    ways = [judged(located(leg(mode, 300))).travel[POLAND].travel_days for mode in ("plane", "train")]

    assert ways == [2, 6]


@pytest.mark.parametrize(
    ("mode", "days", "holds", "missed"),
    [
        ("plane", 2, True, None),
        ("plane", 3, False, 1),
        ("train", 6, True, None),
        ("train", 7, False, 1),
        (None, 2, True, None),
        (None, 3, None, None),
        (None, 7, False, 5),
    ],
)
def test_more_travel_days_than_are_paid_are_said(
    mode: str | None, days: int, holds: bool | None, missed: int | None
) -> None:
    legs = [leg(mode, 300)] if mode else []

    found = rule("travel_days", replace(located(*legs), people={p.id: p for p in but(101, travel_days=days)}))

    assert (found.holds, found.missed_by, found.unknown) == (holds, missed, [uid(101)] if holds is None else [])


def test_the_legs_that_leave_it_open_are_named() -> None:
    way = judged(located(leg("plane", 1200), leg("train", None, 9))).travel[POLAND]

    assert (way.green, way.travel_days, way.no_distance) == (None, 2, [uid(900)])
