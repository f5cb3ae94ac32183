"""Exchanges, their groups, people and places."""

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
from yema.changes import synced


@synced("exchange")
class Exchange(Table, tablename="exchange"):
    """Some days together; dates are in the exchange's zone.

    `ceilings` are the rules that its national agency adds to the programme's: a JSON object of names and numbers (see `programme/`).
    """

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
    ceilings = Text(default="{}")


@synced("group")
class Group(Table, tablename="exchange_group"):
    """The people who come from one country together, sent by an organisation. One of them `hosts`. Coordinates are those of its city."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    name = Varchar(length=200)
    country = Varchar(length=2)
    city = Varchar(length=200, null=True, default=None)
    organisation = ForeignKey(Organisation, null=True, default=None, on_delete=OnDelete.set_null)
    hosts = Boolean(default=False)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)


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
    """A place where something happens; coordinates are WGS 84. The `main` one is where the exchange is at home."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    name = Varchar(length=200)
    address = Text()
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    capacity = Integer(null=True, default=None)
    accessibility = Text()
    zone = Varchar(length=60, null=True, default=None)
    main = Boolean(default=False)


@synced("venue")
class Room(Table, tablename="room"):
    """A part of a venue that can be taken by itself."""

    id = UUID(primary_key=True, default=None)
    venue = ForeignKey(Venue, null=False, index=True)
    name = Varchar(length=200)
    capacity = Integer(null=True, default=None)


class Particulars(Table, tablename="particulars"):
    """What leaders of the own group and coordinators must know of a member, under the member's id; nobody else reads it.

    `gender` is f, m or x; `languages` are tags of what they speak; `fewer_opportunities` is the yes or no that the programme counts, its
    reason is never stored; `guardian_authorised` says that a guardian's written authorisation was seen.
    """

    id = UUID(primary_key=True, default=None)
    gender = Varchar(length=1, null=True, default=None)
    languages = JSON(default="[]")
    fewer_opportunities = Boolean(null=True, default=None)
    guardian_authorised = Boolean(default=False)
    travel_days = SmallInt(null=True, default=None)


class JoinCode(Table, tablename="join_code"):
    """A code or QR by which people join. The locator is public; code and secret are stored hashed, the short one slowly.

    `invited` is the name of the one person for whom it was made.
    """

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
    invited = Varchar(length=200, null=True, default=None)
