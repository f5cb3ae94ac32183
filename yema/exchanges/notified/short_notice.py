"""What was cancelled or moved so late that whoever hears of it tomorrow stands there in vain: told at once, also at night."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yema.changes.notified import About, Addressee, Message, NotificationKind, Occurrence, Settled, Telling
from yema.errors import N_
from yema.exchanges.notified.readers import EVERYBODY, Standing, standings_in
from yema.exchanges.notified.sentences import of_piece, sentence
from yema.exchanges.queries.plan.travel import leg_times
from yema.exchanges.queries.told.sums import told_between
from yema.exchanges.sums import PRESSING, Change, SumWord, is_near, is_short_notice, piece_for
from yema.i18n import gettext

_TITLE = N_("The programme has changed at short notice")


async def _slots(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Of each slot of a release that begins soon, or would have: those for whom it was cancelled or moved."""
    exchange, number = UUID(occurrence.about["exchange"]), occurrence.about["release"]
    told = await told_between(exchange, number, number)
    near = {slot: one for slot, one in told.changes.items() if is_near(one, occurrence.at)} if told else {}
    if told is None or not near:
        return []
    standings = await standings_in(exchange)
    standings.pop(told.by, None)
    about = {"exchange": str(exchange), "release": number}
    return [
        _telling(slot, people, about | {"slot": str(slot)}, change.starts_at, exchange, _zone(change))
        for slot, change in near.items()
        if (people := _who(change, standings, occurrence.at))
    ]


def _who(change: Change, standings: dict[UUID, Standing], at: datetime) -> list[UUID]:
    pieces = ((person, piece_for(change, person, standing.group)) for person, standing in standings.items())
    return [person for person, piece in pieces if piece and is_short_notice(piece, at)]


def _zone(change: Change) -> str | None:
    body = change.now or change.before
    return body.zone if body else None


async def _leg(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """The group that travels, but not who has changed it."""
    about = occurrence.about
    exchange, group, leg = UUID(about["exchange"]), UUID(about["group"]), UUID(about["leg"])
    standings = await standings_in(exchange)
    people = [who for who, one in standings.items() if one.group == group and str(who) != about["by"]]
    times = await leg_times(exchange, leg)
    departs_at = datetime.fromisoformat(about["departs_at"])
    later = max(departs_at, times.departs_at) if times else departs_at
    if not people or later <= occurrence.at:
        return []
    kept = {name: value for name, value in about.items() if name != "by"}
    return [_telling(leg, people, kept, later, exchange, times.zone if times else about["zone"])]


def _telling(
    thing: UUID, people: Sequence[UUID], about: About, expires_at: datetime, exchange: UUID, zone: str | None
) -> Telling:
    return Telling(f"short_notice:{thing}", people, about, expires_at, exchange, zone, urgent=True)


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    """A newer telling is never the sum of two: what stands on the screen since the first one must not stay there."""
    exchange = UUID(about["exchange"])
    standings = await standings_in(exchange)
    if "leg" in about:
        return await _word_leg(exchange, about, addressees, standings)
    told = await told_between(exchange, about["release"], about["release"])
    change = told.changes.get(UUID(about["slot"])) if told else None

    def message(reader: Addressee) -> Message | None:
        standing = standings.get(reader.person)
        piece = piece_for(change, reader.person, standing.group) if change and standing else None
        if piece is None or piece.word not in PRESSING:
            return None
        return Message(gettext(reader.wanted, _TITLE), of_piece(reader.wanted, piece))

    return [message(reader) for reader in addressees]


async def _word_leg(
    exchange: UUID, about: About, addressees: Sequence[Addressee], standings: dict[UUID, Standing]
) -> Sequence[Message | None]:
    before, times = datetime.fromisoformat(about["departs_at"]), await leg_times(exchange, UUID(about["leg"]))
    at, zone = (times.departs_at, times.zone) if times else (before, about["zone"])
    word: SumWord = "cancelled" if times is None else "moved" if at != before else "changed"
    if word == "changed" and not about["elsewhere"]:
        return [None for _ in addressees]
    group = UUID(about["group"])

    def message(reader: Addressee) -> Message | None:
        standing = standings.get(reader.person)
        if standing is None or standing.group != group:
            return None
        return Message(gettext(reader.wanted, _TITLE), sentence(reader.wanted, word, "travel", at, zone))

    return [message(reader) for reader in addressees]


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="short_notice",
        title=N_("Something is cancelled or moved at short notice"),
        events={"itinerary_released": _slots, "journey_changed": _leg},
        word=_word,
        roles=EVERYBODY,
        certain=True,
    ),
)
