"""The two keys of a house, made on the first start as files that only their owner can read."""

import hmac
import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from yema.settings import Settings

KEY_BYTES = 32
KEYRING = "keyring.sqlite"


class KeysMissing(RuntimeError):
    """A sentence for the operator: new keys would close every diary for ever."""


class Keys(NamedTuple):
    """`server` derives what phones hold; `journals` wraps the data keys. 32 random bytes each."""

    server: bytes
    journals: bytes


_keys: Keys | None = None


def open_keys(settings: Settings) -> Keys:
    """Read the keys, or make them on the first start. Raises `KeysMissing` where there are diaries and no key to them."""
    global _keys
    folder = settings.keys_folder
    for name in ("journals.key", "server.key"):
        if (settings.data / KEYRING).exists() and not (folder / name).exists():
            raise KeysMissing(
                f"{folder / name} is missing, and {settings.data} holds journals: put the key back first."
            )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keys = Keys(_key(folder / "server.key"), _key(folder / "journals.key"))
    _purpose.cache_clear()
    return _keys


def keys() -> Keys:
    """The keys of this process. Raises RuntimeError before `open_keys`."""
    if _keys is None:
        raise RuntimeError("The keys are not open.")
    return _keys


def derive(purpose: str, *parts: bytes) -> bytes:
    """32 bytes that only this house can make: HMAC-SHA-256 of the parts under a key of its own for each purpose."""
    return hmac.digest(_purpose(purpose), b"\x1f".join(parts), "sha256")


def derive_id(purpose: str, *parts: bytes) -> UUID:
    """An id that nobody outside this house can foretell, and take before us: a UUIDv8 (RFC 9562, 5.8) made from `derive`."""
    made = int.from_bytes(derive(purpose, *parts)[:16])
    return UUID(int=made & ~(0xF << 76 | 0b11 << 62) | 0x8 << 76 | 0b10 << 62)


def digest(purpose: str, secret: str | bytes) -> str:
    """What is stored instead of a token or code: a keyed hash, in hex."""
    return derive(purpose, secret.encode() if isinstance(secret, str) else secret).hex()


@lru_cache(64)
def _purpose(purpose: str) -> bytes:
    return hmac.digest(keys().server, purpose.encode(), "sha256")


def _key(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise KeysMissing(f"{path} is not a key of {KEY_BYTES} bytes.") from None
        return key
    with os.fdopen(handle, "wb") as file:
        key = os.urandom(KEY_BYTES)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
