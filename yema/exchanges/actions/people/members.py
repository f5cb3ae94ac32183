"""Members: approving, moving, removing; and helping one of them to get back in."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.accounts.actions.sign_in_codes import make_relink_code, open_diary_again
from yema.accounts.errors import CannotRelink
from yema.accounts.rules import known_language
from yema.accounts.schemas import PersonDraft
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Person
from yema.changes import SpaceKey, SpaceKind, Transaction, transaction
from yema.database import Statement, as_id, execute
from yema.errors import NotFound
from yema.exchanges.actions.told.announcements import touch_own
from yema.exchanges.actions.told.release import HOLD_PLAN
from yema.exchanges.errors import CoordinatorsOnly, HasLeft, NotOfThisExchange, OwnGroupOnly
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.people.people import MemberChange, MemberView
from yema.exchanges.tables.exchange import Group, Member

_HOLD = Statement('SELECT state, "group" FROM member WHERE id = {}', locks=True)
_MEMBERSHIPS = Statement("SELECT id, exchange, state FROM member WHERE person = {} ORDER BY id", locks=True)
_OWN_SLOTS = Statement(
    "SELECT s.released_slot FROM released_slot_space s JOIN released_slot r ON r.id = s.released_slot"
    " WHERE s.kind = 'person' AND s.owner = {} AND r.exchange = {}"
)
_LEAVE = Statement("UPDATE member SET state = 'left' WHERE exchange = {} AND person = {} RETURNING id")


Goodbye = Callable[[Transaction, UUID, UUID, bool], Awaitable[None]]
_goodbyes: list[Goodbye] = []
Renamed = Callable[[Transaction, UUID], Awaitable[None]]
_renamed: list[Renamed] = []


def when_somebody_goes(goodbye: Goodbye) -> None:
    """Let a higher slice take part when a person leaves an exchange or their group: (transaction, exchange, person, for good).

    `for good` is False where they only move to another group.
    """
    _goodbyes.append(goodbye)


def when_somebody_is_renamed(renamed: Renamed) -> None:
    """Let a higher slice touch what shows a person's name: (transaction, person)."""
    _renamed.append(renamed)


async def _say_goodbye(tx: Transaction, exchange: UUID, person: UUID, *, for_good: bool) -> None:
    for goodbye in _goodbyes:
        await goodbye(tx, exchange, person, for_good)


async def change_member(by: Membership, member: MemberView, change: MemberChange) -> None:
    """Approve, remove or move somebody. Leaders do it for the participants of their own group.

    Who left joins again by a code, on their own. Raises `OwnGroupOnly`, `CoordinatorsOnly`, `NotOfThisExchange`, `HasLeft`.
    """
    _must_act_for(by, member)
    row: dict[Any, Any] = {}
    if change.group is not UNSET:
        if not by.acts_for(change.group):
            raise OwnGroupOnly
        if not await Group.exists().where(Group.id == change.group, Group.exchange == by.exchange):
            raise NotOfThisExchange
        row[Member.group] = change.group
    if change.state is not UNSET:
        row[Member.state] = change.state
    if not row:
        return
    async with transaction() as tx:
        [[state_now, group_now]] = await execute(_HOLD, member.id)
        if state_now == "left" and change.state == "active":
            raise HasLeft
        if (group_now and as_id(group_now)) != (member.group or None):
            raise OwnGroupOnly  # somebody moved them in the meantime
        await Member.update(row).where(Member.id == member.id)
        state = state_now if change.state is UNSET else change.state
        if state == "left" or row.get(Member.group, member.group) != member.group:
            await _say_goodbye(tx, by.exchange, member.person, for_good=state == "left")
        await _touch(tx, by.exchange, member.id, member.person, state)
        if state_now == "pending":
            _tell_of_who_waited(tx, by.exchange, member, state, change.group)


async def leave(membership: Membership) -> None:
    """Leave an exchange; its leaders see it."""
    async with transaction() as tx:
        [[row_id]] = await execute(_LEAVE, membership.exchange, membership.person)
        await _say_goodbye(tx, membership.exchange, membership.person, for_good=True)
        await _touch(tx, membership.exchange, as_id(row_id), membership.person, "left")


async def leave_all(tx: Transaction, person: UUID) -> None:
    """Take a person who is erased out of every exchange; leaders hear of it where they had left before, too."""
    for row in await Member.select(Member.id, Member.exchange).where(Member.person == person):
        await execute(_LEAVE, row["exchange"], person)
        await _say_goodbye(tx, row["exchange"], person, for_good=True)
        await _touch(tx, row["exchange"], row["id"], person, "left")


async def relink(by: Membership, member: MemberView) -> str:
    """A ten-minute code with which a member signs in on a new phone. For participants only.

    Raises `OwnGroupOnly`, `CannotRelink` for who leads somewhere or can get in by themselves.

    It opens the exchange, not what was written in the diary before: see `open_diary`.
    """
    _must_act_for(by, member)
    if member.role != "participant" or member.state != "active":
        raise NotFound
    if await Member.exists().where(
        Member.person == member.person, Member.role != "participant", Member.state != "left"
    ):
        raise CannotRelink
    return await make_relink_code(member.person, by=by.person)


async def open_diary(by: Membership, member: MemberView) -> None:
    """Vouch that a re-linked member is who they say: their older entries open again on their phone. Logged and shown to them.

    Raises `NotFound` for who is not active here, `VouchedByTheSame` for whoever re-linked them.
    """
    if member.state != "active":
        raise NotFound
    await open_diary_again(member.person, by=by.person)


async def change_me(person: SignedIn, draft: PersonDraft) -> None:
    """Change one's name or language; everybody who sees the name hears of it."""
    row: dict[Any, Any] = {}
    if draft.display_name is not UNSET:
        row[Person.display_name] = draft.display_name
    if draft.locale is not UNSET:
        row[Person.locale] = known_language(draft.locale)
    if not row:
        return
    async with transaction() as tx:
        await Person.update(row).where(Person.id == person.id)
        tx.touched(SpaceKey("person", person.id), "me", person.id)
        for member, exchange, state in await execute(_MEMBERSHIPS, person.id):
            readers: SpaceKind = "exchange" if state == "active" else "exchange_leaders"
            tx.touched(SpaceKey(readers, as_id(exchange)), "member", as_id(member))
        if draft.display_name is not UNSET:
            for renamed in _renamed:
                await renamed(tx, person.id)


def _must_act_for(by: Membership, member: MemberView) -> None:
    if not by.acts_for(None if member.group is UNSET else member.group):
        raise OwnGroupOnly
    # Of their own group, leaders act for its participants, not for its other leaders.
    if member.role != "participant" and by.role != "coordinator":
        raise CoordinatorsOnly


async def _touch(tx: Transaction, exchange: UUID, member: UUID, person: UUID, state: str) -> None:
    """All members see who is active; leaders also see who waits or left. Slots for chosen people go and come with them."""
    everybody, leaders = SpaceKey("exchange", exchange), SpaceKey("exchange_leaders", exchange)
    here, elsewhere = (everybody, leaders) if state == "active" else (leaders, everybody)
    tx.touched(here, "member", member)
    tx.gone(elsewhere, "member", member)
    own = SpaceKey("person", person)
    tx.touched(own, "me", person)
    await execute(HOLD_PLAN, exchange)  # else a release of this moment would tell of a slot that is not seen here yet
    await touch_own(tx, exchange, person, here=state == "active")
    for [slot] in await execute(_OWN_SLOTS, person, exchange):
        (tx.touched if state == "active" else tx.gone)(own, "released_slot", as_id(slot))


def _tell_of_who_waited(
    tx: Transaction, exchange: UUID, member: MemberView, state: str, group: UUID | UnsetType
) -> None:
    """Whoever waited was let in or turned away, or waits for the leaders of another group now."""
    event = {"active": "member_admitted", "left": "member_turned_away", "pending": "member_waits"}[state]
    tx.tell(
        event,
        once_per=f"{member.id}:{tx.at}",
        exchange=str(exchange),
        person=str(member.person),
        group=str(group or ""),
    )
