"""Emergency sheets: one's own, and those of the group that one leads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET, structs

from yema.accounts.errors import DiaryClosed
from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.exchanges.emergency_page import Header
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.care.emergency import MemberSheetView, SheetMarkView, SheetOpeningView, SheetView
from yema.exchanges.sealed import open_sheet, sheet_id
from yema.exchanges.tables.care import SheetOpening
from yema.exchanges.tables.exchange import Exchange, Group, Member, Venue

_OWN = Statement(
    "SELECT s.id, s.exchange, s.person, s.version, s.changed_at, s.changed_by, s.sealed FROM emergency_sheet s"
    " JOIN member m ON m.exchange = s.exchange AND m.person = s.person AND m.state = 'active'"
    " WHERE s.id = {} AND s.person = {}"
)
_OF_GROUP = Statement(
    "SELECT m.id, p.display_name, m.person, s.id, s.exchange, s.person, s.version, s.changed_at, s.changed_by, s.sealed"
    " FROM member m JOIN person p ON p.id = m.person"
    " LEFT JOIN emergency_sheet s ON s.exchange = m.exchange AND s.person = m.person"
    " WHERE m.exchange = {} AND m.\"group\" = {} AND m.state = 'active' ORDER BY p.display_name, m.id"
)
_MARKS = Statement(
    "SELECT s.id, s.person, s.version, s.sealed FROM emergency_sheet s"
    " JOIN member m ON m.exchange = s.exchange AND m.person = s.person AND m.state = 'active'"
    ' WHERE m.exchange = {} AND m."group" = {}'
)
_BY_ID = Statement("SELECT exchange, version, sealed FROM emergency_sheet WHERE id = {} AND person = {}")


def must_open_sheets(person: SignedIn) -> None:
    """Raises `DiaryClosed` for an operator's token, and for a phone that somebody re-linked."""
    person.must_open_diaries()
    if person.diary_since:
        raise DiaryClosed


async def own_sheet(membership: Membership) -> SheetView:
    """My own sheet. Raises `NotFound`."""
    view = await _own(sheet_id(membership.exchange, membership.person), membership.person)
    if view is None:
        raise NotFound
    return view


async def own_sheets_by_id(person: SignedIn, only: Sequence[UUID]) -> list[SheetView]:
    """Those of these sheets that are mine, in exchanges that I am in."""
    if person.diary_since:
        return []
    return [view for sheet in only if (view := await _own(sheet, person.id))]


async def own_by_id(person: SignedIn, sheet: UUID) -> tuple[UUID, int, bool]:
    """(exchange, version, whether it says anything) of a sheet of mine. Raises `NotFound`."""
    rows = await fetch(_BY_ID, sheet, person.id)
    if not rows:
        raise NotFound
    exchange, version, sealed = rows[0]
    return as_id(exchange), int(version), bool(sealed)


async def _own(sheet: UUID, person: UUID) -> SheetView | None:
    rows = await fetch(_OWN, sheet, person)
    return _sheet_view(*rows[0]) if rows else None


def must_lead_group(membership: Membership, group: UUID | None) -> None:
    """Raises `LeadersOnly` for participants, and `NotFound` for everybody who is not a leader of this very group."""
    if not membership.leads:
        raise LeadersOnly
    if group is None or membership.role != "leader" or membership.group != group:
        raise NotFound


async def member_led(membership: Membership, member: UUID) -> UUID:
    """The person of an active member of the group that this leader leads. Raises `LeadersOnly`, `NotFound`."""
    rows = await Member.select(Member.person, Member.group).where(
        Member.id == member, Member.exchange == membership.exchange, Member.state == "active"
    )
    must_lead_group(membership, rows[0]["group"] if rows else None)
    person: UUID = rows[0]["person"]
    return person


async def sheets_of_group(membership: Membership, group: UUID) -> list[MemberSheetView]:
    """The active members of a group by name, with their sheets. Ask `must_lead_group` first, and note that they were opened."""
    found = []
    for member, name, person, *row in await fetch(_OF_GROUP, membership.exchange, group):
        sheet = _sheet_view(*row) if row[0] else None
        found.append(
            MemberSheetView(
                member=as_id(member), person=as_id(person), display_name=name, sheet=UNSET if sheet is None else sheet
            )
        )
    return found


async def marks_in(membership: Membership, space: SpaceKey, only: Sequence[UUID]) -> list[SheetMarkView]:
    """Which versions of these sheets there are, for the leaders of a group."""
    rows = await fetch(_MARKS, membership.exchange, space.owner)
    return [
        SheetMarkView(id=as_id(sheet), person=as_id(person), version=version)
        for sheet, person, version, sealed in rows
        if sealed and as_id(sheet) in only
    ]


async def openings_of_own(membership: Membership) -> list[SheetOpeningView]:
    """Who opened my sheet, the latest first."""
    rows = (
        await SheetOpening.select(
            SheetOpening.by, SheetOpening.by.display_name.as_alias("display_name"), SheetOpening.at
        )
        .where(SheetOpening.exchange == membership.exchange, SheetOpening.person == membership.person)
        .order_by(SheetOpening.at, SheetOpening.id, ascending=False)
    )
    return [SheetOpeningView(**row) for row in rows]


async def header_of(membership: Membership, group: UUID) -> Header:
    """What a printed sheet begins with."""
    [exchange] = await Exchange.select(Exchange.title).where(Exchange.id == membership.exchange)
    [party] = await Group.select(Group.name).where(Group.id == group)
    venues = (
        await Venue.select(Venue.name, Venue.address, Venue.main)
        .where(Venue.exchange == membership.exchange)
        .order_by(Venue.name, Venue.id)
    )
    places = [(row["name"], row["address"]) for row in sorted(venues, key=lambda row: not row["main"])]
    return Header(exchange["title"], party["name"], places)


def _sheet_view(*row: Any) -> SheetView | None:
    sheet, exchange, person, version, changed_at, changed_by, sealed = row
    content = open_sheet(as_id(person), as_id(sheet), int(version), sealed)
    if content is None:
        return None
    return SheetView(
        id=as_id(sheet),
        exchange=as_id(exchange),
        person=as_id(person),
        version=int(version),
        changed_at=as_instant(changed_at),
        changed_by=as_id(changed_by),
        **structs.asdict(content),
    )
