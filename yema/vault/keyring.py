"""The keyring: one wrapped data key for each person, in a file of its own, so that erasing a person destroys their texts everywhere.

Beside it stands a ledger of erasures, a file that only grows. It is applied whenever the keyring is opened, so that an older keyring
that was put back does not bring anybody back. A second ledger holds the sign-ins that were ended, for whoever restores a backup.
"""

import asyncio
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import aiosqlite
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yema.ids import now
from yema.settings import Settings
from yema.vault.keys import KEY_BYTES, KEYRING, keys
from yema.vault.sealing import NONCE_BYTES

LEDGER = "erasures.txt"
ENDED = "ended.txt"
_TABLE = "CREATE TABLE IF NOT EXISTS data_key (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL, made_at TEXT NOT NULL)"
_DESTROY = "DELETE FROM data_key WHERE person = ?"


class Keyring:
    """The wrapped keys. Reading one takes microseconds; making or destroying one waits for the disk, in a thread."""

    def __init__(self, raw: sqlite3.Connection, threaded: aiosqlite.Connection, ledger: Path) -> None:
        self._raw = raw
        self._threaded = threaded
        self._ledger = ledger
        self.is_new = False
        """Whether there was no such file before."""
        self._one_at_a_time = asyncio.Lock()
        for person in named_in(ledger):
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
        return str(person) in named_in(self._ledger)

    def all_erased(self) -> set[UUID]:
        """Everybody whom the ledger names."""
        return {UUID(person) for person in named_in(self._ledger)}

    async def destroy_key(self, person: UUID) -> None:
        """Enter the erasure in the ledger and destroy the key: what was sealed with it is gone, in every copy."""
        async with self._one_at_a_time:
            await asyncio.to_thread(enter, self._ledger, [str(person)])
            await self._write(_DESTROY, str(person))

    async def note_ended(self, sign_in: UUID) -> None:
        """Enter a sign-in that was ended, so that no restored backup brings it to life again."""
        async with self._one_at_a_time:
            await asyncio.to_thread(enter, self._ledger.with_name(ENDED), [str(sign_in)])

    async def close(self) -> None:
        await self._threaded.close()

    async def _write(self, sql: str, *args: object) -> None:
        await self._threaded.execute(sql, args)


_keyring: Keyring | None = None


async def open_keyring(settings: Settings) -> Keyring:
    """Open the keyring of the data folder, and make it on the first start."""
    global _keyring
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not (settings.data / KEYRING).exists()
    raw = _connect(settings.data / KEYRING)
    _keyring = Keyring(raw, await aiosqlite.Connection(lambda: raw, iter_chunk_size=64), settings.data / LEDGER)
    _keyring.is_new = is_new
    return _keyring


def keyring() -> Keyring:
    """The keyring of this process. Raises RuntimeError before `open_keyring`."""
    if _keyring is None:
        raise RuntimeError("The keyring is not open.")
    return _keyring


def named_in(ledger: Path) -> set[str]:
    """The ids in a ledger: erased people, or ended sign-ins."""
    lines = ledger.read_text("ascii", "replace").splitlines() if ledger.exists() else []
    return {name for line in lines if _is_id(name := line.partition(" ")[0])}


def enter(ledger: Path, names: Iterable[str]) -> None:
    """Add ids to a ledger; they are on the disk then."""
    at = now().isoformat()
    ledger.touch(0o600)
    with ledger.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            # A line that was broken off, as by a full disk, must not swallow the next one.
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write("".join(f"{name} {at}\n" for name in names).encode())
        file.flush()
        os.fsync(file.fileno())


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def wrapped_keys(file: Path) -> dict[UUID, tuple[bytes, str]]:
    """Each person's wrapped key in a keyring or a copy of one, and when it was made."""
    with closing(_connect(file)) as raw:
        rows = raw.execute("SELECT person, wrapped, made_at FROM data_key").fetchall()
    return {UUID(person): (wrapped, made_at) for person, wrapped, made_at in rows}


def is_wrapped_with(key: bytes, person: UUID, wrapped: bytes) -> bool:
    """Whether this key-encryption key opens it."""
    try:
        AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person.bytes)
    except (InvalidTag, ValueError):
        return False
    return True


def add_keys(file: Path, keys: dict[UUID, tuple[bytes, str]]) -> None:
    """Add the keys of people who have none, to a keyring that nobody has open."""
    with closing(_connect(file)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(
            "INSERT OR IGNORE INTO data_key VALUES (?, ?, ?)", [(str(who), *kept) for who, kept in keys.items()]
        )
        raw.execute("COMMIT")


def _connect(file: Path) -> sqlite3.Connection:
    file.touch(0o600)  # SQLite gives its journal the same mode
    raw = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=1", "busy_timeout=5000"):
        raw.execute(f"PRAGMA {pragma}").fetchall()
    raw.execute(_TABLE)
    return raw


def _wrap(person: UUID, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(keys().journals).encrypt(nonce, key, person.bytes)


def _unwrap(person: UUID, wrapped: bytes) -> bytes:
    return AESGCM(keys().journals).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person.bytes)
