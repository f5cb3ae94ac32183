"""The workshop, where packs are written (pack, activity, block, text), and the shelf, where published versions stand frozen."""

from piccolo.columns import (
    JSON,
    UUID,
    Boolean,
    Bytea,
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

from yema.accounts.tables import Organisation
from yema.changes import synced


@synced("pack")
class Pack(Table, tablename="pack"):
    """Activities that belong together, under one licence. A public one needs no token to be read."""

    id = UUID(primary_key=True, default=None)
    organisation = ForeignKey(Organisation, null=True, default=None, on_delete=OnDelete.restrict)
    slug = Varchar(length=80)
    source_locale = Varchar(length=20)
    licence = Varchar(length=40)
    authors = JSON()
    public = Boolean(default=False)
    made_at = Timestamptz(default=None)


class PackText(Table, tablename="pack_text"):
    """Title and summary of a pack in one language. Unique by both."""

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False)
    locale = Varchar(length=20)
    title = Varchar(length=200)
    summary = Text()


class Activity(Table, tablename="activity"):
    """What all languages of an activity share. Unique by pack and slug."""

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False)
    slug = Varchar(length=80)
    position = Integer()
    method = Varchar(length=30)
    phase = Varchar(length=20)
    group_size_min = SmallInt()
    group_size_max = SmallInt()
    minutes_min = SmallInt()
    minutes_max = SmallInt()
    minutes_preparation = SmallInt()
    age_from = SmallInt()
    settings = JSON()
    energy = Varchar(length=10)
    complexity = SmallInt()
    tags = JSON()
    competences = JSON()
    source = Text()


class Block(Table, tablename="block"):
    """One thing to read, in its place. `id` is made from the activity's and the key, so a file and a table agree on it."""

    id = UUID(primary_key=True, default=None)
    activity = ForeignKey(Activity, null=False, index=True)
    key = Varchar(length=80)
    kind = Varchar(length=20)
    position = Integer()
    minutes = SmallInt(null=True, default=None)
    quantity = DoublePrecision(null=True, default=None)
    per = Varchar(length=20, null=True, default=None)


class BlockText(Table, tablename="block_text"):
    """A block in one language, with the hash of the source text that it was translated from. Unique by block and locale."""

    id = UUID(primary_key=True, default=None)
    block = ForeignKey(Block, null=False)
    locale = Varchar(length=20)
    text = Text()
    source_hash = Varchar(length=64)


class PackVersion(Table, tablename="pack_version"):
    """A published version. Unique by pack and number; never changed, only followed by the next."""

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False)
    number = Integer()
    published_at = Timestamptz(default=None)


class PackFile(Table, tablename="pack_file"):
    """A version in one language, as the bytes that every phone gets. Unique by version and locale."""

    id = UUID(primary_key=True, default=None)
    version = ForeignKey(PackVersion, null=False)
    locale = Varchar(length=20)
    sha256 = Varchar(length=64)
    content = Bytea()
    cards = Bytea()
