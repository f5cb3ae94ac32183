"""How each group travels, as far as it is known: how far, how green, and for how many days the programme pays."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

from yema.exchanges.globe import Point
from yema.exchanges.programme.bands import NoTravelBand, band_of, travel_km
from yema.exchanges.programme.calls import CallRules, Green
from yema.exchanges.whole import Leg, Party, Place, WholeExchange

_BY_WORD = "other"
"""Of this mode nobody knows the means; so the leaders' own word (`green`) counts."""


class GroupTravel(Struct, frozen=True):
    """A group's way to the venue. None is what cannot be said: without coordinates, without legs, or without their distances.

    `travel_days` is how many days of a person are funded at most; while nobody can say how green the way is, as many as without.
    `no_distance` are the legs that leave it open.
    """

    group: UUID
    distance_km: int | None
    band: str | None
    green: bool | None
    travel_days: int
    no_distance: list[UUID]


def travel_of(whole: WholeExchange, rules: CallRules) -> dict[UUID, GroupTravel]:
    """The travel of each group, in the order of the groups."""
    place = main_place(whole.places.values())
    return {
        party.id: _travel(party, place, [leg for leg in whole.legs if leg.group == party.id], rules)
        for party in whole.parties.values()
    }


def main_place(places: Iterable[Place]) -> Place | None:
    """Where the exchange is at home: the venue that says so, or the only one there is."""
    every = list(places)
    return next((place for place in every if place.main), every[0] if len(every) == 1 else None)


def _travel(party: Party, place: Place | None, legs: list[Leg], rules: CallRules) -> GroupTravel:
    origin, venue = _point(party), _point(place)
    distance = travel_km(origin, venue) if origin and venue else None
    green = is_green(legs, rules.green)
    return GroupTravel(
        group=party.id,
        distance_km=distance,
        band=_code(distance, rules),
        green=green,
        travel_days=rules.travel_days.max_green if green else rules.travel_days.max,
        no_distance=[leg.id for leg in legs if leg.distance_km is None] if green is None else [],
    )


def _point(of: Party | Place | None) -> Point | None:
    if of is None or of.latitude is None or of.longitude is None:
        return None
    return Point(of.latitude, of.longitude)


def _code(distance: int | None, rules: CallRules) -> str | None:
    try:
        return None if distance is None else band_of(distance, rules.travel.bands).code
    except NoTravelBand:
        return None


def is_green(legs: list[Leg], rules: Green) -> bool | None:
    """Whether more than half of the way, there and back, goes by low-emission modes. None while that cannot be said.

    A leg whose distance nobody stated is nought at least, and at most as long as its mode could get in its time: where that already
    decides it, nothing more is asked. Names of places are not looked up.
    """
    if not legs:
        return None
    low_least = low_most = other_least = other_most = 0.0
    for leg in legs:
        least, most = _reach(leg, rules)
        if leg.green if leg.mode == _BY_WORD else leg.mode in rules.modes:
            low_least, low_most = low_least + least, low_most + most
        else:
            other_least, other_most = other_least + least, other_most + most
    if low_least > other_most or (low_most > 0 and other_most == 0):
        return True
    return False if low_most <= other_least or low_most == 0 else None


def _reach(leg: Leg, rules: Green) -> tuple[float, float]:
    if leg.distance_km is not None:
        return leg.distance_km, leg.distance_km
    hours = (leg.arrives_at - leg.departs_at).total_seconds() / 3600
    return 0, hours * rules.kmh_max.get(leg.mode, rules.kmh_max[_BY_WORD])
