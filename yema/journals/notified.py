"""What is told of journals: never what stands in them."""

from yema.changes.notified import NotificationKind

kinds: tuple[NotificationKind, ...] = ()
