"""A phone in somebody's hand: it carries the requests, and counts them."""

import hashlib
import json
from typing import Any

import httpx

from yema.demo.outbox import JSON
from yema.demo.phone import Phone
from yema.demo.tour.asking import TourFailed, expect, ok

ROUNDS_MAX = 20


class CarriedPhone:
    """A `Phone` and its network. `requests` and `bytes` (as they came through the air) are of the last pull."""

    def __init__(self, client: httpx.Client, locale: str) -> None:
        self.client = client
        self.phone = Phone(locale)
        self.requests = self.bytes = self.changes = 0
        self._sent: list[JSON] = []

    def pull(self) -> None:
        """Everything that is new."""
        self.requests = self.bytes = self.changes = 0
        complete = False
        while not complete:
            expect(self.requests < ROUNDS_MAX, "A pull comes to an end.")
            page = self._ask("/sync/pull", self.phone.to_pull())
            self.changes += len(page["changes"])
            complete = self.phone.pulled(page)

    def push(self) -> list[str]:
        """Send what waits, until nothing does; what became of each."""
        became: list[str] = []
        for _ in range(ROUNDS_MAX):
            if (asked := self.phone.to_push()) is None:
                return became
            self._sent.append(asked)
            answer = self._ask("/sync/push", asked)
            self.phone.pushed(answer)
            became += [result["status"] for result in answer["results"]]
            expect("later" not in became, "Nothing has to wait.")
        raise TourFailed("A push comes to an end.")

    def push_again(self) -> list[str]:
        """Send all once more, as a phone does whose answers were lost; what is said of each."""
        return [result["status"] for asked in self._sent for result in self._ask("/sync/push", asked)["results"]]

    def packs(self, url: str) -> tuple[int, int]:
        """The files of the packs, from the server at this address: how many, and their bytes through the air."""
        files = [(pack, ok(self.client.get(f"{url}{pack['url']}"))) for pack in self.phone.all("pack").values()]
        for pack, file in files:
            expect(hashlib.sha256(file.content).hexdigest() == pack["sha256"], "A pack's file is what was announced.")
        return len(files), sum(file.num_bytes_downloaded for _, file in files)

    def holds(self, *ids: str) -> bool:
        """Whether anything that this phone has names one of these."""
        told = json.dumps(
            [[*key, thing.data] for things in self.phone.things.values() for key, thing in things.items()]
        )
        return any(name in told for name in ids)

    @property
    def pulled(self) -> str:
        """What the last pull brought."""
        return f"{counted(self.changes, 'thing')}, {counted(self.requests, 'request')}, {size(self.bytes)}"

    def _ask(self, path: str, body: JSON) -> Any:
        answer = ok(self.client.post(path, json=body))
        self.requests += 1
        self.bytes += answer.num_bytes_downloaded
        return answer.json()


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size(number: int) -> str:
    return f"{number / 1000:.1f} kB" if number >= 1000 else f"{number} bytes"
