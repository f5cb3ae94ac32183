"""Somebody needs help, and somebody comes: without a name, and without a word of what it is about.

First their own leaders and coordinators are told. Where nobody has come after some minutes, everybody who leads is; see `HelpAsked` for who
may know what.

It may be a leader whom the call is about, and this one who takes it, or closes it. So nobody settles it alone: coordinators hear of
either, and where it is asked again; and who has asked hears that somebody else has closed it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yema.changes.notified import About, Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.errors import N_
from yema.exchanges.actions.care.help import AGAIN_AFTER
from yema.exchanges.notified.readers import EVERYBODY, standings_in, zone_in
from yema.exchanges.queries.care.help import ALL_LEADERS_AFTER, HelpAsked, help_asked
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import LEADING
from yema.i18n import gettext
from yema.ids import now

USEFUL_FOR = timedelta(days=1)
CALL = N_("A call for help")


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


def _course_topic(request: object) -> str:
    """What becomes of it, for those who watch over it: of its own, for it is quiet while the call was urgent."""
    return f"help_course:{request}"


async def _knowing(asked: HelpAsked, occurrence: Occurrence, *but: UUID) -> list[Membership]:
    """Everybody else who may know of it."""
    readers = await _readers(asked.exchange)
    return [one for one in readers if one.person not in but and asked.may_know(one, occurrence.at)]


def _watching(knowing: Collection[Membership]) -> list[UUID]:
    """Coordinators, and where there are no others, whoever else may know of it."""
    coordinators = [one.person for one in knowing if one.role == "coordinator"]
    return coordinators or [one.person for one in knowing]


async def _asked(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    asked = await _open(occurrence.about)
    if asked is None or asked.taken_by is not None:
        return []
    people = [one.person for one in await _knowing(asked, occurrence, asked.person)]
    return await _telling(occurrence, asked, _topic(asked.id), people)


async def _asked_again(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Whoever is on their way hears it, and coordinators; after a quarter of an hour all who may know."""
    asked = await _open(occurrence.about)
    if asked is None or asked.taken_by is None:
        return await _asked(occurrence)
    others = await _knowing(asked, occurrence, asked.person, asked.taken_by)
    late = occurrence.at - asked.made_at >= ALL_LEADERS_AFTER
    people = [one.person for one in others] if late else _watching(others)
    return await _telling(occurrence, asked, _topic(asked.id), [asked.taken_by, *people], again=True)


async def _on_the_way(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Somebody is on their way: the others need not come, and coordinators hear so."""
    asked = await _open(occurrence.about)
    settled = Settled([_topic(occurrence.about["request"])])
    if asked is None:
        return [settled]
    if asked.taken_by is None:
        return []  # given back meanwhile, and the others are asked anew
    watching = _watching(await _knowing(asked, occurrence, asked.person, asked.taken_by))
    return [settled, *await _telling(occurrence, asked, _course_topic(asked.id), watching, urgent=False, taken=True)]


async def _over(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """It is over. Where not who has asked says so, coordinators hear it."""
    request = occurrence.about["request"]
    settled = Settled([_topic(request), _course_topic(request)])
    asked = await _closed_by_another(occurrence.about)
    if asked is None:
        return [settled]
    watching = _watching(await _knowing(asked, occurrence, asked.person, UUID(occurrence.about["by"])))
    return [settled, *await _telling(occurrence, asked, _course_topic(asked.id), watching, urgent=False, closed=True)]


async def _closed_by_another(about: About) -> HelpAsked | None:
    """The request, where somebody else than who has asked has closed it."""
    asked = await help_asked(UUID(about["request"]))
    return asked if asked and about.get("by", str(asked.person)) != str(asked.person) else None


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    asked = await help_asked(UUID(about["request"]))
    if asked is None:
        return [None] * len(addressees)
    readers = {reader.person: reader for reader in await _readers(asked.exchange)}
    at, found = now(), [readers.get(one.person) for one in addressees]
    return [
        _message(asked, about, reader, one.wanted, at)
        if reader is not None and reader.person != asked.person and asked.may_know(reader, at)
        else None
        for reader, one in zip(found, addressees, strict=True)
    ]


def _message(
    asked: HelpAsked, about: About, reader: Membership, wanted: tuple[str, ...], at: datetime
) -> Message | None:
    if about.get("closed"):
        body = N_("A call for help was closed, and not by who had asked. Open YEMA to see it.")
        return Message(gettext(wanted, CALL), gettext(wanted, body))
    if asked.closed_at is not None:
        return None
    if about.get("taken"):
        if asked.taken_by is None:
            return None
        body = N_("A leader is on the way to somebody who has asked for help.")
        return Message(gettext(wanted, CALL), gettext(wanted, body))
    if asked.taken_by is not None and not about.get("again"):
        return None
    return Message(gettext(wanted, N_("Help is needed")), gettext(wanted, _needed(asked, reader, at)))


def _needed(asked: HelpAsked, reader: Membership, at: datetime) -> str:
    if asked.taken_by == reader.person:
        return N_("Somebody to whom you are on your way has asked for help again.")
    if asked.taken_by is None and at - asked.made_at >= AGAIN_AFTER:
        return N_("Somebody needs help, and nobody is on the way yet. Open YEMA to see who.")
    if reader.role == "leader" and reader.group == asked.group:
        return N_("Somebody in your group needs help. Open YEMA to see who.")
    return N_("Somebody needs help. Open YEMA to see who.")


async def _taken(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    asked = await _open(occurrence.about)
    if asked is None or asked.taken_by is None:
        return []
    return await _telling(occurrence, asked, _taken_topic(asked.id), [asked.person])


async def _taken_no_more(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Closed, or whoever was on their way is so no longer. Who hears that somebody else has closed it can ask anew."""
    asked = await _open(occurrence.about)
    if asked is not None and asked.taken_by is not None:
        return []
    topic = _taken_topic(occurrence.about["request"])
    over = await _closed_by_another(occurrence.about)
    return [
        Settled([topic]),
        *(await _telling(occurrence, over, topic, [over.person], closed=True) if over else ()),
    ]


async def _taken_word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    asked = await help_asked(UUID(about["request"]))
    if asked is None or asked.person not in await standings_in(asked.exchange):
        return [None] * len(addressees)
    title, body = N_("Somebody is coming"), N_("A leader is on the way to you.")
    if about.get("closed"):
        title, body = CALL, N_("Your call for help was closed. If you still need help, ask again.")
    elif asked.closed_at is not None or asked.taken_by is None:
        return [None] * len(addressees)
    return [
        Message(gettext(reader.wanted, title), gettext(reader.wanted, body)) if reader.person == asked.person else None
        for reader in addressees
    ]


async def _telling(
    occurrence: Occurrence, asked: HelpAsked, topic: str, people: Sequence[UUID], *, urgent: bool = True, **what: bool
) -> Sequence[Telling]:
    """`what` became of it, for the words: asked `again` while somebody is on the way, `taken`, `closed`."""
    if not people:
        return []
    return [
        Telling(
            topic=topic,
            people=people,
            about={"exchange": str(asked.exchange), "request": str(asked.id), **what},
            expires_at=occurrence.at + USEFUL_FOR,
            exchange=asked.exchange,
            zone=await zone_in(asked.exchange),
            urgent=urgent,
        )
    ]


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="help",
        title=N_("Somebody needs help"),
        events={
            "help_asked": _asked,
            "help_asked_again": _asked_again,
            "help_waits": _asked,
            "help_taken": _on_the_way,
            "help_closed": _over,
        },
        word=_word,
        roles=frozenset(LEADING),
        certain=True,
        discreet=True,
    ),
    NotificationKind(
        name="help_taken",
        title=N_("A leader is on the way to me"),
        events={"help_taken": _taken, "help_waits": _taken_no_more, "help_closed": _taken_no_more},
        word=_taken_word,
        roles=EVERYBODY,
        certain=True,
        discreet=True,
        covered=True,  # whoever shares the room or the mailbox may be whom the call is about
    ),
)
