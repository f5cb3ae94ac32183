"""Which of the languages that a text has is best for this reader? Along CLDR's parents, then the reader's other languages."""

from functools import lru_cache

from babel.core import get_global

_SCRIPT = 4
"""Letters of a script's code (ISO 15924)."""


@lru_cache(1024)
def parents(tag: str) -> tuple[str, ...]:
    """The tag and its CLDR parents without the root: `es-MX` -> `es-MX`, `es-419`, `es`."""
    exceptions = get_global("parent_exceptions")
    chain, name = [], tag.replace("-", "_")
    while name and name != "root":
        chain.append(name.replace("_", "-"))
        name = exceptions.get(name) or _shorter(name)
    return tuple(chain)


def _shorter(name: str) -> str:
    """Without its last part; the root for a script that is not the likely one, whose readers may not read the other (UTS 35, 4.1.3)."""
    rest, _, last = name.rpartition("_")
    if len(last) == _SCRIPT and f"_{last}_" not in get_global("likely_subtags").get(rest, f"_{last}_"):
        return "root"
    return rest


@lru_cache(8192)
def choose(wanted: tuple[str, ...], available: frozenset[str], source: str) -> str:
    """The best available tag: each wanted one with its parents, best first, else the source language.

    `source` must be available, or is answered all the same where nothing else fits.
    """
    for tag in wanted:
        for candidate in parents(tag):
            if candidate in available:
                return candidate
    return source
