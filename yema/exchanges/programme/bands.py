"""How far a group comes, and in which of the programme's bands that is."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from yema.exchanges.programme.calls import TravelBand, latest_bands

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the Earth (IUGG)."""


class Point(NamedTuple):
    """WGS 84 degrees."""

    latitude: float
    longitude: float


class NoTravelBand(ValueError):
    """It is nearer than the first band begins."""


def travel_km(origin: Point, venue: Point) -> int:
    """The great-circle distance between two points in kilometres, one way, rounded to the nearest.

    By the haversine formula on a sphere of 6371.0088 km, which also holds for points that lie close together.
    """
    south, north = radians(origin.latitude), radians(venue.latitude)
    turn = sin((north - south) / 2) ** 2
    turn += cos(south) * cos(north) * sin(radians(venue.longitude - origin.longitude) / 2) ** 2
    return round(2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, turn))))


def travel_band(origin: Point, venue: Point, bands: Sequence[TravelBand] = ()) -> TravelBand:
    """The Erasmus+ distance band between two WGS 84 points, one way; of the latest call year unless others are given.

    Great-circle distance as `travel_km`. Under 10 km there is no band: raises `NoTravelBand`. Bands: Programme Guide, part B, youth
    exchanges.
    """
    return band_of(travel_km(origin, venue), bands or latest_bands())


def band_of(distance_km: int, bands: Sequence[TravelBand]) -> TravelBand:
    """The band of a distance. Raises `NoTravelBand`."""
    for band in reversed(bands):
        if distance_km >= band.from_km:
            return band
    raise NoTravelBand
