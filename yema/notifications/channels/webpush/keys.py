"""The key by which push services know this house (VAPID, RFC 8292), made when it is first needed."""

import os
from base64 import urlsafe_b64encode
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from yema.ids import uuid7
from yema.settings import Settings

FILE = "vapid.pem"


class VapidKeyBroken(RuntimeError):
    """A sentence for the operator."""


def private_key(settings: Settings) -> EllipticCurvePrivateKey:
    """The key; where there is none yet, one is made. Raises `VapidKeyBroken`.

    Without its file another is made, and every browser has to subscribe anew: an app sees that by comparing the public key.
    """
    return _read(settings.keys_folder / FILE)


def public_key(settings: Settings) -> str:
    """What browsers ask for as `applicationServerKey`: the uncompressed point in base64url, without padding."""
    point = private_key(settings).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()


@lru_cache(8)
def _read(path: Path) -> EllipticCurvePrivateKey:
    try:
        if not path.exists():
            _make(path)
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise VapidKeyBroken(f"{path} cannot be used ({type(error).__name__}): put the right one back.") from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise VapidKeyBroken(f"{path} is not a key on the curve P-256: put the right one back.")
    return key


def _make(path: Path) -> None:
    """Under its name only when all of it is on the disk. Where two processes make one, the first one's is kept."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{FILE}.{uuid7()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
