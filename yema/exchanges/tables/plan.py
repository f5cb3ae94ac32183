"""The plan, as leaders edit it."""

from piccolo.columns import (
    JSON,
    UUID,
    ForeignKey,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from yema.accounts.tables import Person
from yema.activities.tables import Activity, Pack
from yema.changes import synced
from yema.exchanges.tables.exchange import Exchange, Group, Venue


@synced("slot")
class Slot(Table, tablename="slot"):
    """A stretch of the plan: one activity, a meal, free time or a journey. Cancelled, not deleted: whoever was told must hear of it.

    `titles` maps language tags to titles; without any, the activity gives the title, as it is in the version that the exchange planned
    with (`ExchangePack`). `audience` is all, groups or people.
    """

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    kind = Varchar(length=20)
    titles = JSON()
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    zone = Varchar(length=60)
    venue = ForeignKey(Venue, null=True, default=None, on_delete=OnDelete.set_null)
    activity = ForeignKey(Activity, null=True, default=None, on_delete=OnDelete.set_null)
    audience = Varchar(length=10)
    state = Varchar(length=10)
    version = Integer(default=1)


@synced("slot")
class SlotGroup(Table, tablename="slot_group"):
    """A group for which a slot is meant."""

    id = UUID(primary_key=True, default=None)
    slot = ForeignKey(Slot, null=False, index=True)
    group = ForeignKey(Group, null=False)


@synced("slot")
class SlotPerson(Table, tablename="slot_person"):
    """A person for whom a slot is meant (`part` audience) or who answers for it (`part` responsible)."""

    id = UUID(primary_key=True, default=None)
    slot = ForeignKey(Slot, null=False, index=True)
    person = ForeignKey(Person, null=False)
    part = Varchar(length=12)


@synced("planned_pack")
class ExchangePack(Table, tablename="exchange_pack"):
    """The version of a pack that an exchange plans with, from the first slot with one of its activities on. Unique by both.

    It stays the same until leaders take another one, whatever the pack's authors do.
    """

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False)
    pack = ForeignKey(Pack, null=False, index=True, on_delete=OnDelete.restrict)
    number = Integer()
