"""What is told to people, declared by the slice that knows of it.

A write says what happened (`tx.tell`). A slice says in its `notified.py` whom an event concerns, and what they read; it is asked for the
words at the moment of sending, so that what no longer holds is not told. How, when and by which channel it reaches them knows
`notifications/`, which knows no slice's nouns.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

Cadence = Literal["immediate", "daily", "weekly", "off"]
"""How often somebody wants to hear of a kind: at once, gathered in the evening, gathered on Mondays, or in the inbox only."""

About = dict[str, Any]
"""Ids and numbers of what is told, as JSON holds them; never words of people."""


class Occurrence(NamedTuple):
    """An outbox row: something happened. `at` is the instant at which it is looked at."""

    event: str
    about: About
    made_at: datetime
    at: datetime


class Telling(NamedTuple):
    """One thing to tell to these people.

    `topic` is what it is about (80 characters at most): while somebody has not seen what was told of it, a newer telling of the same
    topic takes its place, in the inbox and on the phone. `about` is kept for the words. After `expires_at` nobody is bothered with it any
    more. `zone` is the place's, for nights and for days; without one, each device has its own.

    `hold`: wait so long for more of the same topic before anything is sent. `once`: who was ever told of this topic is not told again.
    `begins_at`: tell it each person as many minutes before as they chose; who chose none is not told.
    `urgent`: also at night, and with sound.
    """

    topic: str
    people: Sequence[UUID]
    about: About
    expires_at: datetime
    exchange: UUID | None = None
    zone: str | None = None
    urgent: bool = False
    hold: timedelta = timedelta(0)
    once: bool = False
    begins_at: datetime | None = None


class Settled(NamedTuple):
    """These topics need telling no more, to these people (None: to nobody): they have seen it, or it was taken back."""

    topics: Sequence[str]
    people: Sequence[UUID] | None = None


class Addressee(NamedTuple):
    """Somebody who is about to read, on one of their devices: `wanted` are language tags, best first."""

    person: UUID
    wanted: tuple[str, ...]


class Message(NamedTuple):
    """What stands on a lock screen: general, without anybody's words or names. The app fetches the rest."""

    title: str
    body: str


Concerns = Callable[[Occurrence], Awaitable[Sequence[Telling | Settled]]]
"""Whom an event concerns now. Asked outside a transaction; nobody is an answer too."""
Word = Callable[[About, Sequence[Addressee]], Awaitable[Sequence[Message | None]]]
"""(what a telling is about, who reads) -> for each of them, in their order, the message; None where it holds no longer, or not for them.

Everything is looked up anew, through the person: whoever has left, was moved or suspended, or has seen it meanwhile, gets None.
"""


def newer(_: About, about: About) -> About:
    """The newer telling says it all."""
    return about


def since_the_first(old: About, new: About) -> About:
    """What has not been looked at yet is still new: from the first `since`, to the last `until` where there is one.

    Both are numbers, or instants as text.
    """
    merged = {**new, "since": min(old["since"], new["since"], key=_in_order)}
    if "until" in new:
        merged["until"] = max(old["until"], new["until"], key=_in_order)
    return merged


def _in_order(value: str | int) -> float:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value


class NotificationKind(NamedTuple):
    """A kind of thing that people hear of, and can choose how.

    `title` is a marked message, for the page with the choices; `roles` those to whom it is offered there. `push` and `email` are the
    cadences of whoever has chosen nothing. A kind that is `certain` always comes at once by push. `merge` makes one of an unseen telling
    and a newer one of the same topic.

    Of a `discreet` kind a message carries nothing but the line of the inbox, not even the kind: push services need not know. One that is
    `covered` says on the lock screen only that there is something new, and never goes by mail: others read there, too.
    """

    name: str
    title: str
    events: Mapping[str, Concerns]
    word: Word
    roles: frozenset[str]
    push: Cadence = "immediate"
    email: Cadence = "off"
    certain: bool = False
    discreet: bool = False
    covered: bool = False
    merge: Callable[[About, About], About] = newer
