"""The server's own words: gettext catalogues, compiled in memory when a language is first asked for."""

import io
from functools import lru_cache
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from yema.i18n.fallback import choose
from yema.shipped import shipped

CATALOGUES = ("en", "pl", "de", "es", "fr", "it", "uk", "ar")
"""The languages of the server's words. `en` is the language they are written in."""

_AVAILABLE = frozenset(CATALOGUES)


@lru_cache
def _load(tag: str) -> NullTranslations:
    path = shipped("locales") / tag / "LC_MESSAGES" / "yema.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=tag)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="yema")


def catalogue_for(wanted: tuple[str, ...]) -> str:
    """The catalogue's language that suits this reader best."""
    return choose(wanted, _AVAILABLE, "en")


def gettext(wanted: tuple[str, ...], message: str, **values: Any) -> str:
    """The message in the reader's language, with `%(name)s` filled in."""
    if not message:
        return ""
    words = _load(catalogue_for(wanted)).ugettext(message)
    return words % values if values else words


def ngettext(wanted: tuple[str, ...], one: str, many: str, number: int, **values: Any) -> str:
    """The same with a number: `%(n)d` is filled in, and the form is the right one for it in that language."""
    return _load(catalogue_for(wanted)).ungettext(one, many, number) % {"n": number, **values}
