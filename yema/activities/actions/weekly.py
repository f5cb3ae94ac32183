"""What trainers hear of once a week: it is written down when it first happens, and looked at on the Monday after."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from yema.changes import Transaction

_LOOKED_AT_FOR = timedelta(days=7)


def week_of(at: datetime) -> datetime:
    """The first moment of the week, in UTC."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(day.weekday())


def tell_on_monday(tx: Transaction, event: str, pack: UUID) -> None:
    """Something happened to a pack: one telling for all of this week, when the week is over."""
    week = week_of(tx.at)
    monday = week + timedelta(days=7)
    tx.tell(
        event,
        once_per=f"{pack}:{week:%Y-%m-%d}",
        not_before=monday,
        expires=monday + _LOOKED_AT_FOR,
        pack=str(pack),
        week=week.isoformat(),
    )
