"""Whether what somebody names belongs to their exchange."""

from collections.abc import Iterable
from uuid import UUID

from yema.exchanges.errors import NotOfThisExchange
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.tables.exchange import Group, Member


async def check_people(by: Membership, groups: Iterable[UUID], people: Iterable[UUID]) -> None:
    """Raises `NotOfThisExchange` for a group of another one, and for people who are not active members."""
    named, who = list({*groups}), list({*people})
    if named and await Group.count().where(Group.exchange == by.exchange, Group.id.is_in(named)) != len(named):
        raise NotOfThisExchange
    if who and await Member.count().where(
        Member.exchange == by.exchange, Member.state == "active", Member.person.is_in(who)
    ) != len(who):
        raise NotOfThisExchange
