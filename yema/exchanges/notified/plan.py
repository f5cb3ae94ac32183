"""The programme has changed: what the last releases come to, for each person, in one message."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
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
from yema.errors import N_
from yema.exchanges.notified.readers import EVERYBODY, Standing, standings_in, zone_in
from yema.exchanges.notified.sentences import of_pieces
from yema.exchanges.queries.told.sums import Told, told_between
from yema.exchanges.sums import is_short_notice, piece_for, sum_for
from yema.i18n import gettext
from yema.ids import now

HOLD = timedelta(seconds=60)
"""Leaders release many times in a few minutes; people hear of the sum."""
_TOLD_FOR = timedelta(days=2)

TITLE = N_("The programme has changed")
_FIRST_TITLE, _FIRST = N_("The programme is there"), N_("You can see now what is planned for you.")
_AS_BEFORE = N_("What was changed is again as it was.")


async def _concerns(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Those for whom a slot is or was that this release has told, but not who made it, nor whom `short_notice` tells all of it."""
    exchange, number = UUID(occurrence.about["exchange"]), occurrence.about["release"]
    told, zone = await told_between(exchange, number, number), await zone_in(exchange)
    coming = [one for one in told.changes.values() if one.ends_at > occurrence.at] if told else []
    if told is None or not coming:
        return []

    def is_told(person: UUID, standing: Standing) -> bool:
        pieces = (piece_for(change, person, standing.group) for change in coming)
        return any(piece and not is_short_notice(piece, occurrence.at) for piece in pieces)

    standings = await standings_in(exchange)
    people = [person for person, standing in standings.items() if person != told.by and is_told(person, standing)]
    expires_at = min(occurrence.made_at + _TOLD_FOR, max(one.ends_at for one in coming))
    about = {"exchange": str(exchange), "since": number, "until": number}
    return [Telling(f"itinerary:{exchange}", people, about, expires_at, exchange, zone, hold=HOLD)] if people else []


async def _word(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    exchange = UUID(about["exchange"])
    told = await told_between(exchange, about["since"], about["until"])
    if told is None:
        return [None for _ in addressees]
    standings, first = await standings_in(exchange), about["since"] == 1

    def words() -> list[Message | None]:
        return [_message(told, first, one, standings.get(one.person)) for one in addressees]

    return await asyncio.to_thread(words)  # many slots for many people take their time


def _message(told: Told, first: bool, reader: Addressee, standing: Standing | None) -> Message | None:
    if standing is None:
        return None
    pieces = sum_for(told.changes.values(), reader.person, standing.group)
    at = now()
    coming = [piece for piece in pieces if piece.change.ends_at > at]
    if coming and first:
        return Message(gettext(reader.wanted, _FIRST_TITLE), gettext(reader.wanted, _FIRST))
    if coming:
        return Message(gettext(reader.wanted, TITLE), of_pieces(reader.wanted, coming))
    if not pieces and told.last_at - told.first_at > HOLD:
        # An hour ago they were told that something is different, and it may still stand on their screen.
        return Message(gettext(reader.wanted, TITLE), gettext(reader.wanted, _AS_BEFORE))
    return None


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="itinerary",
        title=TITLE,
        events={"itinerary_released": _concerns},
        word=_word,
        roles=EVERYBODY,
        merge=since_the_first,
    ),
)
