"""The reference client in the tests' hands: `Phone` with a client that carries its requests, and networks that lose things."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from yema.demo.phone import Phone

ROUNDS_MAX = 50

__all__ = ["Carried", "Phone", "skewed"]


def skewed(minutes: float) -> Callable[[], datetime]:
    """A clock that is wrong by so much."""
    return lambda: datetime.now(UTC) + timedelta(minutes=minutes)


class Carried:
    """A phone and its network."""

    def __init__(self, client: httpx.AsyncClient, phone: Phone | None = None) -> None:
        self.client = client
        self.phone = phone or Phone()

    async def pull_page(self, limit: int | None = None, *, lose_answer: bool = False) -> bool:
        """One page; whether the phone has everything now. A lost answer reaches nobody."""
        answer = await self._ask("/sync/pull", self.phone.to_pull(limit))
        if lose_answer:
            return False
        if answer.status_code == 400 and answer.json()["code"] == "bad_cursor":
            self.phone.forget_cursor()
            return False
        assert answer.status_code == 200, answer.text
        return self.phone.pulled(answer.json())

    async def pull(self, limit: int | None = None) -> int:
        """All pages; how many there were."""
        for page in range(1, ROUNDS_MAX):
            if await self.pull_page(limit):
                return page
        raise AssertionError("A pull does not come to an end.")

    async def push_once(self, *, lose_answer: bool = False) -> bool:
        """One push; whether there is more that can be sent now."""
        asked = self.phone.to_push()
        if asked is None:
            return False
        answer = await self._ask("/sync/push", asked)
        assert answer.status_code == 200, answer.text
        if not lose_answer:
            self.phone.pushed(answer.json())
        return bool(self.phone.outbox) and not self.phone.retry_after

    async def push(self) -> None:
        """Until the outbox is empty, or the server says `later`."""
        for _ in range(ROUNDS_MAX):
            if not await self.push_once():
                return

    async def sync(self, limit: int | None = None) -> None:
        """As a phone does when it has a network: push, pull, and what that brought up again."""
        await self.push()
        await self.pull(limit)
        if self.phone.outbox and not self.phone.retry_after:
            await self.push()
            await self.pull(limit)

    async def _ask(self, path: str, body: Any) -> httpx.Response:
        return await self.client.post(path, json=body)
