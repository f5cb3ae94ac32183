"""Which of the languages that a text has is best for this reader? Along CLDR's parents, then the reader's other languages."""

from functools import lru_cache

from babel.core import get_global


@lru_cache(1024)
def parents(tag: str) -> tuple[str, ...]:
    """The tag and its CLDR parents without the root: `es-MX` -> `es-MX`, `es-419`, `es`."""
    exceptions = get_global("parent_exceptions")
    chain, name = [], tag.replace("-", "_")
    while name and name != "root":
        chain.append(name.replace("_", "-"))
        name = exceptions.get(name) or name.rpartition("_")[0]
    return tuple(chain)


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
