"""What a kind of notification says of what stands in the outbox, without the way to anybody's phone."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from yema.changes.notified import About, Addressee, NotificationKind, Occurrence, Settled, Telling
from yema.changes.tables import Outbox


def named(kinds: Iterable[NotificationKind], name: str) -> NotificationKind:
    [kind] = [kind for kind in kinds if kind.name == name]
    return kind


async def occurrences(kind: NotificationKind) -> list[Occurrence]:
    """What happened that this kind knows, in the order in which it is due; each looked at when it is due."""
    rows = await Outbox.select().where(Outbox.event.is_in(list(kind.events))).order_by(Outbox.not_before, Outbox.id)
    return [
        Occurrence(row["event"], msgspec.json.decode(row["about"]), row["made_at"], row["not_before"]) for row in rows
    ]


async def tellings(kind: NotificationKind) -> list[Telling | Settled]:
    """What the kind would have told by now."""
    return [one for occurrence in await occurrences(kind) for one in await kind.events[occurrence.event](occurrence)]


async def people_told(kind: NotificationKind) -> set[UUID]:
    return {person for one in await tellings(kind) if isinstance(one, Telling) for person in one.people}


async def last_about(kind: NotificationKind) -> About:
    """The ids of the last telling."""
    found = [one.about for one in await tellings(kind) if isinstance(one, Telling)]
    return found[-1]


async def bodies(kind: NotificationKind, about: About, *people: UUID, wanted: str = "en") -> list[str | None]:
    """What each of these people reads."""
    said = await kind.word(about, [Addressee(person, (wanted,)) for person in people])
    return [message and message.body for message in said]


async def due() -> list[datetime]:
    """When the outbox is looked at, earliest first."""
    return [row["not_before"] for row in await Outbox.select(Outbox.not_before).order_by(Outbox.not_before)]
