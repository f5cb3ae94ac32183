"""What was told of the plan."""

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
from piccolo.table import Table

from yema.accounts.tables import Person
from yema.changes import synced
from yema.exchanges.tables.exchange import Exchange


class Release(Table, tablename="release"):
    """The moment when the plan was told to everybody, and by whom.

    `before` is a JSON object of what it replaced: the slot's id and its body as told until then, null for one that was new. `undoes` is
    the number of the release that this one took back.
    """

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    number = Integer()
    by = ForeignKey(Person, null=False)
    made_at = Timestamptz(default=None)
    difference = JSON()
    before = Text(default="{}")
    undoes = Integer(null=True, default=None)


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


@synced("announcement")
class Announcement(Table, tablename="announcement"):
    """Something that leaders tell. `texts`: language tag to title and text; `audience` is as a slot's, with `chosen` as its ids."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    by = ForeignKey(Person, null=False)
    texts = JSON()
    urgent = Boolean(default=False)
    audience = Varchar(length=10)
    chosen = JSON(default="[]")
    made_at = Timestamptz(default=None)
    reminded_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


@synced("announcement_seen")
class AnnouncementSeen(Table, tablename="announcement_seen"):
    """Somebody has seen an announcement. Unique by both."""

    id = UUID(primary_key=True, default=None)
    announcement = ForeignKey(Announcement, null=False)
    person = ForeignKey(Person, null=False, index=True)
    at = Timestamptz(default=None)


class CalendarFeed(Table, tablename="calendar_feed"):
    """The secret address of a person's calendar, under the person's id. Only its hash is kept; a renewed one has a higher generation."""

    id = UUID(primary_key=True, default=None)
    generation = Integer(default=1)
    hash = Varchar(length=64, unique=True)
    made_at = Timestamptz(default=None)
