"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.accounts.tables import (
    AccessToken,
    Challenge,
    Device,
    Notice,
    Organisation,
    Person,
    SignIn,
    SignInCode,
    Staff,
    Throttle,
)

APP_CONFIG = AppConfig(
    app_name="accounts",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Person, Organisation, Staff, SignIn, Device, AccessToken, SignInCode, Challenge, Throttle, Notice],
    migration_dependencies=["yema.changes.piccolo_app"],
)
