"""Who hears of what stands in the outbox, and what they read: by way of the kinds, without the ways to anybody's phone.

A kind is given by itself, or by its name.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yema.app import NOTIFICATIONS
from yema.changes.notified import About, Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.changes.tables import Outbox
from yema.ids import now

KINDS: dict[str, NotificationKind] = {kind.name: kind for kind in NOTIFICATIONS}


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
    return _people(await tellings(kind))


async def last_about(kind: NotificationKind) -> About:
    """The ids of the last telling."""
    found = [one.about for one in await tellings(kind) if isinstance(one, Telling)]
    return found[-1]


async def outbox(event: str) -> list[dict[str, Any]]:
    """The rows of an event, as they were written."""
    rows: list[dict[str, Any]] = (
        await Outbox.select().where(Outbox.event == event).order_by(Outbox.made_at, Outbox.not_before)
    )
    return rows


async def concerns(kind: NotificationKind | str, event: str, at: datetime | None = None) -> Sequence[Telling | Settled]:
    """What the kind answers to the latest event of that name, looked at now."""
    row = (await outbox(event))[-1]
    occurrence = Occurrence(event, msgspec.json.decode(row["about"]), row["made_at"], at or now())
    return await _kind(kind).events[event](occurrence)


async def telling(kind: NotificationKind | str, event: str, at: datetime | None = None) -> Telling:
    """The one telling of the latest event of that name."""
    [found] = await concerns(kind, event, at)
    assert isinstance(found, Telling)
    return found


async def told(kind: NotificationKind | str, event: str, at: datetime | None = None) -> set[UUID]:
    """To whom the latest event of that name is told; nobody, where it concerns nobody."""
    return _people(await concerns(kind, event, at))


async def messages(
    kind: NotificationKind | str, about: About, *people: UUID, wanted: str = "en"
) -> list[Message | None]:
    """What each of these people reads at this moment; None for who is told nothing."""
    return list(await _kind(kind).word(about, [Addressee(person, (wanted,)) for person in people]))


async def bodies(kind: NotificationKind | str, about: About, *people: UUID, wanted: str = "en") -> list[str | None]:
    """The bodies of these messages."""
    return [message and message.body for message in await messages(kind, about, *people, wanted=wanted)]


async def due() -> list[datetime]:
    """When the outbox is looked at, earliest first."""
    return [row["not_before"] for row in await Outbox.select(Outbox.not_before).order_by(Outbox.not_before)]


def _kind(kind: NotificationKind | str) -> NotificationKind:
    return KINDS[kind] if isinstance(kind, str) else kind


def _people(said: Iterable[Telling | Settled]) -> set[UUID]:
    return {person for one in said if isinstance(one, Telling) for person in one.people}
