"""How far it is from one place on the Earth to another. Pure."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the Earth (IUGG)."""


class Point(NamedTuple):
    """WGS 84 degrees."""

    latitude: float
    longitude: float


def distance_km(origin: Point, target: Point) -> float:
    """The great-circle distance by the haversine formula on a sphere, which also holds for points that lie close together."""
    south, north = radians(origin.latitude), radians(target.latitude)
    turn = sin((north - south) / 2) ** 2
    turn += cos(south) * cos(north) * sin(radians(target.longitude - origin.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, turn)))
