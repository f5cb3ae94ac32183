from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T04:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns, which Piccolo's own migrations do not know"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="activities", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX pack_text_pack_locale ON pack_text (pack, locale)',
        'CREATE UNIQUE INDEX activity_pack_slug ON activity (pack, slug)',
        'CREATE UNIQUE INDEX block_text_block_locale ON block_text (block, locale)',
        'CREATE UNIQUE INDEX pack_version_pack_number ON pack_version (pack, number)',
        'CREATE UNIQUE INDEX pack_file_version_locale ON pack_file (version, locale)',
    ))
    return manager
