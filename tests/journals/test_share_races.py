"""Sharing while somebody is moved or removed: no page stays with people who have nothing to do with its author any more."""

import asyncio
from typing import NamedTuple
from uuid import UUID

import pytest
from msgspec import convert

from tests import make
from tests.database.outside import outside
from yema.database import Statement
from yema.exchanges.actions.people.members import change_member
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.people.people import member_of
from yema.exchanges.schemas.people.people import MemberChange, MemberView
from yema.exchanges.tables.exchange import Member
from yema.ids import uuid7
from yema.journals.actions import sharing as share_actions
from yema.journals.actions.sharing import share_entry
from yema.journals.actions.writing import write_entry
from yema.journals.schemas import EntryDraft
from yema.journals.tables import Reflection
from yema.settings import Settings

AUTHORS = 16


class Author(NamedTuple):
    """A participant of the first group, with a page that they have not shared yet."""

    membership: Membership
    member: MemberView
    entry: UUID


class Moving(NamedTuple):
    """A coordinator, the authors, the group in which they are and another one."""

    by: Membership
    authors: list[Author]
    old: UUID
    new: UUID

    async def left_behind(self, change: MemberChange) -> int:
        """Each shares a page with their group while the coordinator changes something about them; how many pages stay with the old one."""
        acts = [
            act
            for author in self.authors
            for act in (
                share_entry(author.membership, author.entry, "group"),
                change_member(self.by, author.member, change),
            )
        ]
        await asyncio.gather(*acts, return_exceptions=True)
        return await self.still_seen()

    async def still_seen(self) -> int:
        return int(await Reflection.count().where(Reflection.space_owner == self.old))

    async def are_in(self, group: UUID) -> int:
        active = Member.count().where(Member.group == group, Member.role == "participant", Member.state == "active")
        return int(await active)


@pytest.fixture
async def moving(house: Settings) -> Moving:
    exchange = await make.exchange()
    old, new = await make.group(exchange, "PL"), await make.group(exchange, "ES")
    by = await make.membership(await make.coordinator(exchange), exchange)
    return Moving(by, [await author(by, old) for _ in range(AUTHORS)], old, new)


async def author(by: Membership, group: UUID) -> Author:
    person = await make.participant(by.exchange, group)
    membership, entry = await make.membership(person, by.exchange), uuid7()
    draft = convert(make.entry(by.exchange), EntryDraft)
    await write_entry(membership, entry, draft, make.signed_in(person))
    [row] = await Member.select(Member.id).where(Member.person == person)
    return Author(membership, await member_of(by, row["id"]), entry)


async def test_a_page_that_is_shared_while_its_author_is_moved_is_not_left_with_the_old_group(moving: Moving) -> None:
    left_behind = await moving.left_behind(MemberChange(group=moving.new))

    assert (left_behind, await moving.are_in(moving.new)) == (0, AUTHORS)


async def test_a_page_that_is_shared_while_its_author_is_removed_is_left_with_nobody(moving: Moving) -> None:
    left_behind = await moving.left_behind(MemberChange(state="left"))

    assert (left_behind, await moving.are_in(moving.old)) == (0, 0)


@pytest.mark.postgres
@pytest.mark.parametrize(("held", "left_behind"), [(True, 0), (False, 1)], ids=["held", "not held"])
@pytest.mark.parametrize("goes", ["moved", "removed"])
async def test_whoever_shares_is_held_until_it_is_done(
    house: Settings, moving: Moving, monkeypatch: pytest.MonkeyPatch, held: bool, left_behind: int, goes: str
) -> None:
    """The same at the worst moment, and that without the lock it would be lost."""
    if not held:
        monkeypatch.setattr(share_actions, "_GROUP", Statement(share_actions._GROUP.sqlite.replace("?", "{}")))
    one = moving.authors[0]
    change = MemberChange(group=moving.new) if goes == "moved" else MemberChange(state="left")

    async with outside(house) as somebody:
        await somebody.session.execute("BEGIN; LOCK TABLE reflection IN EXCLUSIVE MODE")
        sharing = asyncio.create_task(share_entry(one.membership, one.entry, "group"))
        await somebody.waiting()  # to show it to the group in which its author is
        going = asyncio.create_task(change_member(moving.by, one.member, change))
        waiting = asyncio.create_task(somebody.waiting(2))
        await asyncio.wait({going, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await somebody.session.execute("COMMIT")
        await asyncio.gather(sharing, going)

    assert await moving.still_seen() == left_behind
