"""Ready bytes stay within their limit, and what was not used for longest goes first."""

import asyncio
import random
from typing import Any

from litestar import Litestar, Request
from litestar.response.base import ASGIResponse

from yema.http.ready import ReadyBytes

_APP = Litestar(openapi_config=None)


def _request(encoding: str = "identity", if_none_match: str = "") -> Request[Any, Any, Any]:
    headers = [(b"accept-encoding", encoding.encode())]
    if if_none_match:
        headers.append((b"if-none-match", if_none_match.encode()))
    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": headers, "query_string": b"", "app": _APP}
    return Request(scope)


class _Kitchen:
    """Builds contents and counts how often."""

    def __init__(self, limit: int) -> None:
        self.cache = ReadyBytes(limit)
        self.built: list[str] = []

    async def serve(self, key: str, size: int = 1000, encoding: str = "identity", etag: str = "") -> ASGIResponse:
        async def build() -> bytes:
            self.built.append(key)
            await asyncio.sleep(0)
            return random.Random(key).randbytes(size)

        return await self.cache.serve(_request(encoding, etag), key, build, language="en")

    @property
    def held(self) -> int:
        """The bytes that are really held."""
        kept = self.cache._kept.values()
        return sum(len(one.plain) + sum(map(len, one.encoded.values())) for one in kept)


async def test_what_is_kept_is_built_once() -> None:
    kitchen = _Kitchen(10_000)

    answers = [await kitchen.serve("a") for _ in range(3)]

    assert (kitchen.built, len({answer.body for answer in answers})) == (["a"], 1)


async def test_the_cache_stays_within_its_limit() -> None:
    kitchen = _Kitchen(10_000)

    sizes = []
    for number in range(40):
        for encoding in ("identity", "br", "gzip", "zstd"):
            await kitchen.serve(str(number), 1500, encoding)
            sizes.append(kitchen.held)

    assert max(sizes) <= 10_000
    assert kitchen.held == kitchen.cache._bytes


async def test_what_was_not_used_for_longest_goes_first() -> None:
    kitchen = _Kitchen(3000)
    for key in ("a", "b", "c", "a", "d"):
        await kitchen.serve(key)
    kitchen.built.clear()

    for key in ("a", "c", "d", "b"):
        await kitchen.serve(key)

    assert kitchen.built == ["b"]


async def test_a_content_larger_than_the_limit_is_served_and_not_kept() -> None:
    kitchen = _Kitchen(1000)
    await kitchen.serve("small", 900)

    answers = [await kitchen.serve("large", 5000, encoding) for encoding in ("identity", "br", "identity")]

    assert [len(answer.body) >= 5000 for answer in answers] == [True] * 3
    assert (kitchen.held, kitchen.cache._bytes) == (0, 0)


async def test_the_same_content_that_many_build_at_once_is_counted_once() -> None:
    kitchen = _Kitchen(100_000)

    answers = await asyncio.gather(*(kitchen.serve("a") for _ in range(20)))

    assert len({answer.body for answer in answers}) == 1
    assert (kitchen.held, kitchen.cache._bytes) == (1000, 1000)


async def test_not_modified_is_answered_without_building() -> None:
    kitchen = _Kitchen(10_000)
    tag = dict((await kitchen.serve("a")).headers)["etag"]
    kitchen.cache.forget()
    kitchen.built.clear()

    answer = await kitchen.serve("a", etag=tag)

    assert (answer.status_code, answer.body, kitchen.built) == (304, b"", [])


async def test_another_key_has_another_etag() -> None:
    kitchen = _Kitchen(10_000)

    tags = {dict((await kitchen.serve(key)).headers)["etag"] for key in ("a", "b")}

    assert len(tags) == 2
