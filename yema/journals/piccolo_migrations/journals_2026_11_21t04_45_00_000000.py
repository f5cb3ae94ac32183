from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T04:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns, which Piccolo's own migrations do not know"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="journals", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX journal_revision_entry_number ON journal_revision (entry, number)',
    ))
    return manager
