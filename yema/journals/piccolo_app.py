"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.journals.tables import Entry, Feedback, Prompt, Reflection, Revision

APP_CONFIG = AppConfig(
    app_name="journals",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Prompt, Entry, Revision, Reflection, Feedback],
    migration_dependencies=["yema.exchanges.piccolo_app"],
)
