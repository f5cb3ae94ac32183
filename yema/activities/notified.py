"""What trainers are told of their packs."""

from yema.changes.notified import NotificationKind

kinds: tuple[NotificationKind, ...] = ()
