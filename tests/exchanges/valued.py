"""Exchanges as values, for the pure rules: three days in Warsaw, two groups with a leader and five participants each, and a few places.

What a test does not name does not matter to it, and gives no warning by itself: a slot is of the kind that needs nobody responsible.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yema.exchanges.plan import SlotBody
from yema.exchanges.rules import at_wall
from yema.exchanges.schemas.overview.warnings import WarningView
from yema.exchanges.schemas.plan.materials import Need
from yema.exchanges.warnings import warnings_of
from yema.exchanges.whole import ActivityFacts, Party, Place, Someone, WholeExchange

ZONE = "Europe/Warsaw"
DAY = date(2027, 7, 14)
DAYS = 3


def uid(number: int) -> UUID:
    return UUID(int=number)


POLAND, SPAIN = uid(1), uid(2)
LAWN, HALL, TOWN, TENT = uid(11), uid(12), uid(13), uid(14)
BLUE, RED = uid(21), uid(22)
ACTIVITY = uid(31)
KRAKOW = 50.0600


def north(km: float) -> float:
    """The latitude so many kilometres north of the hall."""
    return KRAKOW + km / 111.19508


PARTIES = [Party(POLAND, "Poland", "PL"), Party(SPAIN, "Spain", "ES")]
PLACES = [
    Place(LAWN, "Lawn", ZONE, latitude=north(0.05), longitude=19.94),
    Place(HALL, "Hall", ZONE, latitude=KRAKOW, longitude=19.94, rooms={BLUE: ("Blue", None), RED: ("Red", None)}),
    Place(TOWN, "Town", ZONE, latitude=north(2.999), longitude=19.94),
    Place(TENT, "Tent", ZONE),
]


def someone(number: int, role: str = "participant", group: UUID | None = POLAND, **fields: Any) -> Someone:
    known: dict[str, Any] = {"born": "2000-01", "languages": frozenset(["en"]), **fields}
    return Someone(id=uid(number), member=uid(number + 500), name=f"P{number}", role=role, group=group, **known)


def crowd() -> list[Someone]:
    """Leaders are 100 and 200, participants 101 to 105 and 201 to 205."""
    return [
        someone(first + n, "participant" if n else "leader", group)
        for first, group in ((100, POLAND), (200, SPAIN))
        for n in range(6)
    ]


LEADER, LEADER2 = uid(100), uid(200)


def slot(number: int, hours: str, day: int = 0, **fields: Any) -> SlotBody:
    """A slot for all on the first day; hours are those on the wall, and an end before the start is on the next day."""
    start, end = (datetime.strptime(clock, "%H:%M").time() for clock in hours.split("-"))  # noqa: DTZ007
    on = DAY + timedelta(day)
    starts_at = at_wall(on, start, ZONE)
    ends_at = at_wall(on + timedelta(end <= start), end, ZONE)
    known: dict[str, Any] = {
        "kind": "other",
        "titles": {"en": f"S{number}"},
        "audience": "groups" if "groups" in fields else "people" if "people" in fields else "all",
        "state": "planned",
        **fields,
    }
    return SlotBody(id=uid(1000 + number), starts_at=starts_at, ends_at=ends_at, zone=ZONE, version=1, **known)


def exchange(*slots: SlotBody, people: list[Someone] | None = None, **fields: Any) -> WholeExchange:
    """An exchange with these slots and the `crowd`."""
    present = crowd() if people is None else people
    known: dict[str, Any] = {"places": PLACES, "parties": PARTIES, "activities": [], **fields}
    for name in ("places", "parties", "activities"):
        known[name] = {one.id: one for one in known[name]}
    return WholeExchange(
        id=uid(9),
        title="Water connects us",
        organisation="Host",
        oid=None,
        country="PL",
        project_number=None,
        call_year=None,
        starts_on=DAY,
        ends_on=DAY + timedelta(DAYS - 1),
        zone=ZONE,
        languages=["en"],
        ceilings={},
        people={one.id: one for one in present},
        slots=sorted(slots, key=lambda s: (s.starts_at, s.id)),
        legs=[],
        **known,
    )


def found(whole: WholeExchange) -> list[tuple[str, list[int]]]:
    """The warnings by code, each with the numbers of its slots."""
    return [(one.code, [slot.int - 1000 for slot in one.slots]) for one in warnings_of(whole, ("en",)).items]


def only(whole: WholeExchange) -> WarningView:
    """The one warning that there is."""
    [one] = warnings_of(whole, ("en",)).items
    return one


def activity(*needs: Need, **bounds: Any) -> ActivityFacts:
    known = {"minutes_min": 30, "minutes_max": 60, "group_size_min": 1, "group_size_max": 100, "age_from": 13, **bounds}
    return ActivityFacts(id=ACTIVITY, title="Game", locale="en", needs=list(needs), **known)


def later(whole: WholeExchange, days: int) -> WholeExchange:
    """The same plan so many days later; the exchange keeps its days."""
    moved = [
        msgspec.structs.replace(s, starts_at=s.starts_at + timedelta(days), ends_at=s.ends_at + timedelta(days))
        for s in whole.slots
    ]
    return msgspec.structs.replace(whole, slots=moved)
