"""The inbox, the ways to the phones, and what people chose."""

from piccolo.columns import JSON, UUID, Boolean, ForeignKey, Integer, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from yema.accounts.tables import Device, Person


class Notification(Table, tablename="notification"):
    """What one person is told of one topic. Unique by both while it is unseen: a newer telling makes another `round` of the same row.

    `about` are the ids from which the words are made, each time anew. `sent_at`, `shown_at`: the first time by any way, in whichever round;
    they stay when the deliveries and their devices are gone.
    """

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False)
    kind = Varchar(length=40)
    topic = Varchar(length=80)
    exchange = UUID(null=True, default=None, index=True)
    about = JSON()
    zone = Varchar(length=60, null=True, default=None)
    urgent = Boolean(default=False)
    round = Integer(default=1)
    made_at = Timestamptz(default=None)
    told_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, index=True)
    sent_at = Timestamptz(null=True, default=None)
    shown_at = Timestamptz(null=True, default=None)
    seen_at = Timestamptz(null=True, default=None)


class Delivery(Table, tablename="delivery"):
    """The way of a notification to one device, or (without one) to the person's mailbox; or that of a digest, which has no notification.

    `target` is the device's id, or the person's: unique with `topic` while it is `waiting`. Another telling meanwhile raises `round`.
    `state`: waiting, sent, logged (it reached nobody but this house, where its channel is not set up), moot (it held no longer), expired,
    refused (the channel will never take it), gone (no such device any more).
    Whoever sends it holds the `lease` until `next_at`; `trouble` is the code of what went wrong last.
    """

    id = UUID(primary_key=True, default=None)
    notification = ForeignKey(Notification, null=True, default=None, index=True)
    person = ForeignKey(Person, null=False, index=True)
    device = ForeignKey(Device, null=True, default=None, index=True)
    target = UUID(default=None)
    channel = Varchar(length=10)
    cadence = Varchar(length=10)
    topic = Varchar(length=80)
    state = Varchar(length=10)
    urgent = Boolean(default=False)
    round = Integer(default=1)
    attempts = Integer(default=0)
    lease = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    next_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    shown_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=60, null=True, default=None)


class Choice(Table, tablename="notification_choice"):
    """How often a person wants to hear of a kind by a channel (`push` or `email`). Unique by the three."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False)
    kind = Varchar(length=40)
    channel = Varchar(length=10)
    cadence = Varchar(length=10)


class Habits(Table, tablename="notification_habits"):
    """How many minutes before a slot a person wants to be told, and when their phone is quiet (`22:00`), under the person's id."""

    id = UUID(primary_key=True, default=None)
    minutes_before = SmallInt(default=15)
    quiet_from = Varchar(length=5, default="22:00")
    quiet_until = Varchar(length=5, default="07:00")


class ChannelState(Table, tablename="notification_channel"):
    """A channel whose credentials failed: since when, with which code, and when it is tried again. Unique by channel."""

    id = UUID(primary_key=True, default=None)
    channel = Varchar(length=10, unique=True)
    broken_since = Timestamptz(null=True, default=None)
    try_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=60, null=True, default=None)
