from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T04:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns, which Piccolo's own migrations do not know"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="exchanges", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX member_exchange_person ON member (exchange, person)',
        'CREATE UNIQUE INDEX release_exchange_number ON release (exchange, number)',
        'CREATE UNIQUE INDEX slot_group_slot_group ON slot_group (slot, "group")',
        'CREATE UNIQUE INDEX slot_person_slot_person_part ON slot_person (slot, person, part)',
    ))
    return manager
