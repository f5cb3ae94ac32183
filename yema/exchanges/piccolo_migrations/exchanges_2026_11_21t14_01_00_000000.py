from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T14:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "who has seen an announcement, was at a slot, or has an emergency sheet is one row each"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="exchanges", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX announcement_seen_announcement_person ON announcement_seen (announcement, person)',
        'CREATE UNIQUE INDEX attendance_slot_person ON attendance (slot, person)',
        'CREATE UNIQUE INDEX emergency_sheet_exchange_person ON emergency_sheet (exchange, person)',
    ))
    return manager
