"""Slots of the plan as bodies: however many there are, with three statements."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from yema.database import Row, Statement, as_id, as_instant, fetch
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.plan.packs import planned_titles
from yema.exchanges.schemas.plan.materials import Need

# With a plus, a column comes out of SQLite as it is kept: Piccolo's converters would take as long as all the rest.
_SLOTS = (
    "SELECT +s.id, s.kind, s.titles, +s.starts_at, +s.ends_at, s.zone, s.audience, s.state, +s.version, +s.venue, +s.activity, +s.room,"
    " +s.series, s.materials FROM slot s WHERE s.exchange = {}"
)
_GROUPS = 'SELECT +g.slot, +g."group" FROM slot_group g JOIN slot s ON s.id = g.slot WHERE s.exchange = {}'
_PEOPLE = "SELECT +p.slot, +p.person, p.part FROM slot_person p JOIN slot s ON s.id = p.slot WHERE s.exchange = {}"
_ORDER = " ORDER BY s.starts_at, s.id"
_SOME = " AND s.id IN (SELECT value FROM json_each({}))"
_SOME_POSTGRES = (
    " AND s.id IN (SELECT CAST(one AS uuid) FROM jsonb_array_elements_text(CAST({} AS jsonb)) AS named(one))"
)


def _statement(sql: str, end: str, some: str = "", some_postgres: str = "") -> Statement:
    return Statement(sql + some + end, postgres=sql.replace("+", "") + some_postgres + end)


def _statements(*some: str) -> tuple[Statement, Statement, Statement]:
    return _statement(_SLOTS, _ORDER, *some), _statement(_GROUPS, "", *some), _statement(_PEOPLE, "", *some)


_ALL_OF_IT, _SOME_OF_IT = _statements(), _statements(_SOME, _SOME_POSTGRES)
_NEEDS = msgspec.json.Decoder(list[Need])
_TITLES = msgspec.json.Decoder(dict[str, str])


class _Ids(dict[Any, UUID]):
    """Ids as either driver gives them. The same few people are in many slots: each is made once."""

    def __missing__(self, value: Any) -> UUID:
        self[value] = found = as_id(value)
        return found


class Planned(NamedTuple):
    """A slot of the plan, and the titles that are its `own`: without any, its body has those of its activity."""

    body: SlotBody
    own: dict[str, str]


async def planned(exchange: UUID, only: Collection[UUID] | None = None) -> list[Planned]:
    """The slots of a plan, or these of them, in the order of time.

    A slot without titles has those of its activity, in the version that the exchange keeps.
    """
    statements, args = _ALL_OF_IT, (exchange,)
    if only is not None:
        statements, args = _SOME_OF_IT, (exchange, msgspec.json.encode([*only]).decode())  # type: ignore[assignment]
    return await _with_people(exchange, await fetch(statements[0], *args), statements[1:], args)


async def _with_people(
    exchange: UUID, slots: list[Row], statements: tuple[Statement, Statement], args: tuple[Any, ...]
) -> list[Planned]:
    in_groups, with_people = [await fetch(statement, *args) for statement in statements]
    ids = _Ids()
    groups: dict[Any, list[UUID]] = defaultdict(list)
    for slot, group in in_groups:
        groups[slot].append(ids[group])
    people: dict[Any, list[UUID]] = defaultdict(list)
    for slot, person, part in with_people:
        people[slot, part].append(ids[person])
    activity_titles = await planned_titles(exchange) if any(row[10] for row in slots) else {}
    return [_planned(row, groups, people, activity_titles) for row in slots]


def _planned(
    row: Row,
    groups: dict[Any, list[UUID]],
    people: dict[Any, list[UUID]],
    activity_titles: dict[UUID, dict[str, str]],
) -> Planned:
    slot, kind, titles, starts_at, ends_at, zone, audience, state, version, venue, activity, room, series, needs = row
    own = _TITLES.decode(titles)
    activity = as_id(activity) if activity else None
    body = SlotBody(
        id=as_id(slot),
        kind=kind,
        titles=own or activity_titles.get(activity, {}) if activity else own,
        starts_at=as_instant(starts_at),
        ends_at=as_instant(ends_at),
        zone=zone,
        audience=audience,
        state=state,
        version=version,
        groups=sorted(groups.get(slot, ())),
        people=sorted(people.get((slot, "audience"), ())),
        responsible=sorted(people.get((slot, "responsible"), ())),
        venue=as_id(venue) if venue else None,
        activity=activity,
        room=as_id(room) if room else None,
        series=as_id(series) if series else None,
        materials=_NEEDS.decode(needs),
    )
    return Planned(body, own)
