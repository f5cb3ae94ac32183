from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod

from yema.database.migrations import sql

ID = "2026-11-21T07:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what is done once is kept for as long as its kind asks"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="changes", description=DESCRIPTION
    )

    # Keys of the last day, which do not say how long they are kept: forgotten, once.
    manager.add_raw(sql("DELETE FROM once"))

    manager.add_column(
        table_class_name="OnceRow",
        tablename="once",
        column_name="kept_until",
        db_column_name="kept_until",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": True,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="OnceRow",
        tablename="once",
        column_name="version",
        db_column_name="version",
        column_class_name="Integer",
        column_class=Integer,
        params={
            "default": 0,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.alter_column(
        table_class_name="OnceRow",
        tablename="once",
        column_name="made_at",
        db_column_name="made_at",
        params={"index": False},
        old_params={"index": True},
        column_class=Timestamptz,
        old_column_class=Timestamptz,
        schema=None,
    )

    return manager
