"""Who hears of what happened, and what they read: by way of the kinds, without the ways to phones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yema.changes.notified import Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.changes.tables import Outbox
from yema.exchanges.notified import kinds
from yema.ids import now

KINDS: dict[str, NotificationKind] = {kind.name: kind for kind in kinds}


async def outbox(event: str) -> list[dict[str, Any]]:
    """The rows of an event, as they were written."""
    rows: list[dict[str, Any]] = (
        await Outbox.select().where(Outbox.event == event).order_by(Outbox.made_at, Outbox.not_before)
    )
    return rows


async def concerns(kind: str, event: str, at: datetime | None = None) -> Sequence[Telling | Settled]:
    """What the kind answers to the latest event of that name, looked at now."""
    row = (await outbox(event))[-1]
    occurrence = Occurrence(event, msgspec.json.decode(row["about"]), row["made_at"], at or now())
    return await KINDS[kind].events[event](occurrence)


async def telling(kind: str, event: str, at: datetime | None = None) -> Telling:
    """The one telling."""
    [found] = await concerns(kind, event, at)
    assert isinstance(found, Telling)
    return found


async def told(kind: str, event: str, at: datetime | None = None) -> set[UUID]:
    """To whom it is told; nobody, where it concerns nobody."""
    found = await concerns(kind, event, at)
    return {person for one in found if isinstance(one, Telling) for person in one.people}


async def messages(kind: str, about: dict[str, Any], *people: UUID, wanted: str = "en") -> list[Message | None]:
    return list(await KINDS[kind].word(about, [Addressee(person, (wanted,)) for person in people]))


async def bodies(kind: str, about: dict[str, Any], *people: UUID) -> list[str | None]:
    """What each of them reads at this moment; None for who is told nothing."""
    return [message and message.body for message in await messages(kind, about, *people)]
