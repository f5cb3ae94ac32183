"""Reading request headers straight from the ASGI scope: the hot paths need three of them, not a mapping of all."""

from functools import lru_cache
from typing import Any, Literal

Encoding = Literal["identity", "gzip", "br", "zstd"]
_BEST_FIRST: tuple[Encoding, ...] = ("br", "zstd", "gzip")


def header(scope: Any, name: bytes) -> str | None:
    """The first header of this name (in lower case), or None."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")  # type: ignore[no-any-return]
    return None


@lru_cache(512)
def accepted_encoding(accept: str | None) -> Encoding:
    """The smallest encoding that the client takes (RFC 9110, 12.5.3); q=0 refuses one."""
    if not accept:
        return "identity"
    refused: set[str] = set()
    taken: set[str] = set()
    for item in accept.lower().split(","):
        name, _, parameters = item.partition(";")
        quality = parameters.replace(" ", "").removeprefix("q=")
        (refused if quality and not quality.strip("0.") else taken).add(name.strip())
    for encoding in _BEST_FIRST:
        if encoding not in refused and (encoding in taken or "*" in taken):
            return encoding
    return "identity"
