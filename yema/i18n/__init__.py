"""Languages: which one the reader wants, which one a text has, and the server's own words in eight of them.

Nouns: a *tag* (BCP 47, as on the wire: `pt-BR`), what is *wanted* (tags, best first), a *catalogue* (gettext).
"""

from yema.i18n.catalog import CATALOGUES, catalogue_for, gettext, ngettext
from yema.i18n.fallback import choose, parents
from yema.i18n.names import country_name, is_right_to_left, language_name
from yema.i18n.negotiate import is_tag, nearest, normalise, wanted_tags

__all__ = [
    "CATALOGUES",
    "catalogue_for",
    "choose",
    "country_name",
    "gettext",
    "is_right_to_left",
    "is_tag",
    "language_name",
    "nearest",
    "ngettext",
    "normalise",
    "parents",
    "wanted_tags",
]
