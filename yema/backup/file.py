"""The backup's file: what is in it, and whether it is whole."""

import asyncio
import hashlib
import hmac
import os
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Literal

import msgspec

from yema.backup.watch import UNWATCHED, Watch
from yema.database.opening import FILE as DATABASE
from yema.settings import Settings
from yema.vault.keyring import ENDED, LEDGER

FORMAT: Literal[1] = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 16 * 1024 * 1024
"""A line for each of some 180,000 files of media."""
MEDIA = "media"
"""The folder of pictures, papers and sounds, each under its SHA-256."""
KEYRING_COPY = ".keyring"
"""The end of the name of the keyring's copy, which stands beside the backup."""
CHUNK = 1024 * 1024
PARTS = (DATABASE, LEDGER, ENDED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    msgspec.MsgspecError,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What Python's zipfile and the manifest raise for a file that is no backup, or that was damaged."""


Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$(?!\\n)")]


class BackupTrouble(Exception):
    """A sentence for the operator: what is wrong, and what to do."""


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """One file of the backup as it has to be."""

    bytes: Annotated[int, msgspec.Meta(ge=0)]
    sha256: str


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a backup says of itself.

    `migrations` are those that had run; `server_key` proves with which key it was made, and tells nothing else. `media`: the bytes of
    each file of media, by its hash.
    """

    format: Literal[1]
    made_at: datetime
    yema: str
    migrations: list[str]
    counts: dict[str, int]
    parts: dict[str, Part]
    keyring: Part
    server_key: str
    media: dict[Sha256, Annotated[int, msgspec.Meta(ge=0)]] = {}


class _Format(msgspec.Struct):
    format: int


def keyring_copy(file: Path) -> Path:
    """Where the keyring's copy of a backup stands."""
    return Path(f"{file}{KEYRING_COPY}")


def must_be_sqlite(settings: Settings) -> None:
    """Raises `BackupTrouble` for a house on Postgres."""
    if settings.database_url:
        raise BackupTrouble(
            "yema backup and yema restore are for the SQLite data folder yet: with Postgres, use pg_dump and pg_restore."
        )


def read_keys(settings: Settings) -> tuple[bytes, bytes]:
    """The server's key and the one that wraps the keyring. Raises `BackupTrouble` where one is missing; none is ever made here."""
    found = []
    for name in ("server.key", "journals.key"):
        path = settings.keys_folder / name
        try:
            found.append(path.read_bytes())
        except OSError:
            raise BackupTrouble(f"The key {path} is missing, and no backup holds it: put the key back first.") from None
    return found[0], found[1]


def proof_of_key(server: bytes, database: Part) -> str:
    """Made with the server's key over one database: who does not have the key can neither make it nor learn the key from it."""
    return hmac.digest(server, b"yema backup" + database.sha256.encode(), "sha256").hex()


def measured(path: Path) -> Part:
    """The size and the hash of a file that nobody has open."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(target: Path, manifest: Manifest, folder: Path, watch: Watch) -> None:
    """Pack the parts, which lie in a folder, and their manifest into one file; it is on the disk then."""
    total = sum(part.bytes for part in manifest.parts.values()) + sum(manifest.media.values())
    done = 0
    with private(target) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            for name in _names(manifest):
                info = zipfile.ZipInfo(name, manifest.made_at.timetuple()[:6])
                info.compress_type, info.external_attr = _compression(name), 0o600 << 16
                with (folder / name).open("rb") as source, packed.open(info, "w", force_zip64=True) as part:
                    while chunk := source.read(CHUNK):
                        part.write(chunk)
                        done += len(chunk)
                        watch.step("Packing", done, total)
        file.flush()
        os.fsync(file.fileno())


def _names(manifest: Manifest) -> list[str]:
    return [*manifest.parts, *(f"{MEDIA}/{sha256}" for sha256 in manifest.media)]


def _compression(name: str) -> int:
    """Pictures and sounds are small already."""
    return zipfile.ZIP_STORED if name.startswith(f"{MEDIA}/") else zipfile.ZIP_DEFLATED


def private(path: Path) -> IO[bytes]:
    """A new file that only its owner reads. Raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rewrite(database: Path, target: Path) -> None:
    """Write a database anew, which nobody else has open: in free pages there might still be a name that was erased."""
    private(target).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("VACUUM INTO ?", [str(target)])
    sync(target)


async def verify(file: Path, watch: Watch = UNWATCHED) -> Manifest:
    """Whether a backup is whole: hashes, the database's own check, and that it opens. Raises `BackupTrouble`."""

    def check() -> Manifest:
        with tempfile.TemporaryDirectory() as folder:
            return unpack(file, Path(folder), watch, with_media=False)

    return await asyncio.to_thread(check)


def unpack(file: Path, folder: Path, watch: Watch, *, with_media: bool = True) -> Manifest:
    """Lay the parts of a backup into a folder; without its media, those are only checked.

    Raises `BackupTrouble` unless all of it is whole, the keyring's copy included where there is one.
    """
    with _whole(file), zipfile.ZipFile(file) as packed:
        manifest = _manifest(packed, file)
        parts = manifest.parts | {f"{MEDIA}/{sha256}": Part(size, sha256) for sha256, size in manifest.media.items()}
        total = sum(part.bytes for part in parts.values())
        done = 0
        (folder / MEDIA).mkdir(0o700)
        for name, part in parts.items():
            laid = with_media or name in manifest.parts
            with packed.open(name) as source, private(folder / name) if laid else open(os.devnull, "wb") as target:
                _copy(source, target, part)
            done += part.bytes
            watch.step("Checking", done, total)
        copy = keyring_copy(file)
        fits = not copy.exists() or measured(copy) == manifest.keyring
    _check_database(folder / DATABASE, manifest, file)
    if not fits:
        raise BackupTrouble(f"{copy} is damaged, or belongs to another backup: use the one that was made with {file}.")
    return manifest


def _manifest(packed: zipfile.ZipFile, file: Path) -> Manifest:
    with packed.open(MANIFEST) as source:
        raw = source.read(MANIFEST_BYTES_MAX)
    if (number := msgspec.json.decode(raw, type=_Format).format) != FORMAT:
        raise BackupTrouble(
            f"{file} is a backup in the format {number}, and this YEMA knows {FORMAT}: use a newer one."
        )
    manifest = msgspec.json.decode(raw, type=Manifest)
    kinds = {info.filename: info.compress_type for info in packed.infolist()}
    expected = {name: _compression(name) for name in (MANIFEST, *_names(manifest))}
    if set(manifest.parts) != set(PARTS) or kinds != expected:
        raise ValueError("parts")
    return manifest


def _copy(source: IO[bytes], target: IO[bytes], part: Part) -> None:
    """Copy what the manifest promises, and no byte more."""
    digest, size = hashlib.sha256(), 0
    while size <= part.bytes and (chunk := source.read(CHUNK)):
        size += len(chunk)
        digest.update(chunk)
        target.write(chunk)
    if (size, digest.hexdigest()) != (part.bytes, part.sha256):
        raise ValueError("hash")


@contextmanager
def _whole(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupTrouble(
            f"{error.filename or file} cannot be read or unpacked ({error.strerror or error})."
        ) from None
    except _BROKEN:
        raise BackupTrouble(f"{file} is not a whole YEMA backup: take another one.") from None


def _check_database(database: Path, manifest: Manifest, file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
            faults = [row[0] for row in raw.execute("PRAGMA integrity_check(3)")]
            broken_links = raw.execute("PRAGMA foreign_key_check").fetchall()
            same = migrations_in(raw) == manifest.migrations and counts_in(raw) == manifest.counts
    except sqlite3.Error as error:
        raise BackupTrouble(f"The database in {file} does not open ({error}): take another backup.") from None
    if faults != ["ok"] or broken_links or not same:
        raise BackupTrouble(f"The database in {file} is damaged: take another backup.")


def migrations_in(raw: sqlite3.Connection) -> list[str]:
    """The migrations that have run in a database, as `app/id`."""
    rows = raw.execute("SELECT app_name, name FROM migration ORDER BY app_name, name")
    return [f"{app}/{name}" for app, name in rows]


def counts_in(raw: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for [name] in names}
