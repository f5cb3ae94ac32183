"""Spaces, changes, the outbox, and what was already done under an idempotency key."""

from piccolo.columns import JSON, UUID, BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Space(Table, tablename="space"):
    """A circle of readers. Unique by kind and owner; `id` is what a phone's cursor holds."""

    id = BigSerial(primary_key=True)
    kind = Varchar(length=40)
    owner = UUID(default=None)
    version = BigInt(default=0)
    epoch = Integer(default=1)
    min_seq = BigInt(default=0)


class Change(Table, tablename="change"):
    """The latest thing that happened to (space, kind, thing): only one row is kept for each."""

    id = BigSerial(primary_key=True)
    space = ForeignKey(Space, null=False, index=False)
    kind = Varchar(length=40)
    thing = UUID(default=None)
    seq = BigInt()
    op = Varchar(length=4)
    at = Timestamptz(default=None)


class Outbox(Table, tablename="outbox"):
    """Something that happened and is to be told. Holds ids only, never words of people.

    Whoever takes it up moves `not_before` on while they are at it, so that it comes back where they do not end it (`done_at`).
    """

    id = UUID(primary_key=True, default=None)
    dedupe_key = Varchar(length=200, unique=True)
    event = Varchar(length=60)
    about = JSON()
    made_at = Timestamptz(default=None)
    not_before = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)


class OnceRow(Table, tablename="once"):
    """A key under which something was done once: keyed hashes of where and with what, the thing, and the version it then had."""

    key = Text(primary_key=True)
    body = Text()
    thing = UUID(default=None, null=True)
    version = Integer(default=0)
    made_at = Timestamptz(default=None)
    kept_until = Timestamptz(default=None, null=True, index=True)
