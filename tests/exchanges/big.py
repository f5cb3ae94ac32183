"""A big exchange as a value: 21 days, 80 people of four groups, 400 slots. The same at every call, made without a database.

Each day has slots for all, for each group in its room, and for mixed parts whose people are chosen anew, so that few people have the
same days. Every activity has needs, and leaders answer for them in turn. It is not tidy: some evenings are long, some rooms taken twice.
"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yema.exchanges.plan import SlotBody
from yema.exchanges.schemas.plan.materials import Need
from yema.exchanges.whole import ActivityFacts, Party, Place, Someone, WholeExchange

ZONE = "Europe/Warsaw"
FIRST_DAY = date(2027, 7, 1)
DAYS, GROUPS, OF_A_GROUP, SLOTS = 21, 4, 20, 400
COUNTRIES = ("PL", "ES", "UA", "IT")
TONGUES = ("pl", "es", "uk", "it")
LEADERS = 3


def big_exchange(days: int = DAYS) -> WholeExchange:
    """Ids count upwards from a number for each kind of thing."""
    parties = {party.id: party for party in map(_party, range(GROUPS))}
    people = {one.id: one for one in map(_someone, range(GROUPS * OF_A_GROUP))}
    places = {place.id: place for place in map(_place, range(6))}
    activities = {one.id: one for one in map(_activity, range(20))}
    slots = [slot for day in range(days) for slot in _day(day)]
    slots.append(_slot(len(slots), days - 1, "22:30-23:15", "other", "all", venue=5))
    return WholeExchange(
        id=_id(1, 0),
        title="Water connects us",
        organisation="Host",
        oid="E10000001",
        country="PL",
        project_number="2027-1-PL01-KA152-YOU-000000001",
        call_year=2027,
        starts_on=FIRST_DAY,
        ends_on=FIRST_DAY + timedelta(days - 1),
        zone=ZONE,
        languages=["en", *TONGUES],
        ceilings={},
        parties=parties,
        people=people,
        places=places,
        slots=sorted(slots, key=lambda slot: (slot.starts_at, slot.id)),
        legs=[],
        activities=activities,
    )


def _id(kind: int, number: int) -> UUID:
    return UUID(int=kind << 64 | number)


def _party(number: int) -> Party:
    return Party(_id(2, number), f"Group {number}", COUNTRIES[number], "City", 50.0 + number, 20.0, hosts=not number)


def _someone(number: int) -> Someone:
    group, place = divmod(number, OF_A_GROUP)
    role = "participant" if place >= LEADERS else "coordinator" if number == 0 else "leader"
    return Someone(
        id=_id(3, number),
        member=_id(4, number),
        name=f"Person {number}",
        role=role,
        group=_id(2, group),
        born="1990-05" if place < LEADERS else f"{2007 + place % 6}-{1 + place % 12:02}",
        gender="fm"[number % 2],
        languages=frozenset(("en", TONGUES[group]) if place != 7 else (TONGUES[group],)),
        fewer_opportunities=place % 4 == 0,
        guardian_authorised=place % 2 == 0,
        travel_days=2,
    )


def _place(number: int) -> Place:
    rooms: dict[UUID, tuple[str, int | None]] = {_id(6, room): (f"Room {room}", 25) for room in range(8)}
    return Place(
        _id(5, number),
        f"Place {number}",
        ZONE,
        address=f"Street {number}",
        latitude=50.05 + (number * 0.0002 if number < 4 else number * 0.004),
        longitude=19.94,
        capacity=120 if number < 5 else 60,
        main=not number,
        rooms={} if number else rooms,
    )


def _activity(number: int) -> ActivityFacts:
    needs = [
        Need(name=f"Thing {number % 7}", quantity=1.5, per="participant", locale="en"),
        Need(name="Ball", per="total", locale="en"),
        Need(name="Flipchart", quantity=2, per="group", locale="en"),
    ]
    return ActivityFacts(_id(7, number), f"Activity {number}", "en", 30, 80, 5, 40, 13, needs)


def _day(day: int) -> list[SlotBody]:
    first = day * 19
    late = "21:00-23:45" if day % 5 == 0 else "20:30-22:00"
    return [
        _slot(first, day, "07:45-08:30", "meal", "all", venue=1),
        _slot(first + 1, day, "08:30-09:15", "activity", "all", venue=2, activity=day % 20),
        *(
            _slot(first + 2 + g, day, "09:30-10:45", "activity", "groups", group=g, room=g, activity=(day + g) % 20)
            for g in range(4)
        ),
        *(
            _slot(first + 6 + g, day, "11:00-12:30", "activity", "people", group=g, room=g // (1 + (day % 7 == 3)))
            for g in range(4)
        ),
        _slot(first + 10, day, "12:30-13:30", "meal", "all", venue=1),
        _slot(first + 11, day, "13:30-15:00", "free", "all"),
        _slot(first + 12, day, "15:00-17:30", "activity", "all", venue=3 + day % 3, activity=(day * 3) % 20),
        *(_slot(first + 13 + g, day, "17:45-18:15", "reflection", "groups", group=g, room=g) for g in range(4)),
        _slot(first + 17, day, "18:30-19:30", "meal", "all", venue=1),
        _slot(first + 18, day, late, "other", "all", venue=4),
    ]


def _slot(
    number: int,
    day: int,
    hours: str,
    kind: str,
    audience: str,
    *,
    venue: int | None = None,
    room: int | None = None,
    group: int = 0,
    activity: int | None = None,
) -> SlotBody:
    start, end = (
        datetime.combine(FIRST_DAY + timedelta(day), time.fromisoformat(clock), ZoneInfo(ZONE)).astimezone(UTC)
        for clock in hours.split("-")
    )
    chosen = [_id(3, n) for n in range(GROUPS * OF_A_GROUP) if (n * 7 + day * (1 + n % 3)) % GROUPS == group]
    place = 0 if room is not None else venue
    return SlotBody(
        id=_id(8, number),
        kind=kind,
        titles={"en": f"Slot {number}", "pl": f"Punkt {number}", "ar": f"فقرة {number}"},
        starts_at=start,
        ends_at=end,
        zone=ZONE,
        audience=audience,
        state="moved" if number % 50 == 7 else "planned",
        version=1 + number % 3,
        groups=[_id(2, group)] if audience == "groups" else [],
        people=chosen if audience == "people" else [],
        responsible=[_id(3, group * OF_A_GROUP + number % LEADERS)] if kind == "activity" or number % 2 else [],
        venue=None if place is None else _id(5, place),
        activity=None if activity is None else _id(7, activity),
        room=None if room is None else _id(6, room),
        materials=[Need(name="Sun cream", quantity=0.1, per="participant", unit="bottle")] if kind == "other" else [],
    )
