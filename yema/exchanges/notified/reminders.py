"""Something begins soon: as many minutes before as each person has chosen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yema.changes.notified import About, Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.errors import N_
from yema.exchanges.notified.readers import EVERYBODY, Standing, standings_in
from yema.exchanges.notified.sentences import what
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.told.sums import told_between, told_now
from yema.exchanges.sums import concerns, is_reminded
from yema.i18n import gettext, ngettext
from yema.i18n.clock import on_day
from yema.ids import now

_NOW, _BODY = N_("Now"), N_("%(what)s, %(when)s.")


async def _concerns(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Those for whom the slot is, if it still begins then: each hears of it once, however often it was released."""
    exchange, slot = UUID(occurrence.about["exchange"]), await _as_planned(occurrence.about)
    if slot is None:
        return []
    standings = await standings_in(exchange)
    people = [person for person, standing in standings.items() if concerns(slot, person, standing.group)]
    begins_at = slot.starts_at
    return [
        Telling(_topic(slot), people, occurrence.about, begins_at, exchange, slot.zone, once=True, begins_at=begins_at)
    ]


async def _no_longer(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Whoever was told that a slot begins soon, which a release has cancelled or moved, need not be told any more."""
    number = occurrence.about["release"]
    told = await told_between(UUID(occurrence.about["exchange"]), number, number)
    over = [
        _topic(was)
        for was, body, _ in (told.changes.values() if told else ())
        if was and was.starts_at > occurrence.at and not (body and is_reminded(body) and _topic(body) == _topic(was))
    ]
    return [Settled(over)] if over else []


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    slot = await _as_planned(about)
    if slot is None:
        return [None for _ in addressees]
    standings = await standings_in(UUID(about["exchange"]))
    return [_message(slot, reader, standings.get(reader.person)) for reader in addressees]


def _message(slot: SlotBody, reader: Addressee, standing: Standing | None) -> Message | None:
    if standing is None or not concerns(slot, reader.person, standing.group):
        return None
    minutes = round((slot.starts_at - now()).total_seconds() / 60)
    title = (
        ngettext(reader.wanted, "In %(n)d minute", "In %(n)d minutes", minutes)
        if minutes > 0
        else gettext(reader.wanted, _NOW)
    )
    when = on_day(reader.wanted, slot.starts_at, slot.zone)
    return Message(title, gettext(reader.wanted, _BODY, what=what(reader.wanted, slot.kind), when=when))


async def _as_planned(about: About) -> SlotBody | None:
    """The slot as it is told now, if it begins at that time and people are reminded of it."""
    slot = await told_now(UUID(about["exchange"]), UUID(about["slot"]))
    if slot is None or not is_reminded(slot) or slot.starts_at != datetime.fromisoformat(about["starts_at"]):
        return None
    return slot


def _topic(slot: SlotBody) -> str:
    return f"slot_begins:{slot.id}:{int(slot.starts_at.timestamp())}"


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="slot_begins",
        title=N_("Something begins soon"),
        events={"slot_begins": _concerns, "itinerary_released": _no_longer},
        word=_word,
        roles=EVERYBODY,
    ),
)
