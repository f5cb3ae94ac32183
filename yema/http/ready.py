"""Ready bytes: what many read in one language is encoded and compressed once for each version.

The key holds everything that the content depends on: the thing, the epochs and versions of the spaces it was read from, the locale. Nothing
is ever invalidated: a new version is a new key, and old ones fall out of the cache.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from litestar import Request
from litestar.response.base import ASGIResponse

from yema.database import recorded
from yema.http.conditional import etag, fingerprint_of_key, is_fresh
from yema.http.encodings import SMALLEST, compress
from yema.http.headers import Encoding, accepted_encoding, header
from yema.http.replay import REPLAYABLE
from yema.http.response import PRIVATE, VARY

CACHE_BYTES = 16 * 1024 * 1024

_JSON = "application/json"


class Ready:
    """One content in the encodings that were asked for so far."""

    __slots__ = ("encoded", "mark", "plain")

    def __init__(self, plain: bytes, mark: str) -> None:
        self.plain = plain
        self.mark = mark
        self.encoded: dict[Encoding, bytes] = {}


class ReadyBytes:
    """A cache of contents by key, bounded in bytes; the one that was not used for longest goes first."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Ready] = OrderedDict()
        _caches.append(self)

    def forget(self) -> None:
        self._kept.clear()
        self._bytes = 0

    async def serve(
        self,
        request: Request[Any, Any, Any],
        key: Hashable,
        build: Callable[[], Awaitable[bytes]],
        *,
        language: str,
        cache_control: str = PRIVATE,
    ) -> ASGIResponse:
        """Answer with the content of this key, built if need be; 304 is answered without building anything.

        Whoever calls this has already found that the reader may see it.
        """
        scope: Any = request.scope
        scope[REPLAYABLE] = True
        encoding = accepted_encoding(header(request.scope, b"accept-encoding"))
        if_none_match = header(request.scope, b"if-none-match")
        found = self._kept.get(key)
        mark = found.mark if found else fingerprint_of_key(key)
        headers = {"cache-control": cache_control, "content-language": language, "vary": VARY}
        if if_none_match:
            for tag in (etag(mark, encoding), etag(mark, "identity")):
                if is_fresh(if_none_match, tag):
                    return ASGIResponse(status_code=304, headers={**headers, "etag": tag}, media_type=_JSON, body=b"")
        if found is None:
            with recorded(None):  # the content follows from the key
                found = self._keep(key, Ready(await build(), mark))
        else:
            self._kept.move_to_end(key)
        encoding = encoding if len(found.plain) >= SMALLEST else "identity"
        if encoding != "identity":
            headers["content-encoding"] = encoding
        headers["etag"] = etag(mark, encoding)
        return ASGIResponse(
            body=self._in(encoding, key, found),
            headers=headers,
            media_type=_JSON,
            is_head_response=request.scope["method"] == "HEAD",
        )

    def _in(self, encoding: Encoding, key: Hashable, ready: Ready) -> bytes:
        if encoding == "identity":
            return ready.plain
        if encoding not in ready.encoded:
            ready.encoded[encoding] = compress(ready.plain, encoding, kept=True)
            if key in self._kept:
                self._bytes += len(ready.encoded[encoding])
                self._evict()
        return ready.encoded[encoding]

    def _keep(self, key: Hashable, ready: Ready) -> Ready:
        # Two requests may have built the same content at once; the first one that was kept stays.
        kept = self._kept.setdefault(key, ready)
        if kept is ready:
            self._bytes += len(ready.plain)
            self._evict()
        return kept

    def _evict(self) -> None:
        while self._bytes > self._limit:
            _, old = self._kept.popitem(last=False)
            self._bytes -= len(old.plain) + sum(map(len, old.encoded.values()))


_caches: list[ReadyBytes] = []


def forget_ready_bytes() -> None:
    """Forget everything that was kept: another database was opened."""
    for cache in _caches:
        cache.forget()
