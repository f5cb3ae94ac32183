"""In by a code: a second phone, a leader's re-link, the recovery code. Each works once."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from yema.accounts import codes, throttle
from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.errors import WrongCode
from yema.accounts.schemas import CodeTokensView
from yema.accounts.tables import Notice, SignInCode
from yema.changes import transaction
from yema.database import Statement, as_id, execute
from yema.ids import uuid7
from yema.vault import digest

GOOD_FOR = timedelta(minutes=10)
CODE_LENGTH = 16
RECOVERY_LENGTH = 20
"""Characters of five bits: 80 bits for ten minutes, 100 for ever."""

_USE = Statement(
    "UPDATE sign_in_code SET used_at = {} WHERE hash = {} AND used_at IS NULL AND (expires_at IS NULL OR expires_at > {})"
    " RETURNING person, kind"
)
_OPEN_DIARIES = Statement("UPDATE sign_in SET diary_since = NULL WHERE person = {}")
_FORGET = Statement("DELETE FROM sign_in_code WHERE expires_at < {}")


async def make_sign_in_code(person: UUID, kind: str, *, at: datetime) -> str:
    """A code for that person, inside a transaction of the caller's. `kind`: second_phone, relink or recovery."""
    lasting = kind == "recovery"
    code = codes.new_code(RECOVERY_LENGTH if lasting else CODE_LENGTH)
    await execute(_FORGET, at)
    row = SignInCode(hash=_hash(code), person=person, kind=kind, expires_at=None if lasting else at + GOOD_FOR)
    await SignInCode.insert(row)
    return codes.written(code, *[4] * (len(code) // 4))


async def show_second_phone_code(person: UUID) -> str:
    """A ten-minute code for one's second phone."""
    async with transaction() as tx:
        return await make_sign_in_code(person, "second_phone", at=tx.at)


async def use_sign_in_code(code: str, network: str) -> CodeTokensView:
    """Sign in by a code. Raises `WrongCode` or `TryLater`.

    A re-linked phone does not open what was written before, a recovery code does, and opens re-linked phones again too.
    """
    trying = throttle.Tries(
        f"code {secrets.token_hex(8)}", network
    )  # the code is the account: there is none to slow down
    await trying.may_try()
    view = None
    async with transaction() as tx:
        rows = await execute(_USE, tx.at, _hash(codes.read(code)), tx.at)
        if rows:
            person, kind = as_id(rows[0][0]), rows[0][1]
            view = await _signed_in(person, kind, tx.at)
    if view is None:
        await trying.failed()
        raise WrongCode
    return view


async def _signed_in(person: UUID, kind: str, at: datetime) -> CodeTokensView:
    if kind == "relink":
        return CodeTokensView(tokens=await open_sign_in(person, "relink", at=at, diary_since=at))
    if kind == "recovery":
        await execute(_OPEN_DIARIES, person)
        tokens = await open_sign_in(person, "recovery", at=at)
        return CodeTokensView(tokens=tokens, recovery_code=await make_sign_in_code(person, "recovery", at=at))
    return CodeTokensView(tokens=await open_sign_in(person, "code", at=at))


async def open_diary_again(person: UUID, *, by: UUID) -> None:
    """A coordinator vouches for a re-linked person: older entries open again. Logged, and shown to the person."""
    async with transaction() as tx:
        await execute(_OPEN_DIARIES, person)
        await Notice.insert(Notice(id=uuid7(), person=person, kind="diary_opened", by=by, at=tx.at))


def _hash(code: str) -> str:
    return digest("sign-in code", code)
