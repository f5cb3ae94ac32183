from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-21T07:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the releases are counted where they stand"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="exchanges", description=DESCRIPTION
    )

    manager.drop_column(
        table_class_name="Exchange",
        tablename="exchange",
        column_name="release",
        db_column_name="release",
        schema=None,
    )

    return manager
