from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-21T10:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "without the tables whose content has moved"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="activities", description=DESCRIPTION)
    manager.drop_table(class_name="BlockText", tablename="block_text", schema=None)
    manager.drop_table(class_name="Block", tablename="block", schema=None)
    manager.drop_table(class_name="PackText", tablename="pack_text", schema=None)
    return manager
