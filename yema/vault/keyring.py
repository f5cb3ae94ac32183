"""The keyring: one wrapped data key for each person, in a file of its own, so that erasing a person destroys their texts everywhere.

Beside the keys stands a ledger of erasures, which is applied again after a restore.
"""

import asyncio
import os
import sqlite3
from uuid import UUID

import aiosqlite
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yema.ids import now
from yema.settings import Settings
from yema.vault.keys import KEY_BYTES, keys
from yema.vault.sealing import NONCE_BYTES

FILE = "keyring.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS data_key (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL, made_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS erasure (person TEXT PRIMARY KEY, erased_at TEXT NOT NULL);
"""


class Keyring:
    """The wrapped keys. Reading one takes microseconds; making or destroying one waits for the disk, in a thread."""

    def __init__(self, raw: sqlite3.Connection, threaded: aiosqlite.Connection) -> None:
        self._raw = raw
        self._threaded = threaded
        self._one_at_a_time = asyncio.Lock()

    def key_of(self, person: UUID) -> bytes | None:
        """The data key of a person, 32 bytes; None where there never was one or it was destroyed."""
        row = self._raw.execute("SELECT wrapped FROM data_key WHERE person = ?", [str(person)]).fetchone()
        return _unwrap(person, row[0]) if row else None

    async def make_key(self, person: UUID) -> bytes:
        """The data key of a person, made and on the disk if it was not there. An erased person gets none: LookupError."""
        if key := self.key_of(person):
            return key
        async with self._one_at_a_time:
            if self.is_erased(person):
                raise LookupError("This person was erased.")
            await self._write(
                "INSERT OR IGNORE INTO data_key VALUES (?, ?, ?)",
                str(person),
                _wrap(person, os.urandom(KEY_BYTES)),
                now().isoformat(),
            )
        key = self.key_of(person)
        assert key is not None  # noqa: S101 - it was written one line above
        return key

    def is_erased(self, person: UUID) -> bool:
        """Whether the ledger says that this person was erased."""
        return bool(self._raw.execute("SELECT 1 FROM erasure WHERE person = ?", [str(person)]).fetchone())

    async def destroy_key(self, person: UUID) -> None:
        """Destroy the key and enter the erasure in the ledger: what was sealed with it is gone, in every copy."""
        async with self._one_at_a_time:
            await self._write("INSERT OR IGNORE INTO erasure VALUES (?, ?)", str(person), now().isoformat())
            await self._write("DELETE FROM data_key WHERE person = ?", str(person))

    async def close(self) -> None:
        await self._threaded.close()

    async def _write(self, sql: str, *args: object) -> None:
        await self._threaded.execute(sql, args)


_keyring: Keyring | None = None


async def open_keyring(settings: Settings) -> Keyring:
    """Open the keyring of the data folder, and make it on the first start."""
    global _keyring
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    raw = sqlite3.connect(settings.data / FILE, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=1", "busy_timeout=5000"):
        raw.execute(f"PRAGMA {pragma}").fetchall()
    raw.executescript(_TABLES)
    _keyring = Keyring(raw, await aiosqlite.Connection(lambda: raw, iter_chunk_size=64))
    return _keyring


def keyring() -> Keyring:
    """The keyring of this process. Raises RuntimeError before `open_keyring`."""
    if _keyring is None:
        raise RuntimeError("The keyring is not open.")
    return _keyring


def _wrap(person: UUID, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(keys().journals).encrypt(nonce, key, person.bytes)


def _unwrap(person: UUID, wrapped: bytes) -> bytes:
    return AESGCM(keys().journals).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person.bytes)
