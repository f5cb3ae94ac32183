"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.changes.tables import Change, OnceRow, Outbox, Space

APP_CONFIG = AppConfig(
    app_name="changes",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Space, Change, Outbox, OnceRow],
)
