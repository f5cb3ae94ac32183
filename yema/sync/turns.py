"""Turns: a few pushes are worked on at a time, first come, first served, and none is left without an answer for long.

When a bus comes back into the network, all phones in it push at once. Were all of them worked on together, each would be finished
only when all are, and whatever else is written, a slot that a leader moves, would wait behind a transaction of each. Who has waited
for as long as phones wait for an answer is told to come back for the rest.
"""

import asyncio
import random
from weakref import WeakKeyDictionary

from yema.errors import Unavailable

AT_ONCE = 32
"""Enough that the transactions of many share a COMMIT, and so few that nobody else waits for long."""
ANSWER_SECONDS = 8.0
"""Some phones give up after ten; what they have sent would be carried out all the same, and they would send it again."""
COME_BACK_SECONDS = (5, 60)
"""Within the time that the line needs, at least and at most so long; not all at once again."""


class Line:
    """Those who wait, and how long a turn takes of late."""

    __slots__ = ("places", "turn_seconds", "waiting")

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(AT_ONCE)
        self.turn_seconds = 0.0
        self.waiting = 0

    def took(self, seconds: float) -> None:
        self.turn_seconds += (seconds - self.turn_seconds) / AT_ONCE

    def come_back(self) -> int:
        """The seconds after which one of those who are told to come back does so."""
        least, most = COME_BACK_SECONDS
        needed = int(self.waiting * self.turn_seconds / AT_ONCE)
        return random.randint(1, max(least, min(most, needed)))  # noqa: S311 - nobody has to be kept from guessing it


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()


class Turn:
    """The turn of one push. Leaving the block gives it to the next one."""

    __slots__ = ("_began", "_has_come", "_line", "_retry_after", "_until")

    async def __aenter__(self) -> "Turn":
        loop = asyncio.get_running_loop()
        self._line = line = _lines.setdefault(loop, Line())
        self._until = loop.time() + ANSWER_SECONDS
        self._retry_after = 0
        line.waiting += 1
        try:
            async with asyncio.timeout_at(self._until):
                await line.places.acquire()
        except TimeoutError:
            self._has_come = False
            self._retry_after = line.come_back()
        else:
            self._has_come = True
        finally:
            line.waiting -= 1
        self._began = loop.time()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._has_come:
            self._line.took(asyncio.get_running_loop().time() - self._began)
            self._line.places.release()

    def check(self) -> None:
        """Before each mutation. Raises `Unavailable` where the phone has to come back for it."""
        if not self._has_come or asyncio.get_running_loop().time() > self._until:
            self._retry_after = self._retry_after or self._line.come_back()
            raise Unavailable(retry_after=self._retry_after)
