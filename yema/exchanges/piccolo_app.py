"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.exchanges.tables.exchange import Exchange, Group, JoinCode, Member, Venue
from yema.exchanges.tables.plan import ExchangePack, Slot, SlotGroup, SlotPerson
from yema.exchanges.tables.told import Release, ReleasedSlot, ReleasedSlotSpace

APP_CONFIG = AppConfig(
    app_name="exchanges",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[
        Exchange,
        Group,
        Member,
        Venue,
        Slot,
        SlotGroup,
        SlotPerson,
        ExchangePack,
        Release,
        ReleasedSlot,
        ReleasedSlotSpace,
        JoinCode,
    ],
    migration_dependencies=["yema.accounts.piccolo_app", "yema.activities.piccolo_app"],
)
