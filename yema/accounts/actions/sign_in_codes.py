"""In by a code: a second phone, a leader's re-link, the recovery code. Each works once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yema.accounts import codes, throttle
from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.errors import CannotRelink, VouchedByTheSame, WrongCode
from yema.accounts.schemas import CodeTokensView
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Notice, SignInCode
from yema.changes import Transaction, transaction
from yema.database import Statement, as_id, as_instant, execute, fetch
from yema.ids import uuid7
from yema.vault import digest

GOOD_FOR = timedelta(minutes=10)
CODE_LENGTH = 16
RECOVERY_LENGTH = 20
"""Characters of five bits: 80 bits for ten minutes, 100 for ever."""

_USE = Statement(
    "UPDATE sign_in_code SET used_at = {} WHERE hash = {} AND used_at IS NULL AND (expires_at IS NULL OR expires_at > {})"
    " AND EXISTS (SELECT 1 FROM person p WHERE p.id = sign_in_code.person AND p.suspended_at IS NULL)"
    " RETURNING person, kind, shown_on"
)
_SHOWN_ON = Statement("SELECT diary_since FROM sign_in WHERE id = {} AND ended_at IS NULL")
_OPEN_DIARY = Statement(
    "UPDATE sign_in SET diary_since = NULL WHERE id = (SELECT id FROM sign_in WHERE person = {} AND via = 'relink'"
    " AND ended_at IS NULL ORDER BY made_at DESC LIMIT 1)"
)
_EMAIL = Statement(
    "SELECT 1 FROM person WHERE id = {} AND email IS NOT NULL UNION SELECT 1 FROM staff WHERE person = {}"
)
_FORGET = Statement("DELETE FROM sign_in_code WHERE expires_at < {}")

Relinked = Callable[[Transaction, UUID], Awaitable[None]]
_relinked: list[Relinked] = []


def when_somebody_is_relinked(relinked: Relinked) -> None:
    """Let a higher slice end what the lost phone could still use: (transaction, person), when the code is used."""
    _relinked.append(relinked)


async def make_sign_in_code(person: UUID, kind: str, *, at: datetime, shown_on: UUID | None = None) -> str:
    """A code for that person, inside a transaction of the caller's. `kind`: second_phone, relink or recovery."""
    lasting = kind == "recovery"
    code = codes.new_code(RECOVERY_LENGTH if lasting else CODE_LENGTH)
    await execute(_FORGET, at)
    expires_at = None if lasting else at + GOOD_FOR
    row = SignInCode(hash=_hash(code), person=person, kind=kind, shown_on=shown_on, expires_at=expires_at)
    await SignInCode.insert(row)
    return codes.written(code, *[4] * (len(code) // 4))


async def show_second_phone_code(person: SignedIn) -> str:
    """A ten-minute code for one's second phone. Raises `DiaryClosed` for an operator's token: it must not beget one that opens more."""
    person.must_open_diaries()
    async with transaction() as tx:
        return await make_sign_in_code(person.id, "second_phone", at=tx.at, shown_on=person.sign_in)


async def make_relink_code(person: UUID, *, by: UUID) -> str:
    """A ten-minute code for somebody whose phone is gone, made by a leader; the person is shown that it was.

    Raises `CannotRelink` for who has an e-mail address or works for an organisation: they get in by themselves.
    """
    if await fetch(_EMAIL, person, person):
        raise CannotRelink
    async with transaction() as tx:
        await Notice.insert(Notice(id=uuid7(), person=person, kind="relinked", by=by, at=tx.at))
        return await make_sign_in_code(person, "relink", at=tx.at)


async def use_sign_in_code(code: str, network: str) -> CodeTokensView:
    """Sign in by a code. Raises `WrongCode` or `TryLater`.

    A re-linked phone does not open what was written before, nor does its second phone. A recovery code opens everything, on the phone
    that used it.
    """
    trying = throttle.Tries(None, network)  # the code is all there is: no account that could be slowed down
    await trying.may_try()
    view = None
    async with transaction() as tx:
        rows = await execute(_USE, tx.at, _hash(codes.read(code)), tx.at)
        if rows:
            person, kind, shown_on = rows[0]
            view = await _signed_in(as_id(person), kind, shown_on, tx.at)
            if kind == "relink":
                for relinked in _relinked:
                    await relinked(tx, as_id(person))
    if view is None:
        await trying.failed()
        raise WrongCode
    return view


async def _signed_in(person: UUID, kind: str, shown_on: Any, at: datetime) -> CodeTokensView | None:
    if kind == "relink":
        return CodeTokensView(tokens=await open_sign_in(person, "relink", at=at, diary_since=at))
    if kind == "recovery":
        tokens = await open_sign_in(person, "recovery", at=at)
        return CodeTokensView(tokens=tokens, recovery_code=await make_sign_in_code(person, "recovery", at=at))
    rows = await execute(_SHOWN_ON, shown_on)
    if not rows:
        return None  # the phone that showed the code was signed out: perhaps it had been stolen
    since = as_instant(rows[0][0]) if rows[0][0] else None
    return CodeTokensView(tokens=await open_sign_in(person, "code", at=at, diary_since=since))


async def open_diary_again(person: UUID, *, by: UUID) -> None:
    """A coordinator vouches for a re-linked person: older entries open again on the phone that was re-linked last.

    Logged, and shown to the person. Raises `VouchedByTheSame` for whoever re-linked them.
    """
    if await Notice.exists().where(Notice.person == person, Notice.kind == "relinked", Notice.by == by):
        raise VouchedByTheSame
    async with transaction() as tx:
        await execute(_OPEN_DIARY, person)
        await Notice.insert(Notice(id=uuid7(), person=person, kind="diary_opened", by=by, at=tx.at))


def _hash(code: str) -> str:
    return digest("sign-in code", code)
