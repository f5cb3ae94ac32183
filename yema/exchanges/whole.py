"""A whole exchange as one value: what warnings, eligibility, shopping lists, calendars and sheets are made from. Pure.

Nothing here asks who reads: `queries.whole` does, and it puts in only what that reader may see.
"""

from calendar import isleap
from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from yema.exchanges.plan import SlotBody
from yema.exchanges.schemas.plan.materials import Need

_SHORT_FEBRUARY = 28


class Party(Struct, frozen=True):
    """A national group; coordinates are those of the city that it comes from. `organisation` and its `oid` send it."""

    id: UUID
    name: str
    country: str
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    hosts: bool = False
    organisation: str | None = None
    oid: str | None = None


class Someone(Struct, frozen=True):
    """An active member, by the person's id, with what a leader knows of them. `born` is year and month: `2009-05`.

    `languages` are tags of what they speak, the one of their phone among them.
    """

    id: UUID
    member: UUID
    name: str
    role: str
    group: UUID | None
    born: str | None = None
    gender: str | None = None
    languages: frozenset[str] = frozenset()
    fewer_opportunities: bool | None = None
    guardian_authorised: bool = False
    travel_days: int | None = None


class Place(Struct, frozen=True):
    """A venue. `rooms` are parts of it that can be taken by themselves, with how many people they hold (None where nobody said)."""

    id: UUID
    name: str
    zone: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    capacity: int | None = None
    main: bool = False
    rooms: dict[UUID, tuple[str, int | None]] = {}


class Leg(Struct, frozen=True):
    """One stretch of a group's way. Times are instants (UTC), each with the zone of its place."""

    id: UUID
    group: UUID
    direction: str
    mode: str
    from_place: str
    to_place: str
    departs_at: datetime
    departs_zone: str
    arrives_at: datetime
    arrives_zone: str
    carrier: str | None
    distance_km: int | None
    green: bool
    version: int


class ActivityFacts(Struct, frozen=True):
    """An activity in the version that the exchange keeps, in one language; bounds are inclusive."""

    id: UUID
    title: str
    locale: str
    minutes_min: int
    minutes_max: int
    group_size_min: int
    group_size_max: int
    age_from: int
    needs: list[Need] = []


class WholeExchange(Struct, frozen=True):
    """An exchange with its people, places, slots (in the order of time, cancelled ones too) and ways there."""

    id: UUID
    title: str
    organisation: str
    oid: str | None
    country: str
    project_number: str | None
    call_year: int | None
    starts_on: date
    ends_on: date
    zone: str
    languages: list[str]
    ceilings: dict[str, float]
    parties: dict[UUID, Party]
    people: dict[UUID, Someone]
    places: dict[UUID, Place]
    slots: list[SlotBody]
    legs: list[Leg]
    activities: dict[UUID, ActivityFacts]

    def concerned(self, slot: SlotBody) -> list[Someone]:
        """For whom a slot is, without those who only answer for it."""
        if slot.audience == "all":
            return list(self.people.values())
        if slot.audience == "groups":
            return [one for one in self.people.values() if one.group in slot.groups]
        return [self.people[one] for one in slot.people if one in self.people]


def ages_on(born: str, day: date) -> tuple[int, int]:
    """The least and the greatest number of full years that somebody may have on that day, of whose birth year and month are known.

    The two differ in the month of the birthday alone, and no more on its last day. Whoever was born on 29 February of a leap year has
    their birthday on 28 February or on 1 March, as their country says, so both are possible then.
    """
    year, month = int(born[:4]), int(born[5:7])
    full = day.year - year
    if day.month != month:
        return full - (day.month < month), full - (day.month < month)
    over = (day + timedelta(1)).month != month and not (day.day == _SHORT_FEBRUARY and isleap(year))
    return full - (not over), full


def age_on(born: str, day: date) -> int:
    """Full years on that day, for somebody of whom year and month of birth are known; while it cannot be said, as not yet older.

    For what protects minors. Where a rule has a least and a greatest age, ask `ages_on`.
    """
    return ages_on(born, day)[0]
