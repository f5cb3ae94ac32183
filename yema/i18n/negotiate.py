"""Which language does the reader want? `?locale=` before `Accept-Language` before the person's own setting."""

import re
from functools import lru_cache

from babel.localedata import normalize_locale

_ITEM = re.compile(r"([a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?")
_ITEMS_MAX = 20
HEADER_MAX = 1000


@lru_cache(1024)
def normalise(tag: str) -> str | None:
    """The tag as it stands on the wire (`PL` -> `pl`, `pt_br` -> `pt-BR`), or None for what Babel does not know."""
    plain = tag.strip().replace("-", "_")
    if len(plain) > 20 or not plain.replace("_", "").isalnum() or not plain.isascii():
        return None
    found = normalize_locale(plain)
    return found.replace("_", "-") if found else None


def is_tag(tag: str) -> bool:
    """Whether the tag stands for a language that Babel knows, written as on the wire."""
    return normalise(tag) == tag


@lru_cache(4096)
def wanted_tags(query: str | None, header: str | None, own: str | None) -> tuple[str, ...]:
    """The tags that the reader wants, best first (RFC 9110, 12.5.4: by q, then by order; q=0 and unknown ones are left out)."""
    tags = [normalise(query) if query else None, *_accepted(header or ""), normalise(own) if own else None]
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _accepted(header: str) -> list[str | None]:
    found = []
    for position, item in enumerate(header[:HEADER_MAX].split(",")[:_ITEMS_MAX]):
        match = _ITEM.fullmatch(item.strip())
        if match and match[1] != "*" and (quality := float(match[2] or 1)) > 0:
            found.append((-quality, position, _known(match[1])))
    return [tag for *_, tag in sorted(found, key=lambda f: f[:2])]


def _known(tag: str) -> str | None:
    """The tag, or what is left of it when its unknown end is cut off (RFC 4647, 3.4: `pl-XX` -> `pl`)."""
    while tag:
        if known := normalise(tag):
            return known
        tag = tag.rpartition("-")[0]
    return None
