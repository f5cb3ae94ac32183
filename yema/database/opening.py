"""Open and close the one database of this process."""

import os
from typing import Any

from piccolo.conf.apps import Finder
from piccolo.table import Table

from yema.database import statements
from yema.database.postgres import PoolEngine, PoolSnapshot
from yema.database.sqlite import GroupEngine, Snapshot
from yema.settings import Settings

FILE = "yema.sqlite"

os.environ.setdefault("PICCOLO_CONF", "yema.piccolo_conf")

_engine: GroupEngine | PoolEngine | None = None


def engine() -> GroupEngine | PoolEngine:
    """The engine of this process. Raises RuntimeError before `open_database`."""
    if _engine is None:
        raise RuntimeError("The database is not open.")
    return _engine


async def open_database(settings: Settings, *, checkpoints: bool = True) -> None:
    """Open the database that the settings name and give it to every table. SQLite's file is made where it is missing."""
    global _engine
    opened: GroupEngine | PoolEngine
    if settings.database_url:
        opened = PoolEngine(settings.database_url)
    else:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = GroupEngine(settings.data / FILE, checkpoints=checkpoints)
    await opened.start()
    _engine = _piccolo_conf().DB = opened
    statements.use(opened)
    for table in _tables():
        table._meta.db = opened


def snapshot() -> Snapshot | PoolSnapshot:
    """`async with snapshot():` all that is read in the block is of one moment. Keep it short; nothing can be written in it."""
    return engine().snapshot()


async def close_database() -> None:
    """Close it; what was acknowledged is on the disk already."""
    global _engine
    if _engine is not None:
        await _engine.stop()
    _engine = _piccolo_conf().DB = None
    statements.use(None)


def _piccolo_conf() -> Any:
    """The module that names the apps. It stands above this one, so only its name is known here."""
    return Finder().get_piccolo_conf_module()


def _tables() -> list[type[Table]]:
    from piccolo.apps.migrations.tables import Migration

    return [Migration, *Finder().get_table_classes()]
