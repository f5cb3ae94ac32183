from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-21T11:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "from which version a pack was adapted here; a lineage in a file may say anything"

_SAME = {
    "default": None,
    "null": True,
    "primary_key": False,
    "unique": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="activities", description=DESCRIPTION)
    for name, kind, indexed in (("forked_from", UUID, True), ("forked_number", Integer, False)):
        manager.add_column(
            table_class_name="Pack",
            tablename="pack",
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params={**_SAME, "index": indexed},
            schema=None,
        )
    return manager
