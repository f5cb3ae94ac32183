"""The workshop, where packs are written (pack, activity, block, text), and the shelf, where published versions stand frozen."""

from piccolo.columns import (
    JSON,
    UUID,
    BigInt,
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

from yema.accounts.tables import Organisation, Person
from yema.changes import synced


@synced("pack")
class Pack(Table, tablename="pack"):
    """Activities that belong together, under one licence. A public one needs no token to be read.

    `lineage` are the packs that this one was adapted from, the first one first: a file that was imported may say anything there. The
    version that it was adapted from here is in `forked_from` and `forked_number`. `latest` is the number of the version on the shelf.
    """

    id = UUID(primary_key=True, default=None)
    organisation = ForeignKey(Organisation, null=True, default=None, on_delete=OnDelete.restrict)
    slug = Varchar(length=80)
    source_locale = Varchar(length=20)
    licence = Varchar(length=40)
    authors = JSON()
    public = Boolean(default=False)
    made_at = Timestamptz(default=None)
    lineage = JSON(default="[]")
    forked_from = UUID(null=True, default=None, index=True)
    forked_number = Integer(null=True, default=None)
    latest = Integer(null=True, default=None)
    version = Integer(default=1)


class Activity(Table, tablename="activity"):
    """What all languages of an activity share. Unique by pack and slug. `origin` is the activity that it was adapted from."""

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
    origin = UUID(null=True, default=None)
    version = Integer(default=1)


class PackBlock(Table, tablename="pack_block"):
    """One thing to read, in its place: of an activity, or title and summary of the pack itself.

    `id` is made from the activity's (or pack's) and the key, so a file and a table agree on it. `media` is the name of a `PackMedia`.
    """

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False, index=True)
    activity = ForeignKey(Activity, null=True, default=None, index=True)
    key = Varchar(length=80)
    kind = Varchar(length=20)
    position = Integer()
    minutes = SmallInt(null=True, default=None)
    quantity = DoublePrecision(null=True, default=None)
    per = Varchar(length=20, null=True, default=None)
    media = Varchar(length=120, null=True, default=None)


class PackBlockText(Table, tablename="pack_block_text"):
    """A block in one language. Unique by block and locale. `source` is the text that it was translated from, `source_hash` its hash.

    In the pack's own language both are those of the text itself, so that a translation is fresh where the hashes are the same.
    """

    id = UUID(primary_key=True, default=None)
    block = ForeignKey(PackBlock, null=False)
    locale = Varchar(length=20)
    text = Text()
    source = Text()
    source_hash = Varchar(length=64)


class Translation(Table, tablename="pack_translation"):
    """An activity (or the pack's own title and summary) in one language, as something that people change.

    `id` is UUIDv5 of the activity (or pack) and the locale; `version` counts the changes.
    """

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False, index=True)
    locale = Varchar(length=20)
    version = Integer(default=1)


class PackMedia(Table, tablename="pack_media"):
    """A picture, paper or sound that the blocks of a pack name. Unique by pack and name; `published` ones are kept for ever."""

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False)
    name = Varchar(length=120)
    media = UUID(default=None, index=True)
    published = Boolean(default=False)


class PackVersion(Table, tablename="pack_version"):
    """A version, frozen. Unique by pack and number; never changed, only followed by the next.

    `state`: `staged` while it is being made, `published`, or `withdrawn`, which stays for those who planned with it. `content` is the
    whole pack as it was (`yema.activities.pack.source.frozen`); versions from before there was this column have none. `note` says what is
    new, `reason` why it was withdrawn.
    """

    id = UUID(primary_key=True, default=None)
    pack = ForeignKey(Pack, null=False)
    number = Integer()
    published_at = Timestamptz(default=None)
    state = Varchar(length=10, default="published")
    content = Bytea(null=True, default=None)
    note = Text(default="")
    reason = Text(default="")


class PackFile(Table, tablename="pack_file"):
    """A version in one language, as the bytes that every phone gets. Unique by version and locale.

    `serial` numbers the files of all packs: what is found in them is numbered from it (`yema.activities.finding.search`).
    """

    id = UUID(primary_key=True, default=None)
    version = ForeignKey(PackVersion, null=False)
    locale = Varchar(length=20)
    sha256 = Varchar(length=64)
    content = Bytea()
    cards = Bytea()
    serial = Integer(null=True, default=None)


class Words(Table, tablename="activity_words"):
    """The folded words of an activity in one language, for finding it: of its title, with its summary, with its steps.

    `id` says which file, activity and field (`yema.activities.finding.search`).
    """

    id = BigInt(primary_key=True, default=None)
    folded = Text()


class PackImport(Table, tablename="pack_import"):
    """A pack file that is being carried into the workshop, activity by activity; it stays until all of it is there."""

    id = UUID(primary_key=True, default=None)
    pack = UUID(default=None)
    organisation = UUID(null=True, default=None)
    public = Boolean(null=True, default=None)
    content = Bytea()
    made_at = Timestamptz(default=None)


@synced("run_report")
class RunReport(Table, tablename="run_report"):
    """How an activity went, told by somebody who led it; shown to its trainers without names. Unique by slot and author.

    `slot` is where it was on a plan; `number` the pack's version that was used.
    """

    id = UUID(primary_key=True, default=None)
    activity = ForeignKey(Activity, null=False, index=True)
    number = Integer(null=True, default=None)
    slot = UUID(default=None)
    by = ForeignKey(Person, null=False, index=True)
    minutes = SmallInt()
    group_size = SmallInt()
    change = Text()
    locale = Varchar(length=20)
    version = Integer(default=1)
    told_at = Timestamptz(default=None)
