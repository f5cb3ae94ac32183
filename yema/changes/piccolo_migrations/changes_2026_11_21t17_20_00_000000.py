from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz

ID = "2026-11-21T17:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one index for what is due is enough"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="changes", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="Outbox",
        tablename="outbox",
        column_name="not_before",
        db_column_name="not_before",
        params={"index": False},
        old_params={"index": True},
        column_class=Timestamptz,
        old_column_class=Timestamptz,
        schema=None,
    )

    return manager
