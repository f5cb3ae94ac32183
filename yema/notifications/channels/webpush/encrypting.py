"""Encrypting a message for one browser, so that its push service cannot read it (RFC 8291 over RFC 8188, `aes128gcm`)."""

import binascii
import os
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BYTES_MAX = 3993
"""What fits: 4,096 bytes that every push service takes (RFC 8291, 4), less 86 of header, 16 of seal and one that ends the padding."""
SIZES = (512, 1024, 2048, BYTES_MAX)
"""Messages are filled up to one of these, so that their length says nothing."""
AUTH_BYTES = 16


class BadKeys(ValueError):
    """The browser's keys are none."""


class TooBig(ValueError):
    """Longer than `BYTES_MAX`."""


def encrypt(plain: bytes, p256dh: str, auth: str) -> bytes:
    """The body of a push, for the browser with these keys (base64url). Raises `BadKeys` or `TooBig`."""
    if len(plain) > BYTES_MAX:
        raise TooBig
    size = next(size for size in SIZES if len(plain) <= size)
    return seal(plain, size, p256dh, auth, generate_private_key(SECP256R1()), os.urandom(16))


def seal(plain: bytes, size: int, p256dh: str, auth: str, key: EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The same with a key and a salt (16 bytes) that must never be used twice; filled up to `size` bytes."""
    theirs, secret = _browser(p256dh), _bytes(auth)
    if len(secret) != AUTH_BYTES:
        raise BadKeys
    mine = _point(key.public_key())
    shared = key.exchange(ECDH(), theirs)
    material = _derived(shared, secret, b"WebPush: info\0" + _point(theirs) + mine, 32)
    content_key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content_key).encrypt(nonce, plain + b"\x02" + bytes(size - len(plain)), None)
    return salt + (4096).to_bytes(4) + bytes([len(mine)]) + mine + sealed


def _browser(p256dh: str) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(p256dh))
    except ValueError:
        raise BadKeys from None


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise BadKeys from None


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
