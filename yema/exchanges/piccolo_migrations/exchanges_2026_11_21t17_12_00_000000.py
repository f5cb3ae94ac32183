from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T17:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "help requests that wait"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="exchanges", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE INDEX help_request_open ON help_request (exchange) WHERE closed_at IS NULL',
    ))
    return manager
