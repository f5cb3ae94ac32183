"""Writing and sharing as a phone does it."""

from typing import Any
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from yema.ids import uuid7


class Author:
    """Somebody who writes."""

    def __init__(self, client: httpx.AsyncClient, exchange: UUID) -> None:
        self.client = client
        self.exchange = exchange

    async def write(self, text: str = "Dear diary", entry: UUID | None = None, **fields: Any) -> UUID:
        """Write a new page, or revise one; its id."""
        entry = entry or uuid7()
        answer = await self.client.put(f"/journal/entries/{entry}", json=make.entry(self.exchange, text, **fields))
        assert answer.status_code in (200, 201), answer.text
        return entry

    async def share(self, entry: UUID, shared_with: str) -> httpx.Response:
        answer = await self.client.put(f"/journal/entries/{entry}/sharing", json={"shared_with": shared_with})
        assert answer.status_code == 200, answer.text
        return answer

    async def shared(self, shared_with: str, text: str = "Dear diary") -> UUID:
        """A page that is shared; its id."""
        entry = await self.write(text)
        await self.share(entry, shared_with)
        return entry


async def author(app: TestApp, person: UUID, exchange: UUID) -> Author:
    return Author(await app.as_(person), exchange)


def without_request(body: dict[str, Any]) -> dict[str, Any]:
    """A problem without what is different in every answer."""
    return {k: v for k, v in body.items() if k != "request_id"}
