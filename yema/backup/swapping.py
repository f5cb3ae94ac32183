"""One database takes the place of another: at each moment, also of a power cut, one of the two stands there whole."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from yema.backup.file import BackupTrouble, sync
from yema.database.opening import FILE as DATABASE
from yema.ids import now

RESTORING = "restoring"
"""The staging folder, in the data folder."""
_BEFORE = "before"
_LOGS = ("-wal", "-journal")
"""Files beside a database that SQLite would apply to whichever database stands there."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def epochs_and_ended(database: Path) -> tuple[set[int], set[UUID]]:
    """The epochs and the ended sign-ins of the present database, as far as it can be read."""
    if not database.exists():
        return set(), set()
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as raw:
            epochs = {row[0] for row in raw.execute("SELECT DISTINCT epoch FROM space")}
            ended = {UUID(row[0]) for row in raw.execute("SELECT id FROM sign_in WHERE ended_at IS NOT NULL")}
    except sqlite3.Error:
        return set(), set()
    return epochs, ended


def put_in_place(data: Path, new: Path) -> Path | None:
    """Put a database in the place of the present one; where that one is kept now, None where there was none."""
    present, before = data / DATABASE, data / RESTORING / _BEFORE
    if present.exists():
        _gather(present)
        _link(present, before)
    for log in _LOGS:  # none after `_gather`, but where the present database is damaged
        if (beside := _beside(present, log)).exists():
            beside.rename(_beside(before, log))
    _beside(present, "-shm").unlink(missing_ok=True)
    sync(before.parent)
    sync(data)
    new.rename(present)
    sync(data)
    return _keep(data)


def clear(data: Path) -> None:
    """Tidy up after a restore, also one that was broken off: where the old database still stands there, it gets back what is its own."""
    staging = data / RESTORING
    present, before = data / DATABASE, staging / _BEFORE
    if before.exists() and present.exists() and before.samefile(present):
        for log in _LOGS:
            if _beside(before, log).exists():
                _beside(before, log).rename(_beside(present, log))
    else:
        _keep(data)
    shutil.rmtree(staging, ignore_errors=True)


def _gather(database: Path) -> None:
    """Bring the WAL into the database, with nobody else there; a damaged one stays as it is. Raises `BackupTrouble` where it is in use."""
    try:
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as raw:
            # Alone from the first look on: two that checkpoint at once can damage a WAL.
            raw.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
            raw.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            raise BackupTrouble(f"Another command is using {database}: let it end first.") from None
        if code not in _DAMAGED:
            raise


def _link(present: Path, before: Path) -> None:
    """A second name, so that the first one is never missing; a copy where the disk knows no second names."""
    try:
        before.hardlink_to(present)
    except OSError:
        copy = _beside(before, "-copy")
        shutil.copyfile(present, copy)
        copy.chmod(0o600)
        sync(copy)
        copy.rename(before)


def _keep(data: Path) -> Path | None:
    """Move what was replaced out of the staging folder."""
    before = data / RESTORING / _BEFORE
    if not before.exists():
        return None
    kept = _free_name(data)
    for log in _LOGS:
        if _beside(before, log).exists():
            _beside(before, log).rename(_beside(kept, log))
    before.rename(kept)
    sync(data)
    return kept


def _free_name(data: Path) -> Path:
    name = f"{DATABASE}.before-{now():%Y%m%dT%H%M%SZ}"
    found, number = data / name, 2
    while found.exists():
        found, number = data / f"{name}-{number}", number + 1
    return found


def _beside(database: Path, end: str) -> Path:
    return database.with_name(database.name + end)
