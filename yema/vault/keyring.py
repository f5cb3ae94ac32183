"""The keyring: one wrapped data key for each person, in a file of its own, so that erasing a person destroys their texts everywhere.

Beside it stands a ledger of erasures, a file that only grows. It is applied whenever the keyring is opened, so that an older keyring
that was put back does not bring anybody back.
"""

import asyncio
import os
import sqlite3
from pathlib import Path
from uuid import UUID

import aiosqlite
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yema.ids import now
from yema.settings import Settings
from yema.vault.keys import KEY_BYTES, KEYRING, keys
from yema.vault.sealing import NONCE_BYTES

LEDGER = "erasures.txt"
_TABLE = "CREATE TABLE IF NOT EXISTS data_key (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL, made_at TEXT NOT NULL)"
_DESTROY = "DELETE FROM data_key WHERE person = ?"


class Keyring:
    """The wrapped keys. Reading one takes microseconds; making or destroying one waits for the disk, in a thread."""

    def __init__(self, raw: sqlite3.Connection, threaded: aiosqlite.Connection, ledger: Path) -> None:
        self._raw = raw
        self._threaded = threaded
        self._ledger = ledger
        self._one_at_a_time = asyncio.Lock()
        for person in _erased(ledger):
            raw.execute(_DESTROY, [person])

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
        return str(person) in _erased(self._ledger)

    async def destroy_key(self, person: UUID) -> None:
        """Enter the erasure in the ledger and destroy the key: what was sealed with it is gone, in every copy."""
        async with self._one_at_a_time:
            await asyncio.to_thread(_enter, self._ledger, str(person))
            await self._write(_DESTROY, str(person))

    async def close(self) -> None:
        await self._threaded.close()

    async def _write(self, sql: str, *args: object) -> None:
        await self._threaded.execute(sql, args)


_keyring: Keyring | None = None


async def open_keyring(settings: Settings) -> Keyring:
    """Open the keyring of the data folder, and make it on the first start."""
    global _keyring
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.data / KEYRING).touch(0o600)  # SQLite gives its WAL the same mode
    raw = sqlite3.connect(settings.data / KEYRING, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=1", "busy_timeout=5000"):
        raw.execute(f"PRAGMA {pragma}").fetchall()
    raw.execute(_TABLE)
    _keyring = Keyring(raw, await aiosqlite.Connection(lambda: raw, iter_chunk_size=64), settings.data / LEDGER)
    return _keyring


def keyring() -> Keyring:
    """The keyring of this process. Raises RuntimeError before `open_keyring`."""
    if _keyring is None:
        raise RuntimeError("The keyring is not open.")
    return _keyring


def _erased(ledger: Path) -> set[str]:
    return {line.partition(" ")[0] for line in ledger.read_text().splitlines()} if ledger.exists() else set()


def _enter(ledger: Path, person: str) -> None:
    with ledger.open("a") as file:
        file.write(f"{person} {now().isoformat()}\n")
        file.flush()
        os.fsync(file.fileno())


def _wrap(person: UUID, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(keys().journals).encrypt(nonce, key, person.bytes)


def _unwrap(person: UUID, wrapped: bytes) -> bytes:
    return AESGCM(keys().journals).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person.bytes)
