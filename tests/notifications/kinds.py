"""A kind of notification of the tests' own: whom it concerns and what it says stands in the outbox row itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yema.changes import transaction
from yema.changes.notified import (
    About,
    Addressee,
    Cadence,
    Message,
    NotificationKind,
    Occurrence,
    Settled,
    Telling,
)


async def _concerns(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    about = occurrence.about
    begins_at = about.get("begins_at")
    return [
        Telling(
            topic=about["topic"],
            people=[UUID(person) for person in about["people"]],
            about={"says": about["says"]},
            expires_at=datetime.fromisoformat(about["expires_at"]),
            zone=about.get("zone"),
            urgent=about.get("urgent", False),
            hold=timedelta(seconds=about.get("hold", 0)),
            once=about.get("once", False),
            begins_at=datetime.fromisoformat(begins_at) if begins_at else None,
        )
    ]


async def _settles(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    people = occurrence.about.get("people")
    return [Settled([occurrence.about["topic"]], None if people is None else [UUID(person) for person in people])]


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    """What says `nothing` holds no longer."""
    return [None if about["says"] == "nothing" else Message("Told", about["says"]) for _ in addressees]


def kind(name: str = "trial", push: Cadence = "immediate", email: Cadence = "off", **more: Any) -> NotificationKind:
    """A kind whose events are its name, and `NAME_settled`."""
    events = {name: _concerns, f"{name}_settled": _settles}
    roles = frozenset({"participant"})
    return NotificationKind(
        name=name, title="Trial", events=events, word=_word, roles=roles, push=push, email=email, **more
    )


async def happen(
    name: str, topic: str, people: Sequence[UUID], *, expires_at: datetime, says: str = "hello", **more: Any
) -> None:
    """Write the outbox row: this is to be told to these people."""
    about = {"people": [str(person) for person in people], "topic": topic, "says": says, **more}
    async with transaction() as tx:
        tx.tell(
            name,
            once_per=f"{topic}:{tx.at.isoformat()}",
            expires=expires_at,
            **about,
            expires_at=expires_at.isoformat(),
        )
