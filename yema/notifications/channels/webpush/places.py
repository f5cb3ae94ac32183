"""Who may send at this moment. Services that anybody may have named wait for each other, and never hold up those of the big browsers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from yema.notifications.channels.webpush.endpoint import Endpoint

KNOWN, STRANGERS, OF_A_DOMAIN = 12, 4, 2
"""Messages on their way at the same time; the first two together are as many as there are connections."""
KNOWN_SECONDS, STRANGERS_SECONDS = 35.0, 5.0
"""So long a message waits for its place. With the ten seconds that it may take then, a batch is over before its lease is; and strangers
keep a batch for ten seconds at most."""


class Late(Exception):
    """It has had no place in time, and was not sent."""


class Places:
    """The places of one process."""

    def __init__(self) -> None:
        self._known, self._strangers = asyncio.Semaphore(KNOWN), asyncio.Semaphore(STRANGERS)
        self._domains = WeakValueDictionary[str, asyncio.Semaphore]()  # those that somebody waits for, or is at

    @asynccontextmanager
    async def at(self, endpoint: Endpoint) -> AsyncIterator[None]:
        """A place for one message. Raises `Late`."""
        async with AsyncExitStack() as taken:
            try:
                async with asyncio.timeout(KNOWN_SECONDS if endpoint.known else STRANGERS_SECONDS):
                    for one in self._needed(endpoint):
                        await taken.enter_async_context(one)
            except TimeoutError:
                raise Late from None
            yield

    def _needed(self, endpoint: Endpoint) -> tuple[asyncio.Semaphore, ...]:
        if endpoint.known:
            return (self._known,)
        domain = self._domains.setdefault(endpoint.domain, asyncio.Semaphore(OF_A_DOMAIN))
        return (domain, self._strangers)
