"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.activities.tables import (
    Activity,
    Pack,
    PackBlock,
    PackBlockText,
    PackFile,
    PackImport,
    PackMedia,
    PackVersion,
    RunReport,
    Translation,
    Words,
)

APP_CONFIG = AppConfig(
    app_name="activities",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[
        Pack,
        Activity,
        PackBlock,
        PackBlockText,
        Translation,
        PackMedia,
        PackVersion,
        PackFile,
        Words,
        PackImport,
        RunReport,
    ],
    migration_dependencies=["yema.accounts.piccolo_app"],
)
