"""The push service of the bench, in a process of its own: it takes everything, and says how much it took in which time."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import msgspec
from msgspec import Struct

from tests.notifications.fcm_server import TAKEN, Answer, FakeFcm


class Took(Struct):
    """How many messages were taken, and the times (`time.time`) of the first and the last."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0

    @property
    def rate(self) -> float:
        """Messages a second, between the first and the last one."""
        return (self.count - 1) / (self.last - self.first) if self.count > 1 else 0.0


class Quick(FakeFcm):
    """Looks into no message: it must not need the processor that others are measured on."""

    def __init__(self) -> None:
        super().__init__()
        self.took = Took()

    def answer_to(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """A message is taken; anything else is a question."""
        if path == "/took":
            return Answer(200, body=msgspec.json.encode(self.took))
        if path == "/anew":
            self.took = Took()
            return TAKEN
        now = time.time()
        self.took.count += 1
        self.took.first = self.took.first or now
        self.took.last = now
        return TAKEN

    async def alone(self) -> None:
        """Say where it is, and serve."""
        ready = threading.Event()
        serving = asyncio.create_task(self.serve(ready))
        await asyncio.to_thread(ready.wait)
        sys.stdout.write(f"{self.url}\n")
        sys.stdout.flush()
        await serving


class PushService:
    """The same, from outside."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Each new client would read all the certificates of this machine first.
        self._client = httpx.Client(base_url=url, trust_env=False, verify=False)

    def count_anew(self) -> None:
        self._ask("/anew")

    def took(self, count: int, seconds: float) -> Took:
        """Wait until it took so many. Raises `RuntimeError` where they do not come."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            took = msgspec.json.decode(self._ask("/took"), type=Took)
            if took.count >= count:
                return took
            time.sleep(0.25)
        raise RuntimeError(f"The push service got {took.count} of {count} messages.")

    def _ask(self, path: str) -> bytes:
        return self._client.get(path).content


@contextmanager
def push_service() -> Iterator[PushService]:
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.pushes"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield PushService(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(Quick().alone())
