"""Folding a text for finding it: without case, accents, vowel marks and letter strokes, in any script."""

import re
import unicodedata

_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
# Within a Ukrainian word an apostrophe is silent; elsewhere it parts words: in l'eau somebody looks for eau.
_SILENT = re.compile("(?<=[\u0400-\u052f])'(?=[\u0400-\u052f])")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_KNOWN_MAX = 20_000
_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "þ": "th", "ŋ": "n",
        "ґ": "г",
        # Alef wasla, ta marbuta, alef maksura, the Persian yeh and kaf, and the tatweel that only stretches a word.
        "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None, "ٴ": None,
    }
)  # fmt: skip
"""What Unicode does not take apart, as it stands after case folding."""


class _Plain(dict[int, str | None]):
    """For `str.translate`: what each character becomes, found out when it is first met; a blank for what is not of a word."""

    def __missing__(self, code: int) -> str | None:
        plain = _plain(chr(code)) or None
        if len(self) < _KNOWN_MAX:
            self[code] = plain
        return plain


_PLAIN = _Plain()


def fold(text: str) -> str:
    """The text without case, accents, vowel marks and letter strokes, and blanks for what is not of a word: `Łódź!` is `lodz `."""
    # Character by character is enough: what Unicode reorders between them are marks, and those go.
    plain = text.translate(_PLAIN)
    return _SILENT.sub("", plain).replace("'", " ") if "'" in plain else plain


def _plain(character: str) -> str:
    while True:  # some capitals are made of others (℡), and some small letters come apart only then
        apart = unicodedata.normalize("NFKD", character).casefold().translate(_LETTERS)
        if apart == character:
            return "".join(map(_of_a_word, apart))
        character = apart


def _of_a_word(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind[0] in "LN":
        return character
    if kind[0] == "M":  # the vowel signs of India and Thailand are letters in all but name
        dropped = unicodedata.combining(character) or kind == "Me" or ord(character) in _VARIATION_SELECTORS
        return "" if dropped else character
    return "" if kind == "Cf" else " "
