"""What is told of journals: never what stands in them, nor by whom, nor to what.

Whoever shared something hears that there is an answer; whoever it was shared with, how much of it waits for one.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from yema.changes.notified import (
    About,
    Addressee,
    Message,
    NotificationKind,
    Occurrence,
    Settled,
    Telling,
    since_the_first,
)
from yema.database import Statement, as_id, as_instant, fetch
from yema.errors import N_
from yema.i18n import gettext, ngettext

USEFUL_FOR = timedelta(days=8)
"""So that it is still told to who hears of such things on Mondays."""

_REFLECTION = Statement(
    "SELECT r.exchange, r.space_kind, r.space_owner, r.shared_at, e.person, x.zone FROM reflection r"
    " JOIN journal_entry e ON e.id = r.entry JOIN exchange x ON x.id = r.exchange"
    # What was shared with a group or its leaders is seen while the author is in that group.
    " JOIN member m ON m.exchange = r.exchange AND m.person = e.person AND m.state = 'active'"
    " AND (r.space_kind = 'exchange_coordinators' OR m.\"group\" = r.space_owner) WHERE r.id = {}"
)
# Also an answer from a circle that sees the page no longer: its author does.
_ANSWERED = Statement(
    "SELECT 1 FROM feedback f JOIN person p ON p.id = {} AND p.suspended_at IS NULL"
    ' WHERE f.entry = {} AND f."by" <> p.id LIMIT 1'
)
_MEMBERS = Statement(
    'SELECT m.person, m.role, m."group" FROM member m JOIN person p ON p.id = m.person'
    " WHERE m.exchange = {} AND m.state = 'active' AND m.role IN ('leader', 'coordinator') AND p.suspended_at IS NULL"
)
_WAITING = Statement(
    "SELECT r.space_owner, e.person, count(*) FROM reflection r JOIN journal_entry e ON e.id = r.entry"
    " JOIN member m ON m.exchange = r.exchange AND m.person = e.person AND m.state = 'active'"
    " AND (r.space_kind = 'exchange_coordinators' OR m.\"group\" = r.space_owner)"
    " WHERE r.exchange = {} AND r.space_kind = {} AND r.shared_at >= {} AND NOT EXISTS (SELECT 1 FROM feedback f"
    " WHERE f.entry = r.entry AND f.space_kind = r.space_kind AND f.space_owner = r.space_owner AND f.made_at >= r.shared_at)"
    " GROUP BY r.space_owner, e.person"
)


class _Reflection(NamedTuple):
    """Something that is shared at this moment, in which space, and whose it is."""

    exchange: UUID
    space_kind: str
    space_owner: UUID
    shared_at: datetime
    author: UUID
    zone: str


async def _reflection(reflection: object) -> _Reflection | None:
    """None where it was taken back, or its author has gone."""
    rows = await fetch(_REFLECTION, UUID(str(reflection)))
    for exchange, kind, owner, shared_at, author, zone in rows:
        return _Reflection(as_id(exchange), kind, as_id(owner), as_instant(shared_at), as_id(author), zone)
    return None


async def _answered(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    found = await _reflection(occurrence.about["reflection"])
    if found is None:
        return []
    reflection = occurrence.about["reflection"]
    return [
        Telling(
            topic=f"feedback:{reflection}",
            people=[found.author],
            about={"exchange": str(found.exchange), "reflection": reflection},
            expires_at=occurrence.at + USEFUL_FOR,
            exchange=found.exchange,
            zone=found.zone,
        )
    ]


async def _word_of_answers(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    found = await _reflection(about["reflection"])
    if found is None or not await fetch(_ANSWERED, found.author, UUID(about["reflection"])):
        return [None] * len(addressees)
    return [
        Message(
            gettext(reader.wanted, N_("An answer for you")),
            gettext(reader.wanted, N_("Somebody has answered your reflection.")),
        )
        if reader.person == found.author
        else None
        for reader in addressees
    ]


class _Circle:
    """A circle that pages are shared with, by the kind of its space, and the role of those who read there."""

    def __init__(self, space_kind: str, topic: str, role: str) -> None:
        self._space_kind, self._topic, self._role = space_kind, topic, role

    async def concerns(self, occurrence: Occurrence) -> Sequence[Telling | Settled]:
        """Whoever reads it, but for its author."""
        found = await _reflection(occurrence.about["reflection"])
        if found is None or found.space_kind != self._space_kind:
            return []
        readers = await self._readers(found.exchange)
        return [
            Telling(
                topic=f"{self._topic}:{found.exchange}",
                people=[who for who, owner in readers.items() if owner == found.space_owner and who != found.author],
                about={"exchange": str(found.exchange), "since": found.shared_at.isoformat()},
                expires_at=occurrence.at + USEFUL_FOR,
                exchange=found.exchange,
                zone=found.zone,
            )
        ]

    async def word(self, about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
        """How many of those that were shared since wait for an answer in the space that each of them reads."""
        exchange = UUID(about["exchange"])
        readers = await self._readers(exchange)
        rows = await fetch(_WAITING, exchange, self._space_kind, datetime.fromisoformat(about["since"]))
        waiting: Counter[UUID] = Counter()
        own: Counter[tuple[UUID, UUID]] = Counter()
        for owner, author, number in rows:
            waiting[as_id(owner)] += number
            own[as_id(owner), as_id(author)] += number
        return [
            _new_reflections(reader, waiting[owner] - own[owner, reader.person])
            if (owner := readers.get(reader.person))
            else None
            for reader in addressees
        ]

    async def _readers(self, exchange: UUID) -> dict[UUID, UUID | None]:
        """Whoever reads such a space, and the exchange or group whose it is."""
        rows = await fetch(_MEMBERS, exchange)
        of_all = self._space_kind == "exchange_coordinators"
        return {
            as_id(person): exchange if of_all else as_id(group)
            for person, role, group in rows
            if role == self._role and (of_all or group)
        }


def _new_reflections(reader: Addressee, number: int) -> Message | None:
    if number <= 0:
        return None
    return Message(
        gettext(reader.wanted, N_("New reflections")),
        ngettext(reader.wanted, "%(n)d waits for an answer.", "%(n)d wait for an answer.", number),
    )


_coordinators = _Circle("exchange_coordinators", "reflections", "coordinator")
_group_leaders = _Circle("group_leaders", "group_reflections", "leader")

kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="feedback",
        title=N_("Somebody answers what I have shared"),
        events={"feedback_given": _answered},
        word=_word_of_answers,
        roles=frozenset({"participant", "leader", "facilitator", "coordinator"}),
    ),
    NotificationKind(
        name="reflections",
        title=N_("Reflections are shared with the coordinators"),
        events={"reflection_shared": _coordinators.concerns},
        word=_coordinators.word,
        roles=frozenset({"coordinator"}),
        push="daily",
        email="daily",
        merge=since_the_first,
    ),
    NotificationKind(
        name="group_reflections",
        title=N_("Reflections are shared with the leaders of my group"),
        events={"reflection_shared": _group_leaders.concerns},
        word=_group_leaders.word,
        roles=frozenset({"leader"}),
        push="daily",
        merge=since_the_first,
    ),
)
