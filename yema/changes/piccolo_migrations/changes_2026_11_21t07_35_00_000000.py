from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T07:35:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tombstones are found by their age"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="changes", description=DESCRIPTION)
    manager.add_raw(sql("CREATE INDEX change_gone_at ON change (at) WHERE op = 'gone'"))
    return manager
