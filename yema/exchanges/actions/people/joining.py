"""Joining: a leader makes a code, people come in by it, a leader approves them.

A typed code is a public locator of four characters and ten secret ones (50 bits), hashed slowly; a QR and a link hold 128 bits.
All count the same uses.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import UNSET, structs

from yema.accounts import codes, throttle
from yema.accounts.actions.sign_in_codes import make_sign_in_code
from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.errors import WrongCode
from yema.accounts.rules import known_language
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Person
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute, is_taken
from yema.errors import NotFound
from yema.exchanges.errors import AlreadyMember, CoordinatorsOnly, NotOfThisExchange, OwnGroupOnly
from yema.exchanges.queries.exchange import membership_view
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.people.joining import join_code_view
from yema.exchanges.schemas.people.joining import JoinCodeDraft, JoinCodeView, JoinDraft, JoinedView
from yema.exchanges.tables.exchange import Group, JoinCode, Member
from yema.ids import now, uuid7
from yema.vault import digest

T = TypeVar("T")

LOCATOR_LENGTH = 4
CODE_LENGTH = 10
SECRET_BYTES = 16

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id, as OWASP's password storage cheat sheet sets it: 19 MiB, two passes."""
_two_at_once = ThreadPoolExecutor(2, "argon2")
"""Two at once at most: each takes 19 MiB and some 20 ms of a core."""

_USE = Statement(
    "UPDATE join_code SET uses = uses + 1 WHERE id = {} AND uses < uses_max AND expires_at > {}"
    ' RETURNING exchange, "group", role, admits, invited'
)
_TAKE_PARTICULARS = Statement("UPDATE particulars SET id = {} WHERE id = {}")
_UNNAME = Statement("UPDATE join_code SET invited = NULL WHERE id = {}")
_FORGET_PARTICULARS = Statement(
    "DELETE FROM particulars WHERE id = {} AND NOT EXISTS (SELECT 1 FROM member m WHERE m.id = particulars.id)"
)
_FORGET_PARTICULARS_OF_GROUP = Statement(
    'DELETE FROM particulars WHERE id IN (SELECT id FROM join_code WHERE "group" = {})'
    " AND NOT EXISTS (SELECT 1 FROM member m WHERE m.id = particulars.id)"
)
_REJOIN = Statement(
    "UPDATE member SET state = 'pending', epoch = epoch + 1, \"group\" = {}, role = {}"
    " WHERE exchange = {} AND person = {} AND state = 'left' RETURNING id"
)


async def make_join_code(by: Membership, draft: JoinCodeDraft, once: Once | None = None) -> JoinCodeView:
    """A new code; the view is the only place where it can be read.

    Leaders make codes for participants of their own group, coordinators for anybody. Raises `OwnGroupOnly`, `CoordinatorsOnly`,
    `NotOfThisExchange`.
    """
    group = by.group if draft.group is UNSET and by.role == "leader" else draft.group
    group = None if group is UNSET else group
    if by.role != "coordinator" and draft.role != "participant":
        raise CoordinatorsOnly
    if not by.acts_for(group):
        raise OwnGroupOnly
    if group and not await Group.exists().where(Group.id == group, Group.exchange == by.exchange):
        raise NotOfThisExchange
    locator = await _free_locator()
    code, secret = codes.new_code(CODE_LENGTH), secrets.token_urlsafe(SECRET_BYTES)
    code_hash = await _slowly(_hasher.hash, code)
    async with transaction(once) as tx:
        row = JoinCode(
            id=uuid7(),
            exchange=by.exchange,
            group=group,
            role=draft.role,
            locator=locator,
            code_hash=code_hash,
            secret_hash=secret_hash(secret),
            admits=draft.admits,
            uses_max=draft.uses_max,
            made_by=by.person,
            made_at=tx.at,
            expires_at=tx.at + timedelta(hours=draft.hours),
        )
        await JoinCode.insert(row)
        await tx.made(row.id)
    view = join_code_view(row.to_dict(), by)
    return structs.replace(view, code=codes.written(locator + code, 4, 5, 5), secret=secret)


async def end_join_code(by: Membership, code: UUID) -> None:
    """Let nobody in by this code any more. Raises `NotFound`, `OwnGroupOnly`."""
    rows = await JoinCode.select(JoinCode.group).where(JoinCode.id == code, JoinCode.exchange == by.exchange)
    if not rows:
        raise NotFound
    if not by.acts_for(rows[0]["group"]):
        raise OwnGroupOnly
    async with transaction():
        await JoinCode.delete().where(JoinCode.id == code)
        await forget_invitation(code)


async def forget_invitation(code: UUID) -> None:
    """Delete what is known of somebody who was invited and has not come, inside a transaction of the caller's."""
    await execute(_FORGET_PARTICULARS, code)


async def forget_invitations_to(group: UUID) -> None:
    """The same for all who were invited to a group, before it is removed with its codes; inside a transaction of the caller's."""
    await execute(_FORGET_PARTICULARS_OF_GROUP, group)


async def join(draft: JoinDraft, network: str, person: SignedIn | None = None) -> JoinedView:
    """Come in by a code or a QR's secret. Raises `WrongCode`, `TryLater`, `AlreadyMember`, or `Invalid` for an unknown language."""
    locale = known_language(draft.locale)
    secret = draft.secret if draft.secret is not UNSET else ""
    typed = codes.read(draft.code) if draft.code is not UNSET and not secret else ""
    # The locator is the account of a typed code. A secret has none: nobody's wrong scan may make others wait.
    trying = throttle.Tries(None if secret else f"join {typed[:LOCATOR_LENGTH]}", network)
    await trying.may_try()
    code = await _find(typed, secret)
    joined = await _use(code, draft, locale, person) if code else None
    if joined is None:
        await trying.failed()
        raise WrongCode
    await trying.succeeded()
    return joined


async def _use(code: UUID, draft: JoinDraft, locale: str, person: SignedIn | None) -> JoinedView | None:
    """Use the code once; None where it is used up."""
    try:
        async with transaction() as tx:
            used = await execute(_USE, code, tx.at)
            if not used:
                return None
            exchange, group, role, admits, invited = used[0]
            member = (as_id(exchange), as_id(group) if group else None, role, "active" if admits else "pending")
            return await _let_in(tx, draft, locale, person, *member, code if invited else None)
    except Exception as error:
        if is_taken(error):  # two codes of one exchange at the same moment, on Postgres
            raise AlreadyMember from error
        raise


async def _let_in(
    tx: Transaction,
    draft: JoinDraft,
    locale: str,
    person: SignedIn | None,
    exchange: UUID,
    group: UUID | None,
    role: str,
    state: str,
    invitation: UUID | None,
) -> JoinedView:
    person_id = person.id if person else uuid7()
    if person is None:
        row = Person(
            id=person_id,
            display_name=draft.display_name,
            locale=locale,
            born=None if draft.born is UNSET else draft.born,
            made_at=tx.at,
        )
        await Person.insert(row)
    member, state = await _member(tx, exchange, person_id, group, role, state, invitation)
    tx.touched(SpaceKey("exchange_leaders" if state == "pending" else "exchange", exchange), "member", member)
    tx.touched(SpaceKey("person", person_id), "me", person_id)
    if state == "pending":
        tx.tell("member_waits", once_per=f"{member}:{tx.at}", exchange=str(exchange), group=str(group or ""))
    membership = membership_view({"exchange": exchange, "role": role, "state": state, "group": group})
    if person is not None:
        return JoinedView(person=person_id, membership=membership)
    return JoinedView(
        person=person_id,
        membership=membership,
        tokens=await open_sign_in(person_id, "join", at=tx.at),
        recovery_code=await make_sign_in_code(person_id, "recovery", at=tx.at),
    )


async def _member(
    tx: Transaction,
    exchange: UUID,
    person: UUID,
    group: UUID | None,
    role: str,
    state: str,
    invitation: UUID | None,
) -> tuple[UUID, str]:
    """The member's id, and the state they are in. Who was here before always waits: they may have been sent away.

    Who was invited by name becomes the member with the invitation's id, under which stands what is known of them.
    """
    if await Member.exists().where(Member.exchange == exchange, Member.person == person):
        if rows := await execute(_REJOIN, group, role, exchange, person):
            if invitation:
                await execute(_TAKE_PARTICULARS, rows[0][0], invitation)
                await execute(_UNNAME, invitation)  # erasing them would not find the name here
            return as_id(rows[0][0]), "pending"
        raise AlreadyMember
    member = invitation or uuid7()
    await Member.insert(
        Member(id=member, exchange=exchange, person=person, group=group, role=role, state=state, made_at=tx.at)
    )
    return member, state


async def _find(typed: str, secret: str) -> UUID | None:
    """The join code that was typed or scanned, if it is one. A wrong code costs as much time as a right one."""
    at = now()
    if secret:
        rows = await JoinCode.select(JoinCode.id).where(
            JoinCode.secret_hash == secret_hash(secret), JoinCode.expires_at > at
        )
        return rows[0]["id"] if rows else None
    rows = await JoinCode.select(JoinCode.id, JoinCode.code_hash).where(
        JoinCode.locator == typed[:LOCATOR_LENGTH], JoinCode.expires_at > at
    )
    if not rows:
        await _slowly(_hasher.hash, typed)
        return None
    return rows[0]["id"] if await _slowly(_verify, rows[0]["code_hash"], typed[LOCATOR_LENGTH:]) else None


async def _free_locator() -> str:
    """Codes that have expired keep theirs, so in years many are taken."""
    while True:
        locator = codes.new_code(LOCATOR_LENGTH)
        if not await JoinCode.exists().where(JoinCode.locator == locator):
            return locator


def _verify(code_hash: str, code: str) -> bool:
    try:
        return _hasher.verify(code_hash, code)
    except (VerificationError, InvalidHashError):  # the latter where a code is no typed one
        return False


async def _slowly(work: Callable[..., T], *args: str) -> T:
    """Argon2 in a thread: the loop goes on meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_two_at_once, work, *args)


def secret_hash(secret: str) -> str:
    """What is stored of a secret: 128 random bits need no slow hash."""
    return digest("join secret", secret)
