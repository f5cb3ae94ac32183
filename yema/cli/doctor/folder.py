"""The data folder: its keys and its database."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from yema.settings import Settings

_LOSSES = {"server.key": "everybody has to sign in again", "journals.key": "nobody's journal opens"}


def folder_faults(settings: Settings) -> Iterator[str]:
    """What is wrong with the folder, which is there."""
    for name, loss in _LOSSES.items():
        path = settings.keys_folder / name
        if not path.exists():
            yield f"The key {path} is missing; without it {loss}. Restore it before you serve."
        else:
            yield from open_to_others(path)
    database = settings.data / "yema.sqlite"
    if not settings.database_url and database.exists() and (answer := _quick_check(database)) != "ok":
        yield f"{database} is damaged ({answer}); restore a backup."
    if settings.is_demo:
        yield f"{settings.data} is a demo folder: everybody can sign in as its people. Keep real people out of it."


def open_to_others(path: Path) -> Iterator[str]:
    """A sentence where others on this machine can read a file that is there."""
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield f"Others on this machine can read {path}: chmod 600 it."


def _quick_check(database: Path) -> str:
    """What SQLite finds first: `ok` where that is nothing."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
