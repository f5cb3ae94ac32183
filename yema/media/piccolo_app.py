"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.media.tables import Media, MediaVariant

APP_CONFIG = AppConfig(
    app_name="media",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Media, MediaVariant],
)
