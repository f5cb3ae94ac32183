"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.activities.tables import Activity, Block, BlockText, Pack, PackFile, PackText, PackVersion

APP_CONFIG = AppConfig(
    app_name="activities",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Pack, PackText, Activity, Block, BlockText, PackVersion, PackFile],
    migration_dependencies=["yema.accounts.piccolo_app"],
)
