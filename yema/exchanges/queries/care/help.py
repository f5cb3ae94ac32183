"""Requests for help: who may know of one, and who what it says."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from yema.accounts.signed_in import SignedIn
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership, exchange_of
from yema.exchanges.schemas.care.help import HelpView
from yema.exchanges.sealed import open_help
from yema.ids import now
from yema.shapes import present

ALL_LEADERS_AFTER = timedelta(minutes=15)
"""Where nobody has come by then, all who lead in the exchange are told, and may come."""
KEPT_FOR = timedelta(days=30)
"""So long requests that are over can be read again, and those of an exchange after its last day."""

# `near`: whether anybody else is there who acts for the person, as `Membership.acts_for` says; whoever has taken it is not somebody else.
_ASKED = (
    'SELECT h.id, h.exchange, h.person, p.display_name, m."group", h.sealed, h.made_at, h.taken_by, t.display_name,'
    " h.taken_at, h.closed_at, EXISTS (SELECT 1 FROM member a JOIN person q ON q.id = a.person AND q.suspended_at IS NULL"
    " WHERE a.exchange = h.exchange AND a.state = 'active'"
    " AND a.person NOT IN (h.person, coalesce(h.taken_by, h.person))"
    " AND (a.role = 'coordinator' OR (a.role = 'leader' AND a.\"group\" = m.\"group\")))"
    " FROM help_request h JOIN person p ON p.id = h.person"
    " JOIN member m ON m.exchange = h.exchange AND m.person = h.person AND m.state = 'active'"
    " LEFT JOIN person t ON t.id = h.taken_by"
)
_ONE = Statement(f"{_ASKED} WHERE h.id = {{}}")
_ALL = Statement(
    f"{_ASKED} WHERE h.exchange = {{}} AND (h.closed_at IS NULL OR h.closed_at > {{}}) ORDER BY h.made_at DESC, h.id DESC"
)


class HelpAsked(Struct, frozen=True):
    """A request for help by an active member, who is in `group` now.

    `near` says whether anybody else is there who acts for them: a leader of their group, or a coordinator; not counting who took it, for
    they may be whom it is about.
    """

    id: UUID
    exchange: UUID
    person: UUID
    display_name: str
    group: UUID | None
    sealed: bytes
    made_at: datetime
    taken_by: UUID | None
    taken_by_name: str | None
    taken_at: datetime | None
    closed_at: datetime | None
    near: bool

    def concerns_all_leaders(self, at: datetime) -> bool:
        """Whether everybody who leads may come: nobody else is there who could, or nobody came in time."""
        return not self.near or (self.taken_at or at) - self.made_at >= ALL_LEADERS_AFTER

    def is_near(self, reader: Membership) -> bool:
        """Whether it is this member's own, or they act for the person."""
        return reader.person == self.person or reader.acts_for(self.group)

    def may_open(self, reader: Membership) -> bool:
        """Whether this member may read what it says: who has asked, and who acts for them.

        When it is over, leaders only if they came: the person may be in another group by then.
        """
        if not self.is_near(reader) or self.closed_at is None:
            return self.is_near(reader)
        return reader.role == "coordinator" or reader.person in (self.person, self.taken_by)

    def may_know(self, reader: Membership, at: datetime) -> bool:
        """Whether this member may know that the person needs help; other leaders only while somebody has to come."""
        if self.is_near(reader):
            return True
        if not reader.leads or self.closed_at is not None:
            return False
        return reader.person == self.taken_by or self.concerns_all_leaders(at)


async def help_requests_of(person: SignedIn, membership: Membership) -> list[HelpView]:
    """What this member may know of, the newest first: what is open, and what was closed in the last thirty days."""
    at = now()
    asked = [_asked(*row) for row in await fetch(_ALL, membership.exchange, at - KEPT_FOR)]
    return [help_view(person, membership, one) for one in asked if one.may_know(membership, at)]


async def help_request_of(person: SignedIn, request: UUID) -> tuple[Membership, HelpAsked]:
    """A request that this person may know of, and as whom. Raises `NotFound`."""
    asked = await help_asked(request)
    if asked is None:
        raise NotFound
    membership = await exchange_of(person, asked.exchange)
    if not asked.may_know(membership, now()):
        raise NotFound
    return membership, asked


async def help_asked(request: UUID) -> HelpAsked | None:
    """For whoever asks next who may know of it; None where it or the person is gone."""
    rows = await fetch(_ONE, request)
    return _asked(*rows[0]) if rows else None


def help_view(person: SignedIn, membership: Membership, asked: HelpAsked) -> HelpView:
    """The request as this member reads it: a re-linked phone does not open what was written before."""
    text = None
    if asked.may_open(membership) and not (person.diary_since and asked.made_at < person.diary_since):
        text = open_help(asked.person, asked.id, asked.sealed)
    return HelpView(
        id=asked.id,
        exchange=asked.exchange,
        person=asked.person,
        display_name=asked.display_name,
        group=present(asked.group),
        text=present(text),
        made_at=asked.made_at,
        taken_by=present(asked.taken_by),
        taken_by_name=present(asked.taken_by_name),
        taken_at=present(asked.taken_at),
        closed_at=present(asked.closed_at),
    )


def _asked(*row: Any) -> HelpAsked:
    request, exchange, person, name, group, sealed, made_at, taken_by, taker, taken_at, closed_at, near = row
    return HelpAsked(
        id=as_id(request),
        exchange=as_id(exchange),
        person=as_id(person),
        display_name=name,
        group=as_id(group) if group else None,
        sealed=sealed,
        made_at=as_instant(made_at),
        taken_by=as_id(taken_by) if taken_by else None,
        taken_by_name=taker,
        taken_at=as_instant(taken_at) if taken_at else None,
        closed_at=as_instant(closed_at) if closed_at else None,
        near=bool(near),
    )
