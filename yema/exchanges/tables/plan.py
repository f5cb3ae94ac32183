"""The plan, as leaders edit it."""

from piccolo.columns import (
    JSON,
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from yema.accounts.tables import Person
from yema.activities.tables import Activity, Pack
from yema.changes import synced
from yema.exchanges.tables.exchange import Exchange, Group, Room, Venue


@synced("slot")
class Slot(Table, tablename="slot"):
    """A stretch of the plan: one activity, a meal, free time or a journey. Cancelled, not deleted: whoever was told must hear of it.

    `titles` maps language tags to titles; without any, the activity gives the title, as it is in the version that the exchange planned
    with (`ExchangePack`). `audience` is all, groups or people. Slots that were repeated from one have its `series`. `materials` is a JSON
    list of what is needed beside that of the activity (`schemas.materials.Need`).
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
    room = ForeignKey(Room, null=True, default=None, on_delete=OnDelete.set_null)
    series = UUID(null=True, default=None, index=True)
    materials = JSON(default="[]")


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


@synced("travel_leg")
class TravelLeg(Table, tablename="travel_leg"):
    """One stretch of a group's way there (`outward`) or back (`homeward`), departing and arriving by the clocks of two places."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    group = ForeignKey(Group, null=False, index=True)
    direction = Varchar(length=10)
    mode = Varchar(length=20)
    from_place = Varchar(length=200)
    to_place = Varchar(length=200)
    departs_at = Timestamptz(default=None)
    departs_zone = Varchar(length=60)
    arrives_at = Timestamptz(default=None)
    arrives_zone = Varchar(length=60)
    carrier = Varchar(length=200, null=True, default=None)
    distance_km = Integer(null=True, default=None)
    green = Boolean(default=False)
    version = Integer(default=1)


class PlanChange(Table, tablename="plan_change"):
    """Who changed what in the plan, and when. `before` and `after` are the slot as a body (`plan.SlotBody`); a new slot has no `before`."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    slot = ForeignKey(Slot, null=False, index=True)
    by = ForeignKey(Person, null=False)
    at = Timestamptz(default=None)
    before = Text(null=True, default=None)
    after = Text()
