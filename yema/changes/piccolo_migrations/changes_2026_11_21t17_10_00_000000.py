from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T17:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what is to be told is found in the order of its time"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="changes", description=DESCRIPTION)
    manager.add_raw(sql(
        # Nobody was there to tell what stands here until now, and it is long past.
        'UPDATE outbox SET done_at = made_at',
        'CREATE INDEX outbox_due ON outbox (not_before) WHERE done_at IS NULL',
        'CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL',
    ))
    return manager
