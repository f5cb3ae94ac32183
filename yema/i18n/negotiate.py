"""Which language does the reader want? `?locale=` before `Accept-Language` before the person's own setting."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.localedata import normalize_locale

_ITEM = re.compile(
    r"([a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
_ITEMS_MAX = 20
HEADER_MAX = 1000
TAG_MAX = 20
_NO_LANGUAGE = ("root", "und")


@lru_cache(1024)
def normalise(tag: str) -> str | None:
    """The tag as it stands on the wire, or None for what Babel does not know.

    `PL` -> `pl`, `pt_br` -> `pt-BR`; what phones call otherwise than CLDR, by its likely subtags: `zh-TW` -> `zh-Hant-TW`.
    """
    plain = tag.strip().replace("-", "_")
    if len(plain) > TAG_MAX or not plain.replace("_", "").isalnum() or not plain.isascii():
        return None
    if plain.lower().partition("_")[0] in _NO_LANGUAGE:
        return None
    found = normalize_locale(plain) or _likely(plain)
    return found.replace("_", "-") if found else None


def _likely(name: str) -> str | None:
    try:
        return str(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        return None


def is_tag(tag: str) -> bool:
    """Whether the tag stands for a language that Babel knows, written as on the wire."""
    return normalise(tag) == tag


def wanted_tags(query: str | None, header: str | None, own: str | None) -> tuple[str, ...]:
    """The tags that the reader wants, best first (RFC 9110, 12.5.4: by q, then by order; q=0 and unknown ones are left out)."""
    # Cut before they become keys: what strangers send must not fill the memory.
    asked = query if query and len(query) <= TAG_MAX else None
    return _wanted(asked, (header or "")[:HEADER_MAX], own)


@lru_cache(4096)
def _wanted(query: str | None, header: str, own: str | None) -> tuple[str, ...]:
    tags = [nearest(query or ""), *_accepted(header), nearest(own or "")]
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _accepted(header: str) -> list[str | None]:
    found = []
    for position, item in enumerate(header.split(",")[:_ITEMS_MAX]):
        match = _ITEM.fullmatch(item.strip())
        if match and match[1] != "*" and (quality := float(match[2] or 1)) > 0:
            found.append((-quality, position, nearest(match[1])))
    return [tag for *_, tag in sorted(found, key=lambda f: f[:2])]


def nearest(tag: str) -> str | None:
    """The tag, or what is left of it when its unknown end is cut off (RFC 4647, 3.4: `pl-DE` -> `pl`)."""
    while tag:
        if known := normalise(tag):
            return known
        tag = tag.rpartition("-")[0]
    return None
