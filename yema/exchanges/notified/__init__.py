"""What is told of exchanges: a file for each area, joined here."""

from yema.changes.notified import NotificationKind

kinds: tuple[NotificationKind, ...] = ()
