"""Names of languages and countries, from CLDR through Babel."""

from functools import lru_cache

from babel import Locale


@lru_cache(64)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


def language_name(tag: str, reader: str) -> str:
    """The name of a language for this reader: `pl` is `polski` in Polish. The tag itself where CLDR has no name."""
    return _locale(tag).get_display_name(_locale(reader)) or tag


def country_name(code: str, reader: str) -> str:
    """The name of a country (ISO 3166-1, two letters) for this reader; the code itself where CLDR has none."""
    return str(_locale(reader).territories.get(code, code))


def is_right_to_left(tag: str) -> bool:
    return _locale(tag).text_direction == "rtl"
