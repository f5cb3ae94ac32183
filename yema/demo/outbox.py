"""What waits on a phone to be sent."""

import json
from datetime import datetime
from typing import Any

from yema.ids import uuid7

JSON = dict[str, Any]

BATCH = 100
"""Mutations in one push; 500 are allowed."""
BATCH_BYTES = 500_000
"""Bytes in one push; a megabyte is allowed."""


def run_key(slot: str) -> str:
    """What a phone knows the report of a slot by."""
    return f"run of {slot}"


class Item:
    """One mutation in the outbox. Once it was sent it never changes, since its answer may be lost.

    `base` is the version of what the person was looking at; None while another mutation of the same thing is before it.
    `seen` is the text that is shared.
    """

    def __init__(self, kind: str, thing: str, op: str, data: JSON | None, made_at: datetime) -> None:
        self.kind, self.thing, self.op, self.data = kind, thing, op, data
        self.made_at = made_at
        self.base: int | None = None
        self.seen = ""
        self.sent: JSON | None = None
        self.put_off = 0

    @property
    def key(self) -> str:
        """Of what this is a mutation: a page and its sharing are one thing, a slot and how it went are two with the same id."""
        return run_key(self.thing) if self.kind == "run_report" else self.thing

    @property
    def unsays(self) -> bool:
        """Whether nothing stays of it, so that what is said next is the first: unlike a page, a report or a mark leaves no grave."""
        return self.op == "delete" and self.kind in ("run_report", "attendance")

    def wire(self) -> JSON:
        """As it is sent, each time."""
        if self.sent is None:
            named = {"mutation_id": str(uuid7()), "kind": self.kind, "id": self.thing, "op": self.op}
            self.sent = {**named, "base_version": self.base or 0, "made_at": self.made_at.isoformat()}
            if self.data is not None:
                self.sent["data"] = self.data
        return self.sent

    def anew(self, data: JSON | None, base: int | None) -> "Item":
        """The same under another name, to be said in its place."""
        item = Item(self.kind, self.thing, self.op, data, self.made_at)
        item.base, item.seen = base, self.seen
        return item

    def shares(self, page: "Item") -> bool:
        """Whether this shares the text that stands there, which nobody has seen if that was refused."""
        shares = (self.kind, self.op, self.thing) == ("reflection", "put", page.thing)
        return shares and page.data is not None and self.seen == page.data.get("text")


def batch(outbox: list[Item]) -> list[Item]:
    """What to send now: of each thing its oldest mutation, since the next one builds on what becomes of it.

    Those that were told `later` go behind the others, so that a hundred of them hold nothing back.
    """
    oldest = {item.key: item for item in reversed(outbox)}
    chosen: list[Item] = []
    size = 0
    for item in sorted((item for item in outbox if item is oldest[item.key]), key=lambda item: item.put_off):
        size += len(json.dumps(item.wire()))
        if chosen and (len(chosen) == BATCH or size > BATCH_BYTES):
            break
        chosen.append(item)
    return chosen
