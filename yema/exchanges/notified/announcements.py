"""What leaders tell, to those who have not seen it yet; and, to leaders, that not everybody has."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from yema.changes.notified import About, Addressee, Concerns, Message, NotificationKind, Occurrence, Settled, Telling
from yema.errors import N_
from yema.exchanges.announcement import Announced
from yema.exchanges.notified.readers import EVERYBODY, Standing, standings_in, zone_in
from yema.exchanges.queries.told.announcements import told_from
from yema.exchanges.rules import LEADING
from yema.exchanges.tables.told import Announcement, AnnouncementSeen
from yema.i18n import gettext, ngettext

USEFUL_FOR, URGENT_FOR = timedelta(days=3), timedelta(days=1)
"""So long somebody is told that there is an announcement."""


class _State(NamedTuple):
    """An announcement that stands: the members, to whom of them it is told now, and who of those has not seen it."""

    told: Announced
    members: dict[UUID, Standing]
    recipients: set[UUID]
    missing: set[UUID]

    def numbers(self) -> dict[str, int]:
        return {"seen": len(self.recipients) - len(self.missing), "all": len(self.recipients)}

    def asks(self, person: UUID) -> bool:
        """Whether this person sees to it that everybody hears of it: its author, or a leader of a group in which somebody has not."""
        standing = self.members.get(person)
        if standing is None or not standing.leads or not self.missing:
            return False
        groups = {self.members[one].group for one in self.missing} - {None}
        return person == self.told.by or (standing.role == "leader" and standing.group in groups)


async def _state(about: About) -> _State | None:
    """None where it was taken back."""
    announcement = UUID(about["announcement"])
    rows = await Announcement.select().where(Announcement.id == announcement, Announcement.withdrawn_at.is_null())
    if not rows:
        return None
    told = told_from(rows[0])
    members = await standings_in(told.exchange)
    seen = await AnnouncementSeen.select(AnnouncementSeen.person).where(AnnouncementSeen.announcement == announcement)
    recipients = told.recipients((person, standing.group) for person, standing in members.items())
    return _State(told, members, recipients, recipients - {row["person"] for row in seen})


def topic_of(announcement: object) -> str:
    """By which what is told of an announcement is found; how far each one has come is looked up by it."""
    return f"announcement:{announcement}"


def _tells(*, urgent: bool) -> Concerns:
    async def concerns(occurrence: Occurrence) -> Sequence[Telling | Settled]:
        state = await _state(occurrence.about)
        if state is None or state.told.urgent != urgent or not state.missing:
            return []
        return [
            Telling(
                topic=topic_of(state.told.id),
                people=sorted(state.missing),
                about=_about(state.told),
                expires_at=occurrence.made_at + (URGENT_FOR if urgent else USEFUL_FOR),
                exchange=state.told.exchange,
                zone=await zone_in(state.told.exchange),
                urgent=urgent,
            )
        ]

    return concerns


async def _withdrawn(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    return [Settled([topic_of(occurrence.about["announcement"])])]


async def _seen(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    return [Settled([topic_of(occurrence.about["announcement"])], [UUID(occurrence.about["person"])])]


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    state = await _state(about)
    if state is None:
        return [None] * len(addressees)
    title = N_("Important announcement") if state.told.urgent else N_("Announcement")
    body = N_("Your leaders have something to tell you. Open YEMA to read it.")
    return [
        Message(gettext(reader.wanted, title), gettext(reader.wanted, body)) if reader.person in state.missing else None
        for reader in addressees
    ]


async def _looked_at(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    state = await _state(occurrence.about)
    people = [person for person in state.members if state.asks(person)] if state else []
    if state is None or not people:
        return []
    return [
        Telling(
            topic=_unseen_topic(state.told.id),
            people=people,
            about=_about(state.told),
            expires_at=occurrence.at + URGENT_FOR,
            exchange=state.told.exchange,
            zone=await zone_in(state.told.exchange),
            once=True,
        )
    ]


async def _looked_at_by_all(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Nobody needs to be told any more that somebody has not seen it."""
    state = await _state(occurrence.about)
    return [] if state and state.missing else [Settled([_unseen_topic(occurrence.about["announcement"])])]


async def _unseen_word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    state = await _state(about)
    return [_count(state, reader) if state and state.asks(reader.person) else None for reader in addressees]


def _count(state: _State, reader: Addressee) -> Message:
    numbers = state.numbers()
    title = gettext(reader.wanted, N_("Not everybody has seen an announcement"))
    if reader.person == state.told.by:
        body = ngettext(
            reader.wanted,
            "%(seen)d of %(all)d has seen your announcement.",
            "%(seen)d of %(all)d have seen your announcement.",
            numbers["seen"],
            **numbers,
        )
    else:
        body = ngettext(
            reader.wanted,
            "%(seen)d of %(all)d has seen an announcement that concerns your group.",
            "%(seen)d of %(all)d have seen an announcement that concerns your group.",
            numbers["seen"],
            **numbers,
        )
    return Message(title, body)


def _unseen_topic(announcement: object) -> str:
    return f"unseen:{announcement}"


def _about(told: Announced) -> About:
    return {"exchange": str(told.exchange), "announcement": str(told.id)}


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="announcement",
        title=N_("My leaders have something to tell me"),
        events={
            "announcement_made": _tells(urgent=False),
            "announcement_reminded": _tells(urgent=False),
            "announcement_withdrawn": _withdrawn,
            "announcement_seen": _seen,
        },
        word=_word,
        roles=EVERYBODY,
    ),
    NotificationKind(
        name="urgent_announcement",
        title=N_("My leaders have something important to tell me"),
        events={"announcement_made": _tells(urgent=True), "announcement_reminded": _tells(urgent=True)},
        word=_word,
        roles=EVERYBODY,
        certain=True,
    ),
    NotificationKind(
        name="unseen",
        title=N_("Not everybody has seen an announcement"),
        events={
            "announcement_looked_at": _looked_at,
            "announcement_seen": _looked_at_by_all,
            "announcement_withdrawn": _looked_at_by_all,
        },
        word=_unseen_word,
        roles=frozenset(LEADING),
    ),
)
