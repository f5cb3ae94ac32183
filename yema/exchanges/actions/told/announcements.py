"""Announcements: telling something, saying that one has seen it, reminding who has not, and taking it back."""

import math
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.rules import known_language
from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, as_instant, execute, is_taken
from yema.errors import IdTaken, NotFound, Stale
from yema.exchanges.actions.people.belonging import check_people
from yema.exchanges.announcement import Announced, Words, spaces_of
from yema.exchanges.errors import AnnouncedTooOften, NobodyToRemind, RemindedJustNow, TooManyAnnouncements
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.told.announcements import recipients_of
from yema.exchanges.schemas.plan.plan import AudienceDraft
from yema.exchanges.schemas.told.announcements import AnnouncementDraft, AnnouncementTextDraft
from yema.exchanges.tables.told import Announcement
from yema.ids import uuid7

BETWEEN_REMINDERS = timedelta(minutes=10)
"""Who did not look will not look sooner for being pushed twice in ten minutes."""

ANNOUNCEMENTS_MAX = 1_000
"""In one exchange, without those that were taken back."""

URGENT_MAX, ALL_MAX = 10, 100
"""By one person in one exchange: urgent ones in an hour, which ring at night, too, and all in a day; also those taken back."""

LOOKED_AT_AFTER, URGENT_LOOKED_AT_AFTER = timedelta(minutes=60), timedelta(minutes=15)
"""So long after it was told, its author and leaders hear how many have not seen it."""

_NEXT = Statement(
    "UPDATE announcement SET version = version + 1 WHERE id = {} AND exchange = {} AND withdrawn_at IS NULL RETURNING version, texts"
)
_MANY = Statement("SELECT count(*) FROM announcement WHERE exchange = {} AND withdrawn_at IS NULL")
# Of many at once by the same person, each counts those before it.
_HOLD_AUTHOR = Statement("SELECT id FROM member WHERE exchange = {} AND person = {}", locks=True)
_LATELY = Statement(
    'SELECT made_at FROM announcement WHERE exchange = {} AND "by" = {} AND made_at > {} AND (urgent OR urgent = {})'
    " ORDER BY made_at DESC LIMIT {}"
)
_SEE = Statement(
    "INSERT INTO announcement_seen (id, announcement, person, at) VALUES ({}, {}, {}, {}) ON CONFLICT (announcement, person) DO NOTHING"
    " RETURNING id"
)
_REMIND = Statement(
    "UPDATE announcement SET reminded_at = {} WHERE id = {} AND withdrawn_at IS NULL"
    " AND (reminded_at IS NULL OR reminded_at < {}) RETURNING id"
)
_TO_ME = Statement(
    "SELECT id, chosen FROM announcement WHERE exchange = {} AND audience = 'people' AND withdrawn_at IS NULL"
)


async def announce(
    by: Membership,
    draft: AnnouncementDraft,
    person: SignedIn,
    once: Once | None = None,
    announcement: UUID | None = None,
) -> UUID:
    """Tell something to all, some groups or chosen people; its id, which a phone that was offline has made.

    Raises `NotOfThisExchange`, `IdTaken`, `TooManyAnnouncements`, `AnnouncedTooOften`, or `Invalid` for an unknown language.
    """
    locale = known_language(person.locale if draft.locale is UNSET else draft.locale)
    audience = AudienceDraft(kind="all") if draft.audience is UNSET else draft.audience
    await check_people(by, audience.groups, audience.people)
    chosen = {"all": [], "groups": audience.groups, "people": audience.people}[audience.kind]
    announcement = announcement or uuid7()
    try:
        async with transaction(once) as tx:
            if (await execute(_MANY, by.exchange))[0][0] >= ANNOUNCEMENTS_MAX:
                raise TooManyAnnouncements
            await _check_rate(by, tx, urgent=draft.urgent)
            row = Announcement(
                id=announcement,
                exchange=by.exchange,
                by=by.person,
                texts=_encoded({locale: Words(draft.title, draft.text)}),
                urgent=draft.urgent,
                audience=audience.kind,
                chosen=msgspec.json.encode(list(dict.fromkeys(chosen))).decode(),
                made_at=tx.at,
            )
            await Announcement.insert(row)
            _touch(tx, by.exchange, announcement, spaces_of(by.exchange, audience.kind, chosen))
            _tell(tx, "announcement_made", by, announcement)
            after = URGENT_LOOKED_AT_AFTER if draft.urgent else LOOKED_AT_AFTER
            _tell(tx, "announcement_looked_at", by, announcement, after=after)
            await tx.made(announcement, 1)
    except Exception as error:
        if is_taken(error):
            raise IdTaken from error
        raise
    return announcement


async def word(
    by: Membership, told: Announced, locale: str, draft: AnnouncementTextDraft, expected: int | None
) -> None:
    """Say it in one more language, or in other words. Raises `Stale`, `NotFound`, or `Invalid` for an unknown language."""
    locale = known_language(locale)
    async with transaction() as tx:
        rows = await execute(_NEXT, told.id, by.exchange)
        if not rows:
            raise NotFound
        if expected is not None and expected != rows[0][0] - 1:
            raise Stale
        texts = {**msgspec.json.decode(rows[0][1], type=dict[str, Words]), locale: Words(draft.title, draft.text)}
        await Announcement.update({Announcement.texts: _encoded(texts)}).where(Announcement.id == told.id)
        _touch(tx, by.exchange, told.id, told.spaces())


async def withdraw(by: Membership, told: Announced, once: Once | None = None) -> None:
    """Take it back: nobody sees it any more."""
    async with transaction(once) as tx:
        await Announcement.update({Announcement.withdrawn_at: tx.at}).where(Announcement.id == told.id)
        for space in {*told.spaces(), SpaceKey("exchange_leaders", by.exchange)}:
            tx.gone(space, "announcement", told.id)
        _tell(tx, "announcement_withdrawn", by, told.id)
        await tx.made(told.id)


async def see(by: Membership, told: Announced, once: Once | None = None) -> None:
    """I have seen it. Saying so again changes nothing. Raises `NotFound` for who is not told of it."""
    if not told.concerns(by.person, by.group):
        raise NotFound
    async with transaction(once) as tx:
        tx.touched(SpaceKey("person", by.person), "announcement_seen", told.id)
        seen = uuid7()
        if await execute(_SEE, seen, told.id, by.person, tx.at):
            tx.touched(SpaceKey("exchange_leaders", by.exchange), "announcement", told.id)
            _tell(tx, "announcement_seen", by, told.id, str(seen), person=str(by.person))
        await tx.made(told.id)


async def remind(by: Membership, told: Announced) -> int:
    """Remind those who have not seen it; how many they are. Raises `NobodyToRemind`, `RemindedJustNow`."""
    people = sum(one.seen_at is UNSET for one in await recipients_of(by, told))
    if not people:
        raise NobodyToRemind
    async with transaction() as tx:
        if not await execute(_REMIND, tx.at, told.id, tx.at - BETWEEN_REMINDERS):
            raise RemindedJustNow
        tx.touched(SpaceKey("exchange_leaders", by.exchange), "announcement", told.id)
        _tell(tx, "announcement_reminded", by, told.id, tx.at.isoformat())
    return people


async def touch_own(tx: Transaction, exchange: UUID, person: UUID, *, here: bool) -> None:
    """What was told to this person by name goes and comes with them."""
    for announcement, chosen in await execute(_TO_ME, exchange):
        if person in msgspec.json.decode(chosen, type=list[UUID]):
            (tx.touched if here else tx.gone)(SpaceKey("person", person), "announcement", as_id(announcement))


async def _check_rate(by: Membership, tx: Transaction, *, urgent: bool) -> None:
    await execute(_HOLD_AUTHOR, by.exchange, by.person)
    await _check_most(by, tx, ALL_MAX, timedelta(days=1), urgent=False)
    if urgent:
        await _check_most(by, tx, URGENT_MAX, timedelta(hours=1), urgent=True)


async def _check_most(by: Membership, tx: Transaction, most: int, within: timedelta, *, urgent: bool) -> None:
    lately = await execute(_LATELY, by.exchange, by.person, tx.at - within, urgent, most)
    if len(lately) >= most:
        wait = as_instant(lately[-1][0]) + within - tx.at
        raise AnnouncedTooOften(retry_after=max(1, math.ceil(wait.total_seconds())))


def _touch(tx: Transaction, exchange: UUID, announcement: UUID, spaces: list[SpaceKey]) -> None:
    for space in {*spaces, SpaceKey("exchange_leaders", exchange)}:
        tx.touched(space, "announcement", announcement)


def _tell(
    tx: Transaction,
    event: str,
    by: Membership,
    announcement: UUID,
    per: str = "",
    after: timedelta = timedelta(),
    **ids: Any,
) -> None:
    once_per = f"{announcement}:{per}" if per else str(announcement)
    ids |= {"exchange": str(by.exchange), "announcement": str(announcement)}
    tx.tell(event, once_per=once_per, not_before=tx.at + after, **ids)


def _encoded(texts: dict[str, Words]) -> str:
    return msgspec.json.encode(texts).decode()
