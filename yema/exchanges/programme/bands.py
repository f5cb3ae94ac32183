"""How far a group comes, and in which of the programme's bands that is."""

from collections.abc import Sequence

from yema.exchanges.globe import Point, distance_km
from yema.exchanges.programme.calls import TravelBand, latest_bands


class NoTravelBand(ValueError):
    """It is nearer than the first band begins."""


def travel_km(origin: Point, venue: Point) -> int:
    """The great-circle distance between two points in kilometres, one way, rounded to the nearest.

    On a sphere of 6371.0088 km (IUGG mean radius).
    """
    return round(distance_km(origin, venue))


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
