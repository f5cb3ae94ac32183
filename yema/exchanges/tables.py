"""Exchanges, groups, members, venues, slots and what was released of them."""

from piccolo.columns import (
    JSON,
    UUID,
    Boolean,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from yema.accounts.tables import Organisation, Person
from yema.activities.tables import Activity, Pack
from yema.changes import synced


@synced("exchange")
class Exchange(Table, tablename="exchange"):
    """Some days together; dates are in the exchange's zone."""

    id = UUID(primary_key=True, default=None)
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    title = Varchar(length=200)
    project_number = Varchar(length=40, null=True, default=None)
    call_year = SmallInt(null=True, default=None)
    starts_on = Date(default=None)
    ends_on = Date(default=None)
    zone = Varchar(length=60)
    phase = Varchar(length=20)
    languages = JSON()


@synced("group")
class Group(Table, tablename="exchange_group"):
    """The people who come from one country together."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    name = Varchar(length=200)
    country = Varchar(length=2)
    city = Varchar(length=200, null=True, default=None)


@synced("member")
class Member(Table, tablename="member"):
    """A person in an exchange. Unique by both; whoever left keeps the row and may join again, which begins a new `epoch`."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False)
    person = ForeignKey(Person, null=False, index=True)
    group = ForeignKey(Group, null=True, default=None, on_delete=OnDelete.set_null)
    role = Varchar(length=20)
    state = Varchar(length=10)
    epoch = Integer(default=1)
    made_at = Timestamptz(default=None)


@synced("venue")
class Venue(Table, tablename="venue"):
    """A place where something happens; coordinates are WGS 84."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    name = Varchar(length=200)
    address = Text()
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    capacity = Integer(null=True, default=None)
    accessibility = Text()
    zone = Varchar(length=60, null=True, default=None)


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


class Release(Table, tablename="release"):
    """The moment when the plan was told to everybody, and by whom."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    number = Integer()
    by = ForeignKey(Person, null=False)
    made_at = Timestamptz(default=None)
    difference = JSON()


@synced("released_slot")
class ReleasedSlot(Table, tablename="released_slot"):
    """A slot as it was last told, under the slot's own id."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    body = Text()


@synced("released_slot")
class ReleasedSlotSpace(Table, tablename="released_slot_space"):
    """Where a released slot is seen: the exchange's, a group's or a person's space."""

    id = UUID(primary_key=True, default=None)
    released_slot = ForeignKey(ReleasedSlot, null=False, index=True)
    kind = Varchar(length=40)
    owner = UUID(default=None, index=True)


class JoinCode(Table, tablename="join_code"):
    """A code or QR by which people join. The locator is public; code and secret are stored hashed, the short one slowly."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    group = ForeignKey(Group, null=True, default=None)
    role = Varchar(length=20)
    locator = Varchar(length=4, unique=True)
    code_hash = Text()
    secret_hash = Varchar(length=64, unique=True)
    admits = Boolean(default=False)
    uses = Integer(default=0)
    uses_max = Integer()
    made_by = ForeignKey(Person, null=False)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
