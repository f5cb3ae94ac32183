"""What a person's account may hold."""

from functools import cache

from babel import Locale

from yema.accounts.errors import UnknownCountry
from yema.errors import N_, FieldError, Invalid
from yema.i18n import nearest

_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""Two letters in CLDR that stand for several countries, for none, or for tests."""


def known_language(tag: str) -> str:
    """The language as it is kept: `pt-br` is `pt-BR`, `pl-DE` is `pl`. Raises `Invalid` for what CLDR does not know."""
    if found := nearest(tag):
        return found
    raise Invalid(FieldError("/locale", "unknown_language", N_("This value is not allowed here.")))


def known_country(code: str) -> str:
    """The code, if CLDR knows a country by it (ISO 3166-1 alpha-2). Raises `UnknownCountry`."""
    if code not in _countries():
        raise UnknownCountry
    return code


@cache
def _countries() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES
