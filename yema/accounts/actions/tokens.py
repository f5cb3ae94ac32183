"""Tokens: opaque access tokens, and refresh tokens that rotate.

A refresh token holds (family, generation, mark) and a MAC of them; `mark` is a hash of the `rotation_id` that asked for it. So the same
question gets the same answer until the new refresh token is first used: a phone whose answer was lost in a tunnel simply asks
again. After that the old one is a replay, and the family is revoked.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from yema.accounts.actions.devices import forget_devices
from yema.accounts.errors import SignInRevoked
from yema.accounts.schemas import TokensView
from yema.accounts.signed_in import ACCESS
from yema.accounts.tables import Notice, SignIn
from yema.changes import transaction
from yema.database import Statement, execute
from yema.errors import NotFound, NotSignedIn
from yema.ids import uuid7
from yema.vault import derive, digest, keyring

log = logging.getLogger("yema")

ACCESS_SECONDS = 3600
MARK_BYTES = 16
RAW_BYTES = 16 + 4 + MARK_BYTES + 32
"""Family, generation, mark and MAC: one byte short of a multiple of three, so base64 ends in one `=`, which is left out."""
UNUSED_FOR = timedelta(days=400)
"""A phone that did not refresh for so long has to sign in again."""

_TURN = Statement(
    "UPDATE sign_in SET last_used_at = {} WHERE id = {} AND ended_at IS NULL AND last_used_at > {}"
    " AND EXISTS (SELECT 1 FROM person p WHERE p.id = sign_in.person AND p.suspended_at IS NULL)"
    " RETURNING generation, rotation"
)
_ROTATE = Statement("UPDATE sign_in SET generation = {}, rotation = {} WHERE id = {}")
_END = Statement("UPDATE sign_in SET ended_at = {} WHERE id = {} AND person = {} AND ended_at IS NULL RETURNING id")
_REVOKE = Statement("UPDATE sign_in SET ended_at = {} WHERE id = {}")
_KEEP = Statement(
    "INSERT INTO access_token (hash, sign_in, expires_at) VALUES ({}, {}, {})"
    " ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at"  # an answer that is given again promises an hour again
)
_STAY_ENDED = Statement("UPDATE sign_in SET ended_at = {} WHERE id = {} AND ended_at IS NULL")
_FORGET = [
    Statement("DELETE FROM access_token WHERE sign_in IN (SELECT id FROM sign_in WHERE person = {})"),
    Statement("DELETE FROM sign_in_code WHERE person = {}"),
    Statement("DELETE FROM sign_in WHERE person = {}"),
    Statement("DELETE FROM challenge WHERE person = {}"),
    Statement("DELETE FROM account_notice WHERE person = {}"),
]
_TIDY = Statement("DELETE FROM access_token WHERE sign_in = {} AND expires_at < {}")


class RefreshToken(NamedTuple):
    """What a refresh token says; its text cannot be made without the server's key."""

    family: UUID
    generation: int
    mark: bytes

    def _mac(self, purpose: str) -> bytes:
        return derive(purpose, self.family.bytes, self.generation.to_bytes(4), self.mark)

    def text(self) -> str:
        return "yrt_" + _text(self.family.bytes + self.generation.to_bytes(4) + self.mark + self._mac("refresh"))

    def access_text(self) -> str:
        """The access token that is given out together with this one."""
        return "yat_" + _text(self._mac("access token"))

    @classmethod
    def read(cls, text: str) -> "RefreshToken":
        """Raises `NotSignedIn` for what this server did not make."""
        try:
            raw = base64.b64decode(text.removeprefix("yrt_") + "=", b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise NotSignedIn from None
        if len(raw) != RAW_BYTES:
            raise NotSignedIn
        token = cls(UUID(bytes=raw[:16]), int.from_bytes(raw[16:20]), raw[20 : 20 + MARK_BYTES])
        if not hmac.compare_digest(token._mac("refresh"), raw[20 + MARK_BYTES :]):
            raise NotSignedIn
        return token


async def open_sign_in(person: UUID, via: str, *, at: datetime, diary_since: datetime | None = None) -> TokensView:
    """Sign a person in on one more phone; inside a transaction of the caller's."""
    mark = os.urandom(MARK_BYTES)
    row = SignIn(
        id=uuid7(),
        person=person,
        via=via,
        generation=0,
        rotation=mark.hex(),
        made_at=at,
        last_used_at=at,
        diary_since=diary_since,
    )
    await SignIn.insert(row)
    if via == "operator":
        await Notice.insert(Notice(id=uuid7(), person=person, kind="operator_token", at=at))
    return await _give_out(RefreshToken(row.id, 0, mark), at)


async def refresh(refresh_token: str, rotation_id: str) -> TokensView:
    """New tokens for old. Raises `NotSignedIn`, or `SignInRevoked` for a replay, which ends the sign-in."""
    token = RefreshToken.read(refresh_token)
    mark = hashlib.sha256(rotation_id.encode()).digest()[:MARK_BYTES]
    async with transaction() as tx:
        rows = await execute(_TURN, tx.at, token.family, tx.at - UNUSED_FOR)
        if not rows:
            raise NotSignedIn
        generation, rotation = rows[0]
        following = RefreshToken(token.family, token.generation + 1, mark)
        # A generation that we do not know yet was given out before a restore put an older one back.
        if token.generation > generation or (token.generation == generation and token.mark.hex() == rotation):
            await execute(_ROTATE, following.generation, mark.hex(), token.family)
            return await _give_out(following, tx.at)
        if following.generation == generation and mark.hex() == rotation:
            return await _give_out(following, tx.at)
        await execute(_REVOKE, tx.at, token.family)
        await forget_devices(token.family)
    await _note_ended(token.family)
    raise SignInRevoked


async def sign_out(person: UUID, sign_in: UUID) -> None:
    """End one sign-in of this person. Raises `NotFound` where there is none."""
    async with transaction() as tx:
        if not await execute(_END, tx.at, sign_in, person):
            raise NotFound
        await forget_devices(sign_in)
    await _note_ended(sign_in)


async def end_again(sign_ins: Iterable[UUID], *, at: datetime) -> None:
    """End sign-ins that a restored backup brought to life; inside a transaction of the caller's."""
    for sign_in in sign_ins:
        await execute(_STAY_ENDED, at, sign_in)
        await forget_devices(sign_in)


async def forget_sign_ins(person: UUID) -> None:
    """Take every way in from a person who is erased, and what was noted about their account; inside a transaction of the caller's.

    Their devices go with their sign-ins.
    """
    for statement in _FORGET:
        await execute(statement, person)


async def _note_ended(sign_in: UUID) -> None:
    """For whoever restores an older backup. It has ended by now, so a ledger that cannot be written makes no failure of that."""
    try:
        await keyring().note_ended(sign_in)
    except OSError:
        log.error("ledger_not_written")


async def _give_out(token: RefreshToken, at: datetime) -> TokensView:
    access = token.access_text()
    await execute(_TIDY, token.family, at)
    await execute(_KEEP, digest(ACCESS, access), token.family, at + timedelta(seconds=ACCESS_SECONDS))
    return TokensView(access_token=access, refresh_token=token.text(), expires_in=ACCESS_SECONDS, token_type="Bearer")  # noqa: S106


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
