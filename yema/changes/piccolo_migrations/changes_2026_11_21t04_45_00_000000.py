from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T04:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns, which Piccolo's own migrations do not know"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="changes", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX space_kind_owner ON space (kind, owner)',
        'CREATE UNIQUE INDEX change_space_kind_thing ON change (space, kind, thing)',
        'CREATE UNIQUE INDEX change_space_seq ON change (space, seq)',
    ))
    return manager
