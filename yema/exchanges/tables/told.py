"""What was told of the plan."""

from piccolo.columns import (
    JSON,
    UUID,
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
