"""What a person's account may hold."""

from yema.errors import N_, FieldError, Invalid
from yema.i18n import nearest


def known_language(tag: str) -> str:
    """The language as it is kept: `pt-br` is `pt-BR`, `pl-DE` is `pl`. Raises `Invalid` for what CLDR does not know."""
    if found := nearest(tag):
        return found
    raise Invalid(FieldError("/locale", "unknown_language", N_("This value is not allowed here.")))
