"""The rows that are reported to the programme: one for each mobility, which is one person's taking part.

The columns are named in English as the reporting tool names them: they are identifiers, not words for a reader. Empty is what nobody has
said; the tool asks for it when the file is imported.
"""

from datetime import date
from uuid import UUID

from yema.exchanges.programme.calls import call_of
from yema.exchanges.programme.counts import days
from yema.exchanges.programme.eligibility import year_of
from yema.exchanges.programme.travel import GroupTravel, travel_of
from yema.exchanges.whole import Party, Someone, WholeExchange

Row = list[str | int | date | None]

COLUMNS = (
    "Grant Agreement No.",
    "Mobility activity ID",
    "Participant",
    "Role",
    "Start date",
    "End date",
    "Sending Organisation OID",
    "Sending Organisation",
    "Sending country",
    "Sending city",
    "Receiving Organisation OID",
    "Receiving country",
    "Receiving city",
    "Duration (in days)",
    "Funded travel days",
    "Funded duration including travel days (in days)",
    "Distance (in km)",
    "Distance band",
    "Green travel",
    "Fewer opportunities",
)
_ROLES = {"participant": "Participant", "leader": "Group leader", "facilitator": "Facilitator"}
"""Coordinators have no mobility."""


def mobilities(whole: WholeExchange) -> list[Row]:
    """By group, role and name. Countries are ISO 3166-1 codes, days are those of the activity without travel."""
    travel = travel_of(whole, call_of(year_of(whole)).rules)
    order = [None, *whole.parties]
    people = sorted(
        (one for one in whole.people.values() if one.role in _ROLES),
        key=lambda one: (order.index(one.group), [*_ROLES].index(one.role), one.name, one.member),
    )
    return [_row(whole, one, travel) for one in people]


def _row(whole: WholeExchange, one: Someone, travel: dict[UUID, GroupTravel]) -> Row:
    """Whoever belongs to no group is sent by the organisation of the exchange, from where nobody has said."""
    party = whole.parties.get(one.group) if one.group else None
    way = travel.get(one.group) if one.group else None
    host = next((party for party in whole.parties.values() if party.hosts), None)
    return [
        whole.project_number,
        str(one.member),
        one.name,
        _ROLES[one.role],
        whole.starts_on,
        whole.ends_on,
        *_sender(whole, party),
        (host.oid if host else None) or whole.oid,
        host.country if host else whole.country,
        host.city if host else None,
        days(whole),
        one.travel_days,
        None if one.travel_days is None else days(whole) + one.travel_days,
        way.distance_km if way else None,
        way.band if way else None,
        _yes(way.green if way else None),
        _yes(one.fewer_opportunities),
    ]


def _sender(whole: WholeExchange, party: Party | None) -> list[str | None]:
    if party is None:
        return [whole.oid, whole.organisation, whole.country, None]
    return [party.oid, party.organisation, party.country, party.city]


def _yes(said: bool | None) -> str | None:
    return None if said is None else "Yes" if said else "No"
