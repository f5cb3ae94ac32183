"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.notifications.tables import ChannelState, Choice, Delivery, Habits, Notification

APP_CONFIG = AppConfig(
    app_name="notifications",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Notification, Delivery, Choice, Habits, ChannelState],
    migration_dependencies=["yema.accounts.piccolo_app", "yema.changes.piccolo_app"],
)
