"""ETag, If-None-Match and If-Match (RFC 9110, 13).

A strong ETag is `"<version>-<fingerprint>-<encoding>"`. What is changed with If-Match has a version; elsewhere it is 0. If-Match compares
the version only, so that the same phone may read with one encoding and write after another.
"""

import hashlib
import re
from collections.abc import Hashable

from litestar import Request

from yema.errors import PreconditionRequired, Stale
from yema.http.headers import Encoding, header
from yema.shapes import WIRE

_VERSION = re.compile(r'"?(\d{1,15})(?:-[\w.-]*)?"?')


def fingerprint(content: bytes) -> str:
    """What makes an ETag of a content that was made for this one answer."""
    return hashlib.blake2b(content, digest_size=9, person=b"etag%d" % WIRE).hexdigest()


def fingerprint_of_key(key: Hashable) -> str:
    """What makes an ETag of a content that is known by its versions, without building it."""
    return fingerprint(repr(key).encode())


def etag(mark: str, encoding: Encoding, version: int = 0) -> str:
    return f'"{version}-{mark}-{encoding}"'


def is_fresh(if_none_match: str | None, tag: str) -> bool:
    """Whether the client already has exactly this (304)."""
    if not if_none_match:
        return False
    return if_none_match.strip() == "*" or tag in (t.strip().removeprefix("W/") for t in if_none_match.split(","))


async def expected_version(request: Request) -> int | None:  # type: ignore[type-arg]
    """The version that the client believes to change, from If-Match; None for `*`. Raises 428 where it is missing."""
    value = header(request.scope, b"if-match")
    if value is None:
        raise PreconditionRequired
    if value.strip() == "*":
        return None
    match = _VERSION.fullmatch(value.strip())
    if not match:
        raise Stale
    return int(match[1])
