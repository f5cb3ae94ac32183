"""Making a backup beside a running server: reading only, and never a checkpoint."""

import asyncio
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from yema import __version__
from yema.backup.file import (
    FORMAT,
    BackupTrouble,
    Manifest,
    counts_in,
    keyring_copy,
    measured,
    migrations_in,
    must_be_sqlite,
    private,
    proof_of_key,
    read_keys,
    rewrite,
    sync,
    write,
)
from yema.backup.media import gather
from yema.backup.watch import UNWATCHED, Watch
from yema.database.opening import FILE as DATABASE
from yema.ids import now
from yema.settings import Settings
from yema.vault.keyring import ENDED, LEDGER
from yema.vault.keys import KEYRING

PAGES = 512
"""Database pages (of 4 KiB) that are copied between two looks at the clock."""


async def back_up(settings: Settings, file: Path, watch: Watch = UNWATCHED) -> None:
    """Write a backup of the SQLite data folder to `file`, and the keyring's copy beside it.

    Beside a running server, with the house open in this process, or with nobody there. What was acknowledged before this began is in it.
    Raises `BackupTrouble`; then nothing is left behind.
    """
    must_be_sqlite(settings)
    await asyncio.to_thread(_back_up, settings, file, watch)


def _back_up(settings: Settings, file: Path, watch: Watch) -> None:
    if not (settings.data / DATABASE).exists():
        raise BackupTrouble(f"There is no YEMA data in {settings.data}. Name the folder with --data.")
    server, _ = read_keys(settings)
    targets = (keyring_copy(file), file)
    _refuse_to_overwrite(*targets)
    try:
        with _folder_beside(file) as folder:
            made = _make(settings, folder, server, watch)
            _refuse_to_overwrite(*targets)
            for target in targets:  # the keyring's copy first: where the backup stands, it is complete
                (folder / target.name).rename(target)
                sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise BackupTrouble(f"{file} could not be written ({why}); nothing was left behind.") from None
    watch.say(f"{file} holds the data of {made.counts['person']} people, {file.stat().st_size} bytes.")


def _refuse_to_overwrite(*targets: Path) -> None:
    for target in targets:
        if target.exists():
            raise BackupTrouble(f"{target} is there already: name another file, or move that one away.")


def _make(settings: Settings, folder: Path, server: bytes, watch: Watch) -> Manifest:
    """Lay everything into a folder, under the names that it will have.

    The database first and the ledgers last: each diary that was copied has its key in the copy, unless its owner was erased meanwhile, and
    then the ledger says so. Media after the database: their bytes were there before it spoke of them.
    """
    at, data = now(), settings.data
    name = folder.name.removeprefix(".").removesuffix(".part")
    copy_database(data / DATABASE, folder / "copy.sqlite", watch)
    rewrite(folder / "copy.sqlite", folder / DATABASE)
    copy_database(data / KEYRING, keyring_copy(folder / name), UNWATCHED, reading="rw")
    for ledger in (LEDGER, ENDED):
        with private(folder / ledger) as file:
            file.write((data / ledger).read_bytes() if (data / ledger).exists() else b"")
    media = gather(settings, folder, folder / DATABASE, watch)
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        migrations, counts = migrations_in(raw), counts_in(raw)
    parts = {part: measured(folder / part) for part in (DATABASE, LEDGER, ENDED)}
    manifest = Manifest(
        format=FORMAT,
        made_at=at,
        yema=__version__,
        migrations=migrations,
        counts=counts,
        parts=parts,
        keyring=measured(keyring_copy(folder / name)),
        server_key=proof_of_key(server, parts[DATABASE]),
        media=media,
    )
    write(folder / name, manifest, folder, watch)
    return manifest


def copy_database(source: Path, target: Path, watch: Watch, *, reading: str = "ro") -> None:
    """Copy a database as it is at one moment, by SQLite's own means.

    Never read its file in another way: closing that would take away the locks that this process has on it. A read-only connection does
    not checkpoint when it is the last one to close. The keyring has no WAL; it is opened so that a write that was broken off can be
    undone.
    """
    private(target).close()
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode={reading}", uri=True, isolation_level=None)) as old,
        closing(sqlite3.connect(target, isolation_level=None)) as new,
    ):
        new.execute("PRAGMA journal_mode=OFF").fetchall()
        new.execute("PRAGMA synchronous=OFF")
        old.execute("PRAGMA query_only=1")
        # One snapshot for all steps: else each commit of the server would make the copy begin anew.
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(new, pages=PAGES, progress=lambda _, left, total: watch.step("Copying", total - left, total))
        new.execute("PRAGMA journal_mode=DELETE").fetchall()  # so that opening the copy leaves no WAL beside it
    sync(target)


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    """A folder for what is not complete yet, on the disk where the backup will be. One that a killed backup left is cleared first."""
    folder = file.with_name(f".{file.name}.part")
    folder.mkdir(0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield folder
        shutil.rmtree(folder)
    except BlockingIOError:
        raise BackupTrouble(f"Another backup is being written to {file}.") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(handle)
