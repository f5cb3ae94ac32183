"""What a replay may keep in memory is bounded, whatever strangers send."""

from typing import Any

import pytest

from yema.http.replay import BYTES_MAX, KEPT_MAX, KEY_BYTES_MAX, REPLAYABLE, Replay

BODY = b"x" * 100


async def ready(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers ready bytes."""
    scope[REPLAYABLE] = True
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": BODY})


async def get(replay: Replay, query: bytes, language: bytes = b"pl") -> None:
    async def nothing(*_: Any) -> None: ...

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/activities",
        "query_string": query,
        "headers": [(b"accept-language", language)],
    }
    await replay(scope, nothing, nothing)


async def test_a_request_that_is_too_long_is_answered_and_not_kept() -> None:
    replay = Replay(ready)

    await get(replay, b"", language=b"p" * KEY_BYTES_MAX)

    assert len(replay._kept) == 0


async def test_only_so_many_are_kept_and_the_longest_unused_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yema.http.replay.KEPT_MAX", 3)
    replay = Replay(ready)

    for query in (b"1", b"2", b"3", b"1", b"4"):
        await get(replay, query)

    assert [key[1] for key in replay._kept] == [b"3", b"1", b"4"]


async def test_the_bytes_that_are_counted_are_those_that_are_kept() -> None:
    replay = Replay(ready)

    for number in range(50):
        await get(replay, b"%d" % number)

    assert replay._bytes == 50 * (len(BODY) + KEY_BYTES_MAX)
    assert KEPT_MAX * KEY_BYTES_MAX < BYTES_MAX
