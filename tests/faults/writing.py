"""Phones that write one page at a time until the server is gone, and what is there of it."""

import threading
from collections.abc import Iterator
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.demo.processes import Server
from yema.ids import uuid7

WRITERS = 4


class Written(NamedTuple):
    """An entry that was acknowledged."""

    token: str
    id: str
    text: str


class Writers:
    """Phones that write until the server is gone."""

    def __init__(self, server: Server, exchange: UUID, tokens: list[str]) -> None:
        self.acknowledged: list[Written] = []
        self.refused: list[int] = []
        self._exchange = exchange
        self._threads = [
            threading.Thread(target=self._write, args=(server.url, tokens[n::WRITERS])) for n in range(WRITERS)
        ]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join(30)

    def _write(self, url: str, tokens: list[str]) -> None:
        with httpx.Client(base_url=f"{url}/api/v1", trust_env=False, timeout=10) as phone:
            for token in cycle(tokens):
                entry = str(uuid7())
                draft = make.entry(self._exchange, f"What I thought of as {entry}")
                try:
                    answer = phone.put(
                        f"/journal/entries/{entry}", json=draft, headers={"authorization": f"Bearer {token}"}
                    )
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    self.acknowledged.append(Written(token, entry, draft["text"]))
                else:
                    self.refused.append(answer.status_code)


def read(server: Server, written: list[Written]) -> list[Written]:
    """These entries as their authors find them now, each as often as it is there."""
    asked = {entry.id for entry in written}
    return [
        Written(token, item["id"], item["text"])
        for token in sorted({entry.token for entry in written})
        for item in pages(server, token)
        if item["id"] in asked and item["version"] == 1
    ]


def pages(server: Server, token: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    with server.client(token) as phone:
        while True:
            page = phone.get(f"/journal/entries?limit=200{cursor}").raise_for_status().json()
            yield from page["items"]
            if "next_cursor" not in page:
                return
            cursor = f"&cursor={page['next_cursor']}"
