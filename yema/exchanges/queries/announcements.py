"""Announcements: members read what is told to them, leaders read all and who has seen it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import NotFound
from yema.exchanges.announcement import Announced, Words
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.announcements import AnnouncementView, RecipientView, SeenView
from yema.exchanges.tables.told import Announcement
from yema.shapes import present

_TEXTS = msgspec.json.Decoder(dict[str, Words])
_CHOSEN = msgspec.json.Decoder(list[UUID])
_MEMBERS = Statement(
    'SELECT m.person, p.display_name, m."group" FROM member m JOIN person p ON p.id = m.person'
    " WHERE m.exchange = {} AND m.state = 'active' ORDER BY p.display_name, m.person"
)
_SEEN_BY = Statement(
    "SELECT s.announcement, s.person, s.at FROM announcement_seen s JOIN announcement a ON a.id = s.announcement"
    " WHERE a.exchange = {} AND a.withdrawn_at IS NULL"
)
_SEEN = Statement("SELECT announcement, at FROM announcement_seen WHERE person = {}")


async def announcements_of(
    person: SignedIn, membership: Membership, before: UUID | None, limit: int
) -> list[AnnouncementView]:
    """What this member may read, the newest first; one more than `limit` where there are more. For leaders with counts."""
    told = [one for one in await _all(membership.exchange) if _may_see(membership, one)]
    told = _after(list(reversed(told)), before)[: limit + 1]
    views = await (_counted(person, membership, told) if membership.leads else _plain(person, told))
    seen = await _own_seen(person)
    for view in views:
        view.seen_at = present(seen.get(view.id))
    return views


async def announcement_of(person: SignedIn, membership: Membership, announcement: UUID) -> AnnouncementView:
    """Raises `NotFound`."""
    for view in await announcements_of(person, membership, None, 10_000):
        if view.id == announcement:
            return view
    raise NotFound


async def told_of(membership: Membership, announcement: UUID) -> Announced:
    """One announcement that this member may read. Raises `NotFound`."""
    for one in await _all(membership.exchange, announcement):
        if _may_see(membership, one):
            return one
    raise NotFound


async def exchange_with_announcement(announcement: UUID) -> UUID:
    """The exchange that it belongs to; whether the asker may know is the next question. Raises `NotFound`."""
    rows = await Announcement.select(Announcement.exchange).where(Announcement.id == announcement)
    if not rows:
        raise NotFound
    found: UUID = rows[0]["exchange"]
    return found


async def exchanges_with(announcements: Sequence[UUID]) -> list[UUID]:
    """The exchanges that these belong to."""
    rows = await Announcement.select(Announcement.exchange).where(Announcement.id.is_in(list(announcements)))
    return sorted({row["exchange"] for row in rows})


async def announcements_in(
    person: SignedIn, membership: Membership, space: SpaceKey, only: Sequence[UUID]
) -> list[Any]:
    """Those of these that are seen in that space; in the leaders' with counts."""
    told = [one for one in await _all(membership.exchange) if one.id in only]
    if space.kind == "exchange_leaders":
        return await _counted(person, membership, told)
    return await _plain(person, [one for one in told if space in one.spaces()])


async def recipients_of(membership: Membership, told: Announced) -> list[RecipientView]:
    """To whom it is told, and who of them has seen it; those who have not come first."""
    seen = (await _seen_by(membership.exchange)).get(told.id, {})
    found = [
        RecipientView(person=who, display_name=name, group=present(group), seen_at=present(seen.get(who)))
        for who, name, group in await _members(membership.exchange)
        if told.concerns(who, group) and who != told.by
    ]
    return sorted(found, key=lambda one: one.seen_at is not msgspec.UNSET)


async def seen_by_me(person: SignedIn, only: Sequence[UUID]) -> dict[UUID, SeenView]:
    """Which of these I have seen."""
    return {one: SeenView(id=one, at=at) for one, at in (await _own_seen(person)).items() if one in only}


async def _all(exchange: UUID, announcement: UUID | None = None) -> list[Announced]:
    """In the order in which they were made; without those that were withdrawn."""
    query = Announcement.select().where(Announcement.exchange == exchange, Announcement.withdrawn_at.is_null())
    if announcement:
        query = query.where(Announcement.id == announcement)
    return [told_from(row) for row in await query.order_by(Announcement.made_at, Announcement.id)]


def told_from(row: dict[str, Any]) -> Announced:
    """The value of a row."""
    plain = ("id", "exchange", "by", "urgent", "audience", "made_at", "version", "reminded_at")
    return Announced(
        **{field: row[field] for field in plain},
        texts=_TEXTS.decode(row["texts"]),
        chosen=_CHOSEN.decode(row["chosen"]),
    )


async def _plain(person: SignedIn, told: Iterable[Announced]) -> list[AnnouncementView]:
    return [one.view(person) for one in told]


async def _counted(person: SignedIn, membership: Membership, told: Iterable[Announced]) -> list[AnnouncementView]:
    members, seen = await _members(membership.exchange), await _seen_by(membership.exchange)
    views = []
    for one in told:
        recipients = {who for who, _, group in members if one.concerns(who, group) and who != one.by}
        view = one.view(person)
        view.recipients, view.seen = len(recipients), len(recipients & seen.get(one.id, {}).keys())
        view.reminded_at = present(one.reminded_at)
        views.append(view)
    return views


async def _members(exchange: UUID) -> list[tuple[UUID, str, UUID | None]]:
    rows = await fetch(_MEMBERS, exchange)
    return [(as_id(who), name, as_id(group) if group else None) for who, name, group in rows]


async def _seen_by(exchange: UUID) -> dict[UUID, dict[UUID, datetime]]:
    found: dict[UUID, dict[UUID, datetime]] = {}
    for announcement, who, at in await fetch(_SEEN_BY, exchange):
        found.setdefault(as_id(announcement), {})[as_id(who)] = as_instant(at)
    return found


async def _own_seen(person: SignedIn) -> dict[UUID, datetime]:
    return {as_id(announcement): as_instant(at) for announcement, at in await fetch(_SEEN, person.id)}


def _after(told: list[Announced], last: UUID | None) -> list[Announced]:
    """What comes behind the last one of the page before; nothing where that was withdrawn since."""
    if last is None:
        return told
    places = [place for place, one in enumerate(told) if one.id == last]
    return told[places[0] + 1 :] if places else []


def _may_see(membership: Membership, told: Announced) -> bool:
    return membership.leads or told.concerns(membership.person, membership.group)
