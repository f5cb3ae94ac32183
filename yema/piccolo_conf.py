"""Where Piccolo looks: the apps whose tables it migrates, and the engine, which `opening` puts here."""

from typing import Any

from piccolo.conf.apps import AppRegistry
from piccolo.engine.base import Engine

DB: Engine[Any] | None = None

APP_REGISTRY = AppRegistry(
    apps=[
        "yema.changes.piccolo_app",
        "yema.accounts.piccolo_app",
        "yema.media.piccolo_app",
        "yema.activities.piccolo_app",
        "yema.exchanges.piccolo_app",
        "yema.journals.piccolo_app",
        "yema.notifications.piccolo_app",
    ]
)
