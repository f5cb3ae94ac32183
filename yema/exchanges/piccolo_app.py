"""For Piccolo's migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from yema.exchanges.tables.care import Attendance, EmergencySheet, HelpRequest, SheetOpening
from yema.exchanges.tables.exchange import Exchange, Group, JoinCode, Member, Particulars, Room, Venue
from yema.exchanges.tables.plan import ExchangePack, PlanChange, Slot, SlotGroup, SlotPerson, TravelLeg
from yema.exchanges.tables.told import (
    Announcement,
    AnnouncementSeen,
    CalendarFeed,
    Release,
    ReleasedSlot,
    ReleasedSlotSpace,
)

APP_CONFIG = AppConfig(
    app_name="exchanges",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[
        Exchange,
        Group,
        Member,
        Particulars,
        Venue,
        Room,
        JoinCode,
        Slot,
        SlotGroup,
        SlotPerson,
        TravelLeg,
        PlanChange,
        ExchangePack,
        Release,
        ReleasedSlot,
        ReleasedSlotSpace,
        Announcement,
        AnnouncementSeen,
        CalendarFeed,
        Attendance,
        EmergencySheet,
        SheetOpening,
        HelpRequest,
    ],
    migration_dependencies=["yema.accounts.piccolo_app", "yema.activities.piccolo_app"],
)
