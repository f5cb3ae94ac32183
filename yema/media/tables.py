"""Media and their variants. The bytes are in the store."""

from piccolo.columns import UUID, BigInt, DoublePrecision, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.table import Table


class Media(Table, tablename="media"):
    """A picture, a paper or a sound. Who hands in the same again gets this one; `made_at` is when that was last."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10)
    content_type = Varchar(length=60)
    sha256 = Varchar(length=64, unique=True)
    bytes = BigInt()
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    seconds = DoublePrecision(null=True, default=None)
    pages = Integer(null=True, default=None)
    placeholder = Varchar(length=60, null=True, default=None)
    made_at = Timestamptz(default=None, index=True)


class MediaVariant(Table, tablename="media_variant"):
    """One size of a picture, or the master of a paper or sound. Unique by medium and name; several may share the same bytes."""

    id = UUID(primary_key=True, default=None)
    media = ForeignKey(Media, null=False)
    name = Varchar(length=10)
    content_type = Varchar(length=60)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    bytes = BigInt()
    sha256 = Varchar(length=64, index=True)
