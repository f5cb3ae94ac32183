"""Who was there, and what a leader must know when something goes wrong."""

from piccolo.columns import UUID, Bytea, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.table import Table

from yema.accounts.tables import Person
from yema.changes import synced
from yema.exchanges.tables.exchange import Exchange
from yema.exchanges.tables.plan import Slot


@synced("attendance")
class Attendance(Table, tablename="attendance"):
    """Whether somebody was at a slot: `present`, `late`, `absent` or `excused`. Its id follows from slot and person (UUIDv5)."""

    id = UUID(primary_key=True, default=None)
    slot = ForeignKey(Slot, null=False, index=True)
    person = ForeignKey(Person, null=False, index=True)
    state = Varchar(length=10)
    by = ForeignKey(Person, null=False)
    at = Timestamptz(default=None)
    version = Integer(default=1)


@synced("emergency_sheet")
class EmergencySheet(Table, tablename="emergency_sheet"):
    """What helps a person in an emergency, in one exchange: sealed with the person's own key. Its id follows from both (UUIDv5)."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    person = ForeignKey(Person, null=False, index=True)
    sealed = Bytea()
    version = Integer(default=1)
    changed_at = Timestamptz(default=None)
    changed_by = ForeignKey(Person, null=False)


class SheetOpening(Table, tablename="sheet_opening"):
    """A leader has opened somebody's emergency sheet; the person is shown it."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    person = ForeignKey(Person, null=False, index=True)
    by = ForeignKey(Person, null=False)
    at = Timestamptz(default=None)


class HelpRequest(Table, tablename="help_request"):
    """Somebody has asked their leaders for help. What it is about is sealed with the person's own key, like an emergency sheet.

    It is open until a leader has taken it (`taken_by`: they are on their way), and there until it is `closed_at`.

    `rung`: the how manieth call it was that went out, or goes out, at `rung_at`, of those in close succession; 0 where somebody else has
    closed it. `turns`: how often it was taken or given back.
    """

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    person = ForeignKey(Person, null=False, index=True)
    sealed = Bytea()
    made_at = Timestamptz(default=None)
    taken_by = ForeignKey(Person, null=True, default=None)
    taken_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    rung = Integer(default=0)
    rung_at = Timestamptz(null=True, default=None)
    turns = Integer(default=0)
