"""What a device may say of where its pushes go. Pure."""

import base64
import binascii
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from msgspec import UNSET

from yema.accounts.schemas import DeviceDraft
from yema.errors import N_, FieldError, Invalid
from yema.i18n.zones import is_zone

ENDPOINT_MAX = 2_000
POINT_BYTES = 65
"""An uncompressed point of P-256: a byte 4, and two numbers of 32 (RFC 8291, 3.1)."""
SECRET_BYTES = 16
"""RFC 8291, 3.2."""

NEEDED = N_("This is needed.")
NOT_ALLOWED = N_("This value is not allowed here.")
NO_ENDPOINT = N_("This is not the address of a push service.")
NO_KEY = N_("This is not a key of a browser.")
NO_ZONE = N_("This time zone is not known.")


class PushAddress(NamedTuple):
    """Where it goes, as it is kept. The keys are base64url without `=`."""

    kind: str
    value: str
    p256dh: str | None = None
    auth: str | None = None


def push_address(draft: DeviceDraft, *, private: bool) -> PushAddress:
    """The address in a draft; `private`: a push service on this very machine may do without TLS. Raises `Invalid`.

    That its name does not lead into a private network is looked at when it is connected to: names change.
    """
    if draft.channel == "fcm":
        if draft.keys is not UNSET:
            raise _wrong("/keys", "not_allowed", NOT_ALLOWED)
        return PushAddress("token" if draft.token_kind is UNSET else draft.token_kind, draft.token)
    if draft.token_kind is not UNSET:
        raise _wrong("/token_kind", "not_allowed", NOT_ALLOWED)
    if draft.keys is UNSET:
        raise _wrong("/keys", "required", NEEDED)
    _check_endpoint(draft.token, private=private)
    point, secret = _read("/keys/p256dh", draft.keys.p256dh), _read("/keys/auth", draft.keys.auth)
    if not _is_point(point):
        raise _wrong("/keys/p256dh", "bad_key", NO_KEY)
    if len(secret) != SECRET_BYTES:
        raise _wrong("/keys/auth", "bad_key", NO_KEY)
    return PushAddress("endpoint", draft.token, _written(point), _written(secret))


def known_zone(name: str) -> str:
    """The name, if it is that of a zone. Raises `Invalid`."""
    if not is_zone(name):
        raise _wrong("/zone", "unknown_zone", NO_ZONE)
    return name


def _check_endpoint(url: str, *, private: bool) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _wrong("/token", "bad_endpoint", NO_ENDPOINT) from None
    safe = parts.scheme == "https" or (private and parts.scheme == "http" and _is_here(host or ""))
    plain = not {"#", "\\"} & {*url} and "@" not in parts.netloc
    if not (safe and plain and host and len(url) <= ENDPOINT_MAX):
        raise _wrong("/token", "bad_endpoint", NO_ENDPOINT)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_point(raw: bytes) -> bool:
    if len(raw) != POINT_BYTES or raw[0] != 4:
        return False
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError:
        return False
    return True


def _read(pointer: str, text: str) -> bytes:
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _wrong(pointer, "bad_key", NO_KEY) from None


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _wrong(pointer: str, code: str, words: str) -> Invalid:
    return Invalid(FieldError(pointer, code, words))
