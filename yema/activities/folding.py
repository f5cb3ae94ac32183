"""Folding a text for finding it: without case, accents, vowel marks and letter strokes."""

import unicodedata

_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ـ": None})


def fold(text: str) -> str:
    """The text without case, accents, vowel marks and letter strokes, for finding `Łódź` by `lodz`."""
    # Some compatibility characters are made of capitals (℡), so the case goes after them.
    lower = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
