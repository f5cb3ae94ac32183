"""Talking to the application as a phone does, without a socket."""

from typing import Any
from uuid import UUID

import httpx

from tests import make


class TestApp:
    """The application; `as_` gives a client that is signed in as somebody."""

    __test__ = False

    def __init__(self, asgi: Any) -> None:
        self._transport = httpx.ASGITransport(asgi, client=("192.0.2.1", 1234))
        self._clients: list[httpx.AsyncClient] = []

    @property
    def anybody(self) -> httpx.AsyncClient:
        """A client without a token."""
        return self._client({})

    async def as_(self, person: UUID) -> httpx.AsyncClient:
        """A client with a token of this person."""
        return self.with_token(await make.token(person))

    def with_token(self, token: str) -> httpx.AsyncClient:
        return self._client({"authorization": f"Bearer {token}"})

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        client = httpx.AsyncClient(transport=self._transport, base_url="http://yema.test/api/v1", headers=headers)
        self._clients.append(client)
        return client

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()
