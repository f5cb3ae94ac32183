"""Announcements, and that they were seen, as phones pull and push them."""

from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.exchanges.actions.told import announcements as telling
from yema.exchanges.queries import memberships
from yema.exchanges.queries.told import announcements
from yema.exchanges.schemas.told.announcements import AnnouncementDraft
from yema.exchanges.synced.acting import Ids, Views, by_id, must_lead


class AnnouncementPush(AnnouncementDraft, kw_only=True):
    """What a leader told offline, and the exchange that it is for."""

    exchange: UUID


async def _announcements(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    """In a person's own space there may be some of exchanges that they have left: they are not seen."""
    if space.kind != "person":
        membership = await memberships.membership_behind(person, space)
        return by_id(await announcements.announcements_in(person, membership, space, ids))
    found: Views = {}
    for exchange in await announcements.exchanges_with(ids):
        if mine := await memberships.membership_in(person, exchange):
            found |= by_id(await announcements.announcements_in(person, mine, space, ids))
    return found


async def _seen(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return {**await announcements.seen_by_me(person, ids)}


async def _announce(person: SignedIn, mutation: Mutation, push: AnnouncementPush) -> Applied:
    membership = must_lead(await memberships.exchange_to_write_in(person, push.exchange))
    draft = AnnouncementDraft(**{field: getattr(push, field) for field in AnnouncementDraft.__struct_fields__})
    await telling.announce(membership, draft, person, mutation.once, mutation.id)
    return Applied(1)


async def _withdraw(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    exchange = await announcements.exchange_with_announcement(mutation.id)
    membership = must_lead(await memberships.exchange_to_write_in(person, exchange))
    told = await announcements.told_of(membership, mutation.id)
    await telling.withdraw(membership, told, mutation.once)
    return Applied(told.version)


async def _see(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    exchange = await announcements.exchange_with_announcement(mutation.id)
    membership = await memberships.exchange_to_write_in(person, exchange)
    await telling.see(membership, await announcements.told_of(membership, mutation.id), mutation.once)
    return Applied(1)


pulled = [
    Pulled("announcement", _announcements, since=3, worded=True),
    Pulled("announcement_seen", _seen, since=3),
]

pushed = [
    Pushed("announcement", "make", _announce, AnnouncementPush),
    Pushed("announcement", "delete", _withdraw),
    Pushed("announcement_seen", "make", _see),
    Pushed("announcement_seen", "change", _see),
]
