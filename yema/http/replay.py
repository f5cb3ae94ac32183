"""Replays: a GET that was answered with ready bytes is answered again without the framework, while all it was decided on is still so.

What a route with ready bytes answers follows from the request and from what was looked up: whose token this is, their membership, the
versions. The same goes for a pull that finds nothing new. The first time, those look-ups are recorded; the next time the same request
comes, they are made again, and where every one has the same answer, so has the request. A removed membership or a new version changes
an answer, and the route is asked again. Most of a request's time was the framework's (docs/adr/0008-replays.md).
"""

from collections import OrderedDict
from typing import Any

from yema.database import LookUps, recorded

REPLAYABLE = "yema.replayable"
"""Set in the scope by whoever answers with ready bytes."""
KEPT_MAX = 2000
KEY_BYTES_MAX = 2048
BYTES_MAX = 16 * 1024 * 1024
_DECIDING = (b"authorization", b"accept-language", b"accept-encoding", b"content-type", b"if-none-match")


class _Kept:
    """An answer, and what it was decided on."""

    __slots__ = ("body", "look_ups", "start")

    def __init__(self, look_ups: LookUps) -> None:
        self.look_ups = look_ups
        self.start: Any = None
        self.body: Any = None

    @property
    def is_whole(self) -> bool:
        return self.start is not None and self.body is not None and self.start["status"] in (200, 304)

    @property
    def size(self) -> int:
        return len(self.body["body"]) + KEY_BYTES_MAX


class Replay:
    """An ASGI layer around the application. `asking` are paths whose POSTs only ask."""

    def __init__(self, app: Any, asking: tuple[str, ...] = ()) -> None:
        self._app = app
        self._asking = asking
        self._kept: OrderedDict[Any, _Kept] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        key = None
        if scope["type"] == "http":
            if scope["method"] == "GET":
                key = _key(scope, b"")
            elif scope["method"] == "POST" and scope["path"] in self._asking:
                body, receive = await _body(receive)
                key = None if body is None else _key(scope, body)
        if key is None:
            await self._app(scope, receive, send)
            return
        found = self._kept.get(key)
        if found is not None:
            if await found.look_ups.still_so():
                if key in self._kept:  # somebody else may have made room in the meantime
                    self._kept.move_to_end(key)
                await send(found.start)
                await send(found.body)
                return
            self._forget(key)
        await self._record(key, scope, receive, send)

    async def _record(self, key: Any, scope: Any, receive: Any, send: Any) -> None:
        kept = _Kept(LookUps())

        async def send_and_keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept.start = message
            else:
                kept.body = None if message.get("more_body") or kept.body else message
            await send(message)

        with recorded(kept.look_ups):
            await self._app(scope, receive, send_and_keep)
        if scope.get(REPLAYABLE) and kept.look_ups.complete and kept.is_whole:
            self._keep(key, kept)

    def _keep(self, key: Any, kept: _Kept) -> None:
        self._forget(key)
        self._kept[key] = kept
        self._bytes += kept.size
        while len(self._kept) > KEPT_MAX or self._bytes > BYTES_MAX:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Any) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._bytes -= old.size


async def _body(receive: Any) -> tuple[bytes | None, Any]:
    """A short body, None for a longer one; and a `receive` that gives out again what was read of it."""
    read = [await receive()]
    size = len(read[0].get("body", b""))
    while read[-1].get("more_body") and size <= KEY_BYTES_MAX:
        read.append(await receive())
        size += len(read[-1].get("body", b""))
    waiting = iter(read)

    async def again() -> Any:
        for message in waiting:
            return message
        return await receive()

    if size > KEY_BYTES_MAX or read[-1]["type"] != "http.request":
        return None, again
    return b"".join([message.get("body", b"") for message in read]), again


def _key(scope: Any, body: bytes) -> Any:
    """All of the request that an answer can depend on; None where that is too much to keep."""
    deciding = tuple([pair for pair in scope["headers"] if pair[0] in _DECIDING])
    size = len(scope["path"]) + len(scope["query_string"]) + len(body)
    for _, value in deciding:
        size += len(value)
    return (scope["path"], scope["query_string"], deciding, scope["method"], body) if size <= KEY_BYTES_MAX else None
