"""Entries, their sealed revisions, what was shared, and the answers. No column but `sealed` holds anybody's words."""

from piccolo.columns import JSON, UUID, Bytea, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from yema.accounts.tables import Person
from yema.changes import synced
from yema.exchanges.tables.exchange import Exchange


@synced("prompt")
class Prompt(Table, tablename="prompt"):
    """A question for the journal. `texts` maps language tags to texts."""

    id = UUID(primary_key=True, default=None)
    exchange = ForeignKey(Exchange, null=False, index=True)
    position = Integer()
    texts = JSON()


@synced("entry")
class Entry(Table, tablename="journal_entry"):
    """A page of somebody's diary. The phone makes the id; `version` counts the revisions, deleting included.

    What it says, in which language, when and about what: all of that is sealed in its revisions.
    """

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    exchange = ForeignKey(Exchange, null=False, on_delete=OnDelete.restrict)
    version = Integer(default=1)
    made_at = Timestamptz(default=None)
    deleted_at = Timestamptz(null=True, default=None)


@synced("entry")
class Revision(Table, tablename="journal_revision"):
    """The words of one version, sealed. Unique by entry and number."""

    id = UUID(primary_key=True, default=None)
    entry = ForeignKey(Entry, null=False)
    number = Integer()
    sealed = Bytea()
    made_at = Timestamptz(default=None)


@synced("reflection")
class Reflection(Table, tablename="reflection"):
    """An entry as it was shared, under the entry's id: which revision, with whom, and the space where it is seen."""

    id = UUID(primary_key=True, default=None)
    entry = ForeignKey(Entry, null=False, unique=True)
    exchange = ForeignKey(Exchange, null=False, index=True)
    shared_with = Varchar(length=20)
    space_kind = Varchar(length=40)
    space_owner = UUID(default=None, index=True)
    revision = Integer()
    shared_at = Timestamptz(default=None)


@synced("feedback")
class Feedback(Table, tablename="feedback"):
    """An answer to a reflection, sealed with its author's key, so that it goes when they go.

    It belongs to the space that it was given in: sharing with a wider circle later shows the page there, not the answer.
    """

    id = UUID(primary_key=True, default=None)
    entry = ForeignKey(Entry, null=False, index=True)
    by = ForeignKey(Person, null=False)
    space_kind = Varchar(length=40)
    space_owner = UUID(default=None)
    sealed = Bytea()
    made_at = Timestamptz(default=None)
