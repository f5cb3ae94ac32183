"""Announcements: members read what is told to them, leaders read all and who has seen it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.database import Statement, as_id, fetch
from yema.errors import NotFound
from yema.exchanges.announcement import Announced, Words
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.told.announcements import AnnouncementView, RecipientView, SeenView
from yema.exchanges.tables.told import Announcement, AnnouncementSeen
from yema.shapes import present

_TEXTS = msgspec.json.Decoder(dict[str, Words])
_CHOSEN = msgspec.json.Decoder(list[UUID])
_MEMBERS = Statement(
    'SELECT m.person, p.display_name, m."group" FROM member m JOIN person p ON p.id = m.person'
    " WHERE m.exchange = {} AND m.state = 'active' AND p.suspended_at IS NULL ORDER BY p.display_name, m.person"
)
_CHUNK = 200
"""Read at once for members, who see only some of them."""


async def announcements_of(
    person: SignedIn, membership: Membership, before: UUID | None, limit: int
) -> list[AnnouncementView]:
    """What this member may read, the newest first; one more than `limit` where there are more. For leaders with counts."""
    after = None if before is None else await _place(membership.exchange, before)
    if before is not None and after is None:
        return []
    told: list[Announced] = []
    chunk = limit + 1 if membership.leads else _CHUNK
    while len(told) <= limit:
        rows = await _behind(membership.exchange, after, chunk)
        told += [one for one in map(told_from, rows) if _may_see(membership, one)]
        if len(rows) < chunk:
            break
        after = rows[-1]["made_at"], rows[-1]["id"]
    return await _views(person, membership, told[: limit + 1])


async def announcement_of(person: SignedIn, membership: Membership, announcement: UUID) -> AnnouncementView:
    """Raises `NotFound`."""
    [view] = await _views(person, membership, [await told_of(membership, announcement)])
    return view


async def told_of(membership: Membership, announcement: UUID) -> Announced:
    """One announcement that this member may read. Raises `NotFound`."""
    for one in await _told(membership.exchange, [announcement]):
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
    told = await _told(membership.exchange, only)
    if space.kind == "exchange_leaders":
        return await _counted(person, membership, told)
    return [one.view(person, leads=membership.leads) for one in told if space in one.spaces()]


async def recipients_of(membership: Membership, told: Announced) -> list[RecipientView]:
    """To whom it is told, and who of them has seen it; those who have not come first. Who is suspended is told nothing, and not missing."""
    seen = (await _seen_by([told])).get(told.id, {})
    members = await _members(membership.exchange)
    recipients = told.recipients((who, group) for who, _, group in members)
    found = [
        RecipientView(person=who, display_name=name, group=present(group), seen_at=present(seen.get(who)))
        for who, name, group in members
        if who in recipients
    ]
    return sorted(found, key=lambda one: one.seen_at is not msgspec.UNSET)


async def seen_by_me(person: SignedIn, only: Sequence[UUID]) -> dict[UUID, SeenView]:
    """Which of these I have seen."""
    return {one: SeenView(id=one, at=at) for one, at in (await _own_seen(person, only)).items()}


def _standing(exchange: UUID) -> Any:
    """Without those that were withdrawn."""
    return Announcement.select().where(Announcement.exchange == exchange, Announcement.withdrawn_at.is_null())


async def _told(exchange: UUID, only: Sequence[UUID]) -> list[Announced]:
    rows = await _standing(exchange).where(Announcement.id.is_in(list(only))) if only else []
    return [told_from(row) for row in rows]


async def _place(exchange: UUID, announcement: UUID) -> tuple[datetime, UUID] | None:
    """Where it stands in the order; None for one that is not there any more."""
    rows = await _standing(exchange).where(Announcement.id == announcement)
    return (rows[0]["made_at"], rows[0]["id"]) if rows else None


async def _behind(exchange: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[dict[str, Any]]:
    """Those made before that one, the newest first."""
    query = _standing(exchange).order_by(Announcement.made_at, Announcement.id, ascending=False).limit(limit)
    if after is not None:
        made_at, announcement = after
        same = (Announcement.made_at == made_at) & (Announcement.id < announcement)
        query = query.where((Announcement.made_at < made_at) | same)
    rows: list[dict[str, Any]] = await query
    return rows


def told_from(row: dict[str, Any]) -> Announced:
    """The value of a row."""
    plain = ("id", "exchange", "by", "urgent", "audience", "made_at", "version", "reminded_at")
    return Announced(
        **{field: row[field] for field in plain},
        texts=_TEXTS.decode(row["texts"]),
        chosen=_CHOSEN.decode(row["chosen"]),
    )


async def _views(person: SignedIn, membership: Membership, told: Sequence[Announced]) -> list[AnnouncementView]:
    """As this member reads them, with when they have seen them."""
    views = (
        await _counted(person, membership, told)
        if membership.leads
        else [one.view(person, leads=False) for one in told]
    )
    seen = await _own_seen(person, [one.id for one in told])
    for view in views:
        view.seen_at = present(seen.get(view.id))
    return views


async def _counted(person: SignedIn, membership: Membership, told: Sequence[Announced]) -> list[AnnouncementView]:
    members = [(who, group) for who, _, group in await _members(membership.exchange)]
    seen = await _seen_by(told)
    views = []
    for one in told:
        recipients = one.recipients(members)
        view = one.view(person, leads=True)
        view.recipients, view.seen = len(recipients), len(recipients & seen.get(one.id, {}).keys())
        view.reminded_at = present(one.reminded_at)
        views.append(view)
    return views


async def _members(exchange: UUID) -> list[tuple[UUID, str, UUID | None]]:
    rows = await fetch(_MEMBERS, exchange)
    return [(as_id(who), name, as_id(group) if group else None) for who, name, group in rows]


async def _seen_by(told: Sequence[Announced]) -> dict[UUID, dict[UUID, datetime]]:
    """For each of these, who has seen it and when."""
    found: dict[UUID, dict[UUID, datetime]] = {}
    for row in await _seen([one.id for one in told]) if told else []:
        found.setdefault(row["announcement"], {})[row["person"]] = row["at"]
    return found


async def _own_seen(person: SignedIn, only: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = await _seen(only).where(AnnouncementSeen.person == person.id) if only else []
    return {row["announcement"]: row["at"] for row in rows}


def _seen(only: Sequence[UUID]) -> Any:
    query = AnnouncementSeen.select(AnnouncementSeen.announcement, AnnouncementSeen.person, AnnouncementSeen.at)
    return query.where(AnnouncementSeen.announcement.is_in(list(only)))


def _may_see(membership: Membership, told: Announced) -> bool:
    return membership.leads or told.concerns(membership.person, membership.group)
