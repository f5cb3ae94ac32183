"""Builders: thousands of deliveries that are due, each of a notification of its own."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from yema.changes import transaction
from yema.database.many import Rows
from yema.ids import uuid7

AT_ONCE = 1000
_NOTIFICATIONS = Rows(
    "notification",
    **dict.fromkeys(("id", "person"), "uuid"),
    **dict.fromkeys(("kind", "topic"), "text"),
    about="json",
    urgent="boolean",
    round="integer",
    **dict.fromkeys(("made_at", "told_at", "expires_at"), "timestamptz"),
)
_DELIVERIES = Rows(
    "delivery",
    **dict.fromkeys(("id", "notification", "person", "device", "target"), "uuid"),
    **dict.fromkeys(("channel", "cadence", "topic", "state"), "text"),
    urgent="boolean",
    **dict.fromkeys(("round", "attempts"), "integer"),
    **dict.fromkeys(("made_at", "next_at", "expires_at"), "timestamptz"),
)


async def heap(
    phones: Collection[tuple[UUID, UUID]],
    topics: Iterable[str],
    *,
    kind: str = "trial",
    about: str = '{"says": "hello"}',
    lasts: timedelta = timedelta(days=1),
) -> None:
    """A delivery of each topic for each of these people's phones (person, device), due now, also at night."""
    at = datetime.now(UTC)
    its = [(uuid7(), person, device, topic) for topic in topics for person, device in phones]
    for start in range(0, len(its), AT_ONCE):
        some = its[start : start + AT_ONCE]
        async with transaction():
            await _NOTIFICATIONS.insert(
                (told, person, kind, topic, about, True, 1, at, at, at + lasts) for told, person, _, topic in some
            )
            await _DELIVERIES.insert(
                (
                    *(uuid7(), told, person, device, device, "fcm", "immediate", topic),
                    *("waiting", True, 1, 0, at, at, at + lasts),
                )
                for told, person, device, topic in some
            )
