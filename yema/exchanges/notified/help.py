"""Somebody needs help, and somebody comes: without a name, and without a word of what it is about.

First their own leaders and coordinators are told. Where nobody has come after some minutes, everybody who leads is; see `HelpAsked` for who
may know what.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from yema.changes.notified import About, Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.errors import N_
from yema.exchanges.actions.care.help import AGAIN_AFTER
from yema.exchanges.notified.readers import EVERYBODY, standings_in, zone_in
from yema.exchanges.queries.care.help import HelpAsked, help_asked
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import LEADING
from yema.i18n import gettext
from yema.ids import now

USEFUL_FOR = timedelta(days=1)


async def _open(about: About) -> HelpAsked | None:
    """The request, while somebody still needs help."""
    asked = await help_asked(UUID(about["request"]))
    return asked if asked and asked.closed_at is None else None


async def _readers(exchange: UUID) -> Iterable[Membership]:
    found = (await standings_in(exchange)).items()
    return [Membership(exchange, person, standing.role, standing.group, "", 0) for person, standing in found]


def _topic(request: object) -> str:
    return f"help:{request}"


def _taken_topic(request: object) -> str:
    return f"help_taken:{request}"


async def _asked(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    asked = await _open(occurrence.about)
    if asked is None or asked.taken_by is not None:
        return []
    people = [
        reader.person
        for reader in await _readers(asked.exchange)
        if reader.person != asked.person and asked.may_know(reader, occurrence.at)
    ]
    return await _telling(occurrence, asked, _topic(asked.id), people)


async def _asked_again(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Whoever is on their way hears it, and nobody else then."""
    asked = await _open(occurrence.about)
    if asked is None or asked.taken_by is None:
        return await _asked(occurrence)
    return await _telling(occurrence, asked, _topic(asked.id), [asked.taken_by], again=True)


async def _settled(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    return [Settled([_topic(occurrence.about["request"])])]


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    asked = await _open(about)
    if asked is None:
        return [None] * len(addressees)
    readers = {reader.person: reader for reader in await _readers(asked.exchange)}
    again = bool(about.get("again"))
    return [_message(asked, readers.get(one.person), one, again=again) for one in addressees]


def _message(asked: HelpAsked, reader: Membership | None, addressee: Addressee, *, again: bool) -> Message | None:
    at = now()
    if reader is None or reader.person == asked.person or not asked.may_know(reader, at):
        return None
    if asked.taken_by is not None and not (again and asked.taken_by == reader.person):
        return None
    if asked.taken_by is not None:
        body = N_("Somebody to whom you are on your way has asked for help again.")
    elif at - asked.made_at >= AGAIN_AFTER:
        body = N_("Somebody needs help, and nobody is on the way yet. Open YEMA to see who.")
    elif reader.role == "leader" and reader.group == asked.group:
        body = N_("Somebody in your group needs help. Open YEMA to see who.")
    else:
        body = N_("Somebody needs help. Open YEMA to see who.")
    return Message(gettext(addressee.wanted, N_("Help is needed")), gettext(addressee.wanted, body))


async def _taken(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    asked = await _open(occurrence.about)
    if asked is None or asked.taken_by is None:
        return []
    return await _telling(occurrence, asked, _taken_topic(asked.id), [asked.person])


async def _taken_no_more(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Closed, or whoever was on their way is so no longer."""
    asked = await _open(occurrence.about)
    if asked is not None and asked.taken_by is not None:
        return []
    return [Settled([_taken_topic(occurrence.about["request"])])]


async def _taken_word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    asked = await _open(about)
    if asked is None or asked.taken_by is None:
        return [None] * len(addressees)
    members = await standings_in(asked.exchange)
    return [
        Message(
            gettext(reader.wanted, N_("Somebody is coming")),
            gettext(reader.wanted, N_("A leader is on the way to you.")),
        )
        if reader.person == asked.person and asked.person in members
        else None
        for reader in addressees
    ]


async def _telling(
    occurrence: Occurrence, asked: HelpAsked, topic: str, people: Sequence[UUID], *, again: bool = False
) -> Sequence[Telling]:
    """`again`: it is told whoever is on their way."""
    if not people:
        return []
    about: About = {"exchange": str(asked.exchange), "request": str(asked.id)}
    return [
        Telling(
            topic=topic,
            people=people,
            about={**about, "again": True} if again else about,
            expires_at=occurrence.at + USEFUL_FOR,
            exchange=asked.exchange,
            zone=await zone_in(asked.exchange),
            urgent=True,
        )
    ]


kinds = (
    NotificationKind(
        name="help",
        title=N_("Somebody needs help"),
        events={
            "help_asked": _asked,
            "help_asked_again": _asked_again,
            "help_waits": _asked,
            "help_taken": _settled,
            "help_closed": _settled,
        },
        word=_word,
        roles=frozenset(LEADING),
        certain=True,
    ),
    NotificationKind(
        name="help_taken",
        title=N_("A leader is on the way to me"),
        events={"help_taken": _taken, "help_waits": _taken_no_more, "help_closed": _taken_no_more},
        word=_taken_word,
        roles=EVERYBODY,
        certain=True,
    ),
)
