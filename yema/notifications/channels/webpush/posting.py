"""One POST to a push service: no redirects, no cookies, no proxies, and a bound on everything."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import httpcore

from yema.notifications.channels.webpush.network import BySystem, Outwards, Private, Resolve

SECONDS_MAX, STRANGERS_SECONDS_MAX = 10, 5
"""For all of a message, from the name of its host on: to the big services, and to others."""
CONNECTIONS = 16
ANSWER_BYTES_MAX = 4096
"""More of an answer is not read, and the connection is closed."""

Trouble = Literal["private_address", "timeout", "connection"]


@lru_cache(1)
def trust_of_the_system() -> ssl.SSLContext:
    """Takes a tenth of a second, and httpcore would make another one for each connection."""
    return httpcore.default_ssl_context()


class Posting:
    """Connections to push services, kept for some seconds. To be made in a thread."""

    def __init__(self, *, private: bool, trust: ssl.SSLContext | None, resolve: Resolve | None = None) -> None:
        self._names = BySystem()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust or trust_of_the_system(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=20,
            network_backend=Outwards(private=private, resolve=resolve or self._names),
        )

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, known: bool
    ) -> tuple[int, str | None] | Trouble:
        """The status and `Retry-After`, or why there is no answer. `known` services have longer."""
        seconds = SECONDS_MAX if known else STRANGERS_SECONDS_MAX
        steps = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        found: tuple[int, str | None] | None = (
            None  # what was said counts, also where the rest of the answer never comes
        )
        try:
            async with (
                asyncio.timeout(seconds),
                self._pool.stream(
                    "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": steps}
                ) as answer,
            ):
                found = (answer.status, _retry_after(answer))
                await _drain(answer)
        except Private:
            return "private_address"
        except (TimeoutError, httpcore.TimeoutException):
            return found or "timeout"
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError):
            return found or "connection"
        return found

    async def close(self) -> None:
        self._names.close()
        await self._pool.aclose()


def _retry_after(answer: httpcore.Response) -> str | None:
    return next((value.decode("latin-1") for name, value in answer.headers if name.lower() == b"retry-after"), None)


async def _drain(answer: httpcore.Response) -> None:
    """Read the rest, so that the connection can be used again; where there is much of it, it is closed."""
    size = 0
    async for part in answer.aiter_stream():
        size += len(part)
        if size > ANSWER_BYTES_MAX:
            return
