"""A channel of the tests' own, which fails as it is told."""

import asyncio
from collections.abc import Callable, Sequence

from yema.notifications.channels import Outcome, Outgoing, Sent

Answers = Callable[[Outgoing], Outcome]


class TrialChannel:
    """Keeps what it was handed, in `handed`; `answers` says what becomes of each. While `gate` is closed, nothing comes back."""

    def __init__(
        self, answers: Answers = lambda _: Sent(), *, name: str = "fcm", at_once: int = 50, in_flight: int = 4
    ) -> None:
        self.name, self.at_once, self.in_flight, self.answers = name, at_once, in_flight, answers
        self.handed: list[Outgoing] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.reached = asyncio.Event()

    @property
    def bodies(self) -> list[str]:
        return [message.body for message in self.handed]

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        self.handed += messages
        self.reached.set()
        await self.gate.wait()
        return [self.answers(message) for message in messages]

    async def close(self) -> None:
        """There is nothing to let go of."""
