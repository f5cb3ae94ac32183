"""What is told of exchanges: a file for each area, joined here."""

from yema.changes.notified import NotificationKind
from yema.exchanges.notified import announcements, people, plan, reminders, short_notice
from yema.exchanges.notified import help as help_requests

kinds: tuple[NotificationKind, ...] = (
    *plan.kinds,
    *short_notice.kinds,
    *reminders.kinds,
    *announcements.kinds,
    *people.kinds,
    *help_requests.kinds,
)
