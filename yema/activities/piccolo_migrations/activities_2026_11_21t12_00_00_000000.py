from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database import engine

ID = "2026-11-21T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Postgres saves files and words in less than 50 ms"


async def _shorten():
    if engine().engine_type == "sqlite":
        return
    # Postgres would compress a file of 1.5 MB for 150 ms, in the transaction; what else stands here is compressed already.
    for table, column in (
        ("pack_file", "content"),
        ("pack_file", "cards"),
        ("pack_version", "content"),
        ("pack_import", "content"),
    ):
        await engine().run_ddl(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
    # The words that wait for their place in the index are put there by whoever finds the list full, all at once: 4 MB of them in 150 ms.
    await engine().run_ddl("ALTER INDEX activity_words_folded SET (gin_pending_list_limit = 128)")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="activities", description=DESCRIPTION)
    manager.add_raw(_shorten)
    return manager
