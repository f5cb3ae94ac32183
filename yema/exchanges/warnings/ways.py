"""The way from one place to the next."""

from collections.abc import Iterator
from math import ceil
from uuid import UUID

from yema.exchanges.globe import Point, distance_km
from yema.exchanges.warnings.timetable import MINUTE, Finding, Stretch, Timetable, in_order
from yema.exchanges.whole import Place

NEXT_DOOR_KM = 0.1
ON_FOOT_KM = 3.0
WALK_KM_H, WALK_EXTRA = 4.5, 5
RIDE_KM_H, RIDE_EXTRA = 30.0, 15


def minutes_between(here: Place, there: Place) -> int | None:
    """How long a group takes from one place to another, in whole minutes; None where nobody knows where one of them lies.

    The formula is our own, a guess that is easy to check by head. Great-circle distance on a sphere of 6371.0088 km (IUGG mean radius);
    up to 3 km on foot, 4.5 km an hour and 5 minutes to gather; beyond that by bus, 30 km an hour and 15 minutes. Less than 100 m
    are no way at all: a house and the lawn before it are two venues.
    """
    if here.latitude is None or here.longitude is None or there.latitude is None or there.longitude is None:
        return None
    distance = distance_km(Point(here.latitude, here.longitude), Point(there.latitude, there.longitude))
    if distance < NEXT_DOOR_KM:
        return 0
    if distance <= ON_FOOT_KM:
        return ceil(distance / WALK_KM_H * 60 + WALK_EXTRA)
    return ceil(distance / RIDE_KM_H * 60 + RIDE_EXTRA)


def hurries(table: Timetable) -> list[Finding]:
    """`too_little_time`: two slots of the same people, one after the other in different venues, with less time between than the way takes.

    A journey between them is how they get there, and how long it takes its planner knows. Free time and slots without a venue move nobody.
    Parallel slots from which people come, or to which they go, on the same way at the same time are one finding.
    """
    steps = [stretch for stretch in table.slots if stretch.slot.venue or _moves(stretch)]
    ways = _Ways(table.exchange.places)
    found: dict[tuple[UUID | None, UUID | None, int, int], Finding] = {}
    for one, other, people in _steps(steps, ways):
        missing = ways.seconds(one.slot.venue, other.slot.venue) - (other.start - one.end)
        if missing > 0:
            key = one.slot.venue, other.slot.venue, one.end, other.start
            finding = found.setdefault(
                key, Finding("too_little_time", [], by=ceil(missing / MINUTE), start=one.end, end=other.start)
            )
            finding.people |= people
            finding.slots += (one, other)
    for finding in found.values():
        finding.slots = in_order(finding.slots)
    return list(found.values())


def _steps(slots: list[Stretch], ways: "_Ways") -> Iterator[tuple[Stretch, Stretch, int]]:
    """Two slots, one after the other for these people, that are not further apart in time than any venue is from the first one."""
    for number, one in enumerate(slots, start=1):
        if _moves(one):
            continue
        left, latest = one.there, one.end + ways.longest_from(one.slot.venue)
        for other in slots[number:]:
            if not left or other.start >= latest:
                break
            both = left & other.there
            if both and other.start >= one.end:
                yield one, other, both
            left &= ~both


def _moves(stretch: Stretch) -> bool:
    return stretch.slot.kind == "travel"


class _Ways:
    """The seconds between venues, each worked out once."""

    def __init__(self, places: dict[UUID, Place]) -> None:
        self._places = places
        self._seconds: dict[tuple[UUID | None, UUID | None], int] = {}
        self._longest: dict[UUID | None, int] = {}

    def longest_from(self, venue: UUID | None) -> int:
        """How far away the most distant venue is."""
        if venue not in self._longest:
            self._longest[venue] = max((self.seconds(venue, other) for other in self._places), default=0)
        return self._longest[venue]

    def seconds(self, here: UUID | None, there: UUID | None) -> int:
        """Nothing where the venue is the same, or not known."""
        if here is None or there is None or here == there:
            return 0
        # One number for both directions, which in floating point are not always the same.
        way = (here, there) if here < there else (there, here)
        if way not in self._seconds:
            known = self._places.get(way[0]), self._places.get(way[1])
            minutes = minutes_between(known[0], known[1]) if known[0] and known[1] else None
            self._seconds[way] = (minutes or 0) * MINUTE
        return self._seconds[way]
