"""Announcements: what leaders tell, and who has seen it."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import Stale
from yema.exchanges.actions.told import announcements as telling
from yema.exchanges.announcement import Announced
from yema.exchanges.errors import LeadersOnly
from yema.exchanges.queries import memberships
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.told import announcements
from yema.exchanges.schemas.told.announcements import (
    AnnouncementDraft,
    AnnouncementTextDraft,
    AnnouncementView,
    RecipientView,
    RemindedView,
)
from yema.http.conditional import expected_version
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, id_position, page


@get("/exchanges/{exchange_id:uuid}/announcements", operation_id="listAnnouncements")
async def list_announcements(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[AnnouncementView]:
    """What was told to me, the newest first; for leaders everything, with how many have seen it."""
    membership = await memberships.exchange_of(person, exchange_id)
    found = await announcements.announcements_of(person, membership, id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


@post("/exchanges/{exchange_id:uuid}/announcements", operation_id="announce")
async def announce(
    exchange_id: FromPath[UUID],
    data: JSONBody[AnnouncementDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> AnnouncementView:
    """Tell something to everybody, some groups or chosen people. Leaders only."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    try:
        announcement = await telling.announce(membership, data, person, once)
    except MadeBefore as before:
        announcement = before.thing
    return await announcements.announcement_of(person, membership, announcement)


@get("/announcements/{announcement_id:uuid}", operation_id="readAnnouncement")
async def read_announcement(announcement_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> AnnouncementView:
    """One announcement."""
    membership, told = await _told(person, announcement_id)
    return await announcements.announcement_of(person, membership, told.id)


@put("/announcements/{announcement_id:uuid}/texts/{locale:str}", operation_id="wordAnnouncement")
async def word_announcement(
    request: Request[Any, Any, Any],
    announcement_id: FromPath[UUID],
    locale: FromPath[str],
    data: JSONBody[AnnouncementTextDraft],
    person: NamedDependency[SignedIn],
) -> AnnouncementView:
    """Say it in one more language, or in other words. Leaders only; needs `If-Match`."""
    membership, told = await _led(person, announcement_id)
    try:
        await telling.word(membership, told, locale, data, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await announcements.announcement_of(person, membership, told.id)) from stale
    return await announcements.announcement_of(person, membership, told.id)


@delete("/announcements/{announcement_id:uuid}", operation_id="withdrawAnnouncement")
async def withdraw_announcement(announcement_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Take it back: nobody sees it any more. Leaders only."""
    membership, told = await _led(person, announcement_id)
    await telling.withdraw(membership, told)


@post("/announcements/{announcement_id:uuid}/seen", operation_id="seeAnnouncement", status_code=204)
async def see_announcement(announcement_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """I have seen it. Saying so again changes nothing."""
    membership, told = await _told(person, announcement_id)
    await telling.see(membership, told)


@get("/announcements/{announcement_id:uuid}/recipients", operation_id="listRecipients")
async def list_recipients(announcement_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[RecipientView]:
    """To whom it was told, and when each of them saw it; those who have not come first. Leaders only."""
    membership, told = await _led(person, announcement_id)
    return Page(items=await announcements.recipients_of(membership, told))


@post("/announcements/{announcement_id:uuid}/reminders", operation_id="remindOfAnnouncement", status_code=200)
async def remind(announcement_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> RemindedView:
    """Remind those who have not seen it, once in ten minutes. Leaders only; `nobody_to_remind` where all have."""
    membership, told = await _led(person, announcement_id)
    return RemindedView(people=await telling.remind(membership, told))


async def _told(person: SignedIn, announcement: UUID) -> tuple[Membership, Announced]:
    exchange = await announcements.exchange_with_announcement(announcement)
    membership = await memberships.exchange_of(person, exchange)
    return membership, await announcements.told_of(membership, announcement)


async def _led(person: SignedIn, announcement: UUID) -> tuple[Membership, Announced]:
    membership, told = await _told(person, announcement)
    if not membership.leads:
        raise LeadersOnly
    return membership, told


handlers = [
    list_announcements,
    announce,
    read_announcement,
    word_announcement,
    withdraw_announcement,
    see_announcement,
    list_recipients,
    remind,
]
