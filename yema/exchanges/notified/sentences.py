"""What is said of slots on a lock screen: their kind, when, and what became of them; nothing that anybody wrote.

What kind of slot it is stands before a colon, so that a sentence needs no form for each of them, in any language.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from babel.lists import format_list

from yema.errors import N_
from yema.exchanges.kinds import kind_name
from yema.exchanges.sums import SUM_WORDS, Piece, SumWord
from yema.i18n import catalogue_for, gettext, ngettext
from yema.i18n.clock import on_day

_SENTENCES: dict[SumWord, str] = {
    "new": N_("%(what)s: new in the programme, %(when)s."),
    "back": N_("%(what)s: takes place after all, %(when)s."),
    "moved": N_("%(what)s: moved to %(when)s."),
    "changed": N_("%(what)s: something has changed. It begins at this time: %(when)s."),
    "cancelled": N_("%(what)s: cancelled. It was planned for %(when)s."),
    "off": N_("%(what)s: no longer in your programme, %(when)s."),
}
_ELSEWHERE = N_("%(what)s: now at another place, %(when)s.")
_THEN_AND_ELSEWHERE = N_("%(what)s: moved to %(when)s, at another place.")
_ITEM = N_("Programme item")
"""On a lock screen, "Other" alone says nothing."""


def what(wanted: tuple[str, ...], kind: str) -> str:
    """What kind of thing it is, for somebody who does not see the programme."""
    return gettext(wanted, _ITEM) if kind == "other" else kind_name(wanted, kind)


def sentence(wanted: tuple[str, ...], word: SumWord, kind: str, at: datetime, zone: str) -> str:
    """What became of something of this kind, which begins then, or would have."""
    return gettext(wanted, _SENTENCES[word], what=what(wanted, kind), when=on_day(wanted, at, zone))


def of_piece(wanted: tuple[str, ...], piece: Piece) -> str:
    """What became of one slot."""
    before, body = piece.change.before, piece.body
    then = before is not None and before.starts_at != body.starts_at
    elsewhere = before is not None and (before.venue, before.room) != (body.venue, body.room)
    if piece.word != "moved" or not elsewhere:
        word = "changed" if piece.word == "moved" and not then else piece.word
        return sentence(wanted, word, body.kind, body.starts_at, body.zone)
    moved = _THEN_AND_ELSEWHERE if then else _ELSEWHERE
    return gettext(wanted, moved, what=what(wanted, body.kind), when=on_day(wanted, body.starts_at, body.zone))


def of_pieces(wanted: tuple[str, ...], pieces: Sequence[Piece]) -> str:
    """What became of some slots: of one, what and when; of several, how many of each."""
    if len(pieces) == 1:
        return of_piece(wanted, pieces[0])
    numbers = Counter(piece.word for piece in pieces)
    parts = [_counted(wanted, word, numbers[word]) for word in SUM_WORDS if word in numbers]
    return parts[0] if len(parts) == 1 else format_list(parts, locale=catalogue_for(wanted))


def _counted(wanted: tuple[str, ...], word: SumWord, number: int) -> str:
    match word:
        case "new":
            return ngettext(wanted, "%(n)d new", "%(n)d new", number)
        case "back":
            return ngettext(wanted, "%(n)d after all", "%(n)d after all", number)
        case "moved":
            return ngettext(wanted, "%(n)d moved", "%(n)d moved", number)
        case "changed":
            return ngettext(wanted, "%(n)d changed", "%(n)d changed", number)
        case "cancelled":
            return ngettext(wanted, "%(n)d cancelled", "%(n)d cancelled", number)
        case "off":
            return ngettext(wanted, "%(n)d no longer in your programme", "%(n)d no longer in your programme", number)
