"""What a reader finds among the cards: those that fit, in their order, and how many there are of each kind."""

from collections.abc import Iterable, Iterator
from functools import reduce
from heapq import merge
from itertools import chain, compress, islice
from operator import or_
from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET, Raw

from yema.accounts.signed_in import Reader
from yema.activities.finding.facets import CardFilter, FacetsView, added
from yema.activities.finding.search import FIELDS, ROWS, mark_rows, match, words_of
from yema.activities.reading.shelf import Shelf, Sight

_ONES = bytes.maketrans(b"01", b"\x00\x01")
_DIGITS = bytes.maketrans(b"\x00\x01", b"01")


class Place(NamedTuple):
    """Where a page begins: after so many cards, the last of which was that of this activity, if it is known."""

    shown: int
    activity: UUID | None


class Found(NamedTuple):
    """Cards as JSON, where the next page begins, and the counts where they were asked for."""

    cards: list[Raw]
    then: Place | None
    facets: FacetsView | None


class _Fitting:
    """What fits on one shelf: a mask for all of it, and one for each field in which words were found; without words, one for all."""

    def __init__(self, shelf: Shelf, sight: Sight, wanted: CardFilter, rows: list[int] | None) -> None:
        self.shelf = shelf
        self.sight = sight
        self.wanted = wanted
        self.in_words = rows is not None
        masks = [shelf.facets.everything] if rows is None else _masks(shelf, sight, rows)
        self.found = reduce(or_, masks)
        fitting = shelf.facets.fitting(wanted)
        self.fields = [mask & fitting for mask in masks]

    def counts(self) -> dict[str, dict[str, int]]:
        return self.shelf.facets.counts(self.wanted, self.found)

    def in_order(self) -> Iterator[tuple["_Fitting", int, int]]:
        """What fits, with its field and place: in the order of packs, or title before summary before steps, then by id."""
        places = range(self.shelf.facets.count)
        shown = 0
        for field, mask in enumerate(self.fields):
            chosen: Iterable[int] = compress(places, f"{mask & ~shown:b}"[::-1].encode().translate(_ONES))
            if self.in_words:
                chosen = sorted(chosen, key=self.shelf.ranks.__getitem__)
            for place in chosen:
                yield self, field, place
            shown |= mask


def _masks(shelf: Shelf, sight: Sight, rows: list[int]) -> list[int]:
    """For each field the activities of a shelf in which all words were found by its end."""
    marks = bytearray(shelf.facets.count * ROWS)
    for edition, start in zip(sight.editions, shelf.starts, strict=False):
        if edition.serial is not None:
            mark_rows(rows, edition.serial, marks, start)
    return [int(b"0" + marks[field::ROWS][::-1].translate(_DIGITS), 2) for field in range(len(FIELDS))]


async def find_cards(
    shelves: list[Shelf], reader: Reader, wanted: CardFilter, after: Place | None, limit: int, *, counted: bool
) -> Found:
    """The next cards that fit, and with `counted` the counts."""
    seen = [(shelf, shelf.sight(reader.wanted)) for shelf in shelves]
    words = words_of(wanted.q) if wanted.q is not UNSET else []
    rows = None
    if words:
        rows = await match(words, {edition.file.locale for _, sight in seen for edition in sight.editions})
    fitting = [_Fitting(shelf, sight, wanted, rows) for shelf, sight in seen]
    shown, then = _page(fitting, after, limit)
    facets = added([one.counts() for one in fitting]) if counted else None
    return Found(shown, then, facets)


def _page(fitting: list[_Fitting], after: Place | None, limit: int) -> tuple[list[Raw], Place | None]:
    start = _start(fitting, after) if after else 0
    page = [*islice(_in_order(fitting), start, start + limit + 1)]
    cards = [one.sight.cards[place] for one, _, place in page[:limit]]
    if len(page) <= limit:
        return cards, None
    last, _, place = page[limit - 1]
    return cards, Place(start + limit, last.shelf.activities[place])


def _start(fitting: list[_Fitting], after: Place) -> int:
    """Where to go on: behind the card that was shown last, wherever it stands by now; if it is gone, after as many as were shown."""
    shown = islice(_in_order(fitting), max(0, after.shown - 1), after.shown)
    if any(one.shelf.activities[place] == after.activity for one, _, place in shown):
        return after.shown
    for n, (one, _, place) in enumerate(_in_order(fitting), 1):
        if one.shelf.activities[place] == after.activity:
            return n
    return after.shown


def _in_order(fitting: list[_Fitting]) -> Iterator[tuple[_Fitting, int, int]]:
    rows = [one.in_order() for one in fitting]
    if len(rows) == 1 or not fitting[0].in_words:
        return chain.from_iterable(rows)
    return merge(*rows, key=lambda row: (row[1], row[0].shelf.activities[row[2]].int))
