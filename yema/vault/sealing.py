"""Sealing a text: AES-256-GCM under a key of its own for each revision, bound to whose it is and which."""

import os
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

NONCE_BYTES = 12
TAG_BYTES = 16
_FORMAT = b"\x01"


class SealBroken(Exception):
    """The bytes were changed, moved to another thing, or sealed with another key."""


class Seal(NamedTuple):
    """What a sealed text belongs to; all of it is authenticated (associated data)."""

    person: UUID
    thing: UUID
    revision: int
    schema: str

    def _bound(self) -> bytes:
        return b"%b%b%b%b" % (self.person.bytes, self.thing.bytes, self.revision.to_bytes(8), self.schema.encode())

    def _cipher(self, data_key: bytes) -> AESGCM:
        """HKDF-SHA-256 (RFC 5869, expand only: the data key is uniformly random)."""
        return AESGCM(HKDFExpand(SHA256(), 32, b"yema seal" + self._bound()).derive(data_key))

    def close(self, data_key: bytes, text: bytes) -> bytes:
        """The sealed text: one byte of format, 12 of nonce, the ciphertext and its tag of 16."""
        nonce = os.urandom(NONCE_BYTES)
        return _FORMAT + nonce + self._cipher(data_key).encrypt(nonce, text, self._bound())

    def open(self, data_key: bytes, sealed: bytes) -> bytes:
        """The text again. Raises `SealBroken`."""
        if sealed[:1] != _FORMAT or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
            raise SealBroken
        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher(data_key).decrypt(nonce, rest, self._bound())
        except InvalidTag:
            raise SealBroken from None
