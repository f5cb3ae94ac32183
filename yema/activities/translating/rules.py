"""Pure rules of translating: how far a language is, and what is different between two texts, word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from yema.activities.pack.source import PackSource
from yema.activities.rules import state_of

PAIRS_MAX = 60_000
"""Pairs of equal words from which on a comparison would take too long (a text can be one word, a thousand times)."""

_WORD = re.compile(r"""\s*(?:[^\s.,;:!?…()"«»“”„]+|[.,;:!?…()"«»“”„]+)\s*""")


class Progress(NamedTuple):
    """The texts of a pack in one language, by state."""

    fresh: int
    stale: int
    missing: int

    @property
    def total(self) -> int:
        return self.fresh + self.stale + self.missing


class Piece(NamedTuple):
    """Words that stayed, are new, or are gone."""

    op: Literal["same", "added", "removed"]
    text: str


def progress_of(source: PackSource, locale: str) -> Progress:
    """How far a pack is in one language; in its own, all of it is fresh."""
    if locale == source.head.source_locale:
        return Progress(sum(1 for _ in source.texts()), 0, 0)
    texts = source.translations.get(locale, {})
    states = Counter(state_of(text.block, texts.get(text.id)) for text in source.texts())
    return Progress(states["fresh"], states["stale"], states["missing"])


def difference(before: str, after: str) -> list[Piece]:
    """What became of a text. What stayed and what is new make up `after`, character by character; white space alone is no difference."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    return [piece for piece in _pieces(old, new) if piece.text]


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    was, now = [word.strip() for word in old], [word.strip() for word in new]
    counts = Counter(now)
    if sum(counts[word] for word in was) > PAIRS_MAX:
        yield from (Piece("removed", "".join(old)), Piece("added", "".join(new)))
        return
    gap = ""
    for op, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if op == "equal":
            yield Piece("same", "".join(new[k:m]))
            # Where the new text ends, or goes on without a blank, the old one may have had one before what is gone now.
            gap = "" if new[m - 1][-1].isspace() else old[j - 1][len(old[j - 1].rstrip()) :]
        else:
            gone = "".join(old[i:j])
            yield from (Piece("removed", gone and gap + gone), Piece("added", "".join(new[k:m])))
