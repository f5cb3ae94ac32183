"""Somebody waits to be let in; somebody was."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from yema.changes.notified import About, Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.database import Statement, as_id, fetch
from yema.errors import N_
from yema.exchanges.notified.readers import EVERYBODY, Standing, standings_in, zone_in
from yema.i18n import gettext, ngettext

USEFUL_FOR = timedelta(days=2)
HOLD = timedelta(seconds=20)
"""A group that joins by one code at one table is one message."""

_WAITING = Statement(
    'SELECT m.role, m."group" FROM member m JOIN person p ON p.id = m.person'
    " WHERE m.exchange = {} AND m.state = 'pending' AND p.suspended_at IS NULL"
)


async def _waiting_for(exchange: UUID) -> dict[UUID, int]:
    """How many people each member may let in: coordinators all, leaders the participants of their own group."""
    rows = [(role, as_id(group) if group else None) for role, group in await fetch(_WAITING, exchange)]
    members = await standings_in(exchange)
    return {who: sum(_may_let_in(standing, *row) for row in rows) for who, standing in members.items()}


def _may_let_in(standing: Standing, role: str, group: UUID | None) -> bool:
    if standing.role == "coordinator":
        return True
    return standing.role == "leader" and role == "participant" and group is not None and standing.group == group


async def _waits(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Leaders of the group that was named, and coordinators; a leader lets in no other leader."""
    exchange = UUID(occurrence.about["exchange"])
    group, members = occurrence.about["group"], await standings_in(exchange)
    people = [
        who
        for who, many in (await _waiting_for(exchange)).items()
        if many and (members[who].role == "coordinator" or str(members[who].group) == group)
    ]
    if not people:
        return []
    return [
        Telling(
            topic=_topic(exchange),
            people=people,
            about={"exchange": str(exchange)},
            expires_at=occurrence.at + USEFUL_FOR,
            exchange=exchange,
            zone=await zone_in(exchange),
            hold=HOLD,
        )
    ]


async def _answered(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Those for whom nobody waits any more have nothing to do."""
    exchange = UUID(occurrence.about["exchange"])
    people = [who for who, many in (await _waiting_for(exchange)).items() if not many]
    return [Settled([_topic(exchange)], people)]


async def _waits_word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    waiting = await _waiting_for(UUID(about["exchange"]))
    return [_waits_message(reader, waiting.get(reader.person, 0)) for reader in addressees]


def _waits_message(reader: Addressee, many: int) -> Message | None:
    if not many:
        return None
    body = ngettext(
        reader.wanted,
        "%(n)d person waits for your approval.",
        "%(n)d people wait for your approval.",
        many,
    )
    return Message(gettext(reader.wanted, N_("Somebody wants to join")), body)


async def _admitted(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    exchange, person = UUID(occurrence.about["exchange"]), UUID(occurrence.about["person"])
    if person not in await standings_in(exchange):
        return []
    return [
        Telling(
            topic=f"admitted:{exchange}",
            people=[person],
            about={"exchange": str(exchange)},
            expires_at=occurrence.at + USEFUL_FOR,
            exchange=exchange,
            zone=await zone_in(exchange),
        )
    ]


async def _admitted_word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    members = await standings_in(UUID(about["exchange"]))
    return [
        Message(
            gettext(reader.wanted, N_("You are in")),
            gettext(reader.wanted, N_("A leader has let you in. Open YEMA to see the programme.")),
        )
        if reader.person in members
        else None
        for reader in addressees
    ]


def _topic(exchange: UUID) -> str:
    return f"approval:{exchange}"


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="approval",
        title=N_("Somebody waits to be let in"),
        events={"member_waits": _waits, "member_admitted": _answered, "member_turned_away": _answered},
        word=_waits_word,
        roles=frozenset({"leader", "coordinator"}),
        email="daily",
    ),
    NotificationKind(
        name="admitted",
        title=N_("I was let in"),
        events={"member_admitted": _admitted},
        word=_admitted_word,
        roles=EVERYBODY,
    ),
)
