"""Who is asking: a person on one of their phones, found by the bearer token at every request, so that revoking works at the next."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request
from litestar.di import NamedDependency

from yema.accounts.errors import DiaryClosed
from yema.changes import Once
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import Invalid, NotSignedIn
from yema.http.headers import header
from yema.http.wanted import prefer, wanted_by
from yema.vault import digest

ACCESS = "access"
_FIND = Statement(
    "SELECT p.id, s.id, p.locale, s.via, s.diary_since FROM access_token t JOIN sign_in s ON s.id = t.sign_in"
    " JOIN person p ON p.id = s.person"
    " WHERE t.hash = {} AND t.expires_at > {now} AND s.ended_at IS NULL AND p.suspended_at IS NULL"
)
_KEY_MAX = 200


class Reader:
    """Somebody who reads, known or not, and the languages they want, best first."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self.wanted = wanted

    @property
    def language(self) -> str:
        """The language that this reader wants most."""
        return self.wanted[0] if self.wanted else "en"


class SignedIn(Reader):
    """A person, signed in on one phone. Every read of what is not public goes through one of these.

    `diary_since` hides what was written before a re-link.
    """

    def __init__(
        self, wanted: tuple[str, ...], person: UUID, sign_in: UUID, locale: str, via: str, diary_since: datetime | None
    ) -> None:
        super().__init__(wanted)
        self.id = person
        self.sign_in = sign_in
        self.locale = locale
        self.via = via
        self.diary_since = diary_since

    def must_open_diaries(self) -> None:
        """Raises `DiaryClosed` for a token that an operator made on the host."""
        if self.via == "operator":
            raise DiaryClosed


async def reader(request: Request[Any, Any, Any]) -> Reader:
    """For what is public: the person where there is a token (which must then be good), else anybody."""
    if header(request.scope, b"authorization") is None:
        return Reader(wanted_by(request.scope))
    return await person(request)


async def person(request: Request[Any, Any, Any]) -> SignedIn:
    """The person who asks. Raises `NotSignedIn`."""
    kind, _, token = (header(request.scope, b"authorization") or "").partition(" ")
    if kind.lower() != "bearer" or not token or len(token) > _KEY_MAX:
        raise NotSignedIn
    rows = await fetch(_FIND, digest(ACCESS, token))
    if not rows:
        raise NotSignedIn
    person_id, sign_in, locale, via, diary_since = rows[0]
    prefer(request.scope, locale)
    return SignedIn(
        wanted=wanted_by(request.scope),
        person=as_id(person_id),
        sign_in=as_id(sign_in),
        locale=locale,
        via=via,
        diary_since=as_instant(diary_since) if diary_since else None,
    )


async def once(request: Request[Any, Any, Any], person: NamedDependency[SignedIn]) -> Once | None:
    """The Idempotency-Key of this request, bound to the person, the method and the path; None where there is none."""
    key = header(request.scope, b"idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= _KEY_MAX:
        raise Invalid
    where = msgspec.json.encode([str(person.id), request.scope["method"], request.scope["path"], key])
    return Once(digest("once", where), digest("once body", hashlib.sha256(await request.body()).digest()))
