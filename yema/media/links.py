"""Signed links: who has one may read these bytes for a while, without a token. Whoever gives one out has found that they may."""

import base64
import hmac
import time
from typing import NamedTuple
from urllib.parse import urlencode

from yema.errors import NotFound
from yema.vault import derive

PATH = "/api/v1/media"
_PURPOSE = "media link"


class Allowed(NamedTuple):
    """What a link allows, and for how long yet."""

    sha256: str
    content_type: str
    seconds: int


def link_to(sha256: str, content_type: str, *, seconds: int) -> str:
    """A path that works for at least `seconds`, and at most twice as long.

    For that long it is also the same path, so that a phone's cache knows what it has.
    """
    expires = (int(time.time()) // seconds + 2) * seconds
    asked = {"expires": str(expires), "type": content_type, "signature": _signature(sha256, content_type, expires)}
    return f"{PATH}/{sha256}?{urlencode(asked, safe='/')}"


def allowed(sha256: str, content_type: str | None, expires: str | None, signature: str | None) -> Allowed:
    """What such a link allows. Raises `NotFound` for one that is not ours, or not whole, or over."""
    if content_type is None or signature is None or not (expires and expires.isascii() and expires.isdecimal()):
        raise NotFound
    if len(expires) > 12 or len(content_type) > 100 or not sha256.isascii():
        raise NotFound
    if not hmac.compare_digest(
        _signature(sha256, content_type, int(expires)).encode(), signature.encode("utf-8", "replace")
    ):
        raise NotFound
    left = int(expires) - int(time.time())
    if left <= 0:
        raise NotFound
    return Allowed(sha256, content_type, left)


def _signature(sha256: str, content_type: str, expires: int) -> str:
    made = derive(_PURPOSE, sha256.encode(), content_type.encode("utf-8", "replace"), str(expires).encode())
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
