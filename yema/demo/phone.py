"""A small phone, as docs/sync.md describes one: its own store, outbox and clock. It does no input or output; who carries it around does.

The tour walks with it, and `tests/phone.py` gives it to the tests and the bench.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from yema.demo.confirmed import Confirmed
from yema.demo.outbox import JSON, Item, batch, run_key
from yema.demo.pages import Thing, differ, lay, said
from yema.ids import uuid7

Key = tuple[str, str]
"""A kind and an id."""
KINDS_VERSION = 3  # it knows announcements, marks of attendance, journeys and emergency sheets
VERSIONED = ("slot", "travel_leg", "attendance", "emergency_sheet", "entry")
"""Kinds whose things say their version, and are changed under their own id."""


class Phone:
    """One phone of one person."""

    def __init__(
        self, locale: str = "en", kinds_version: int = KINDS_VERSION, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.locale, self.kinds_version = locale, kinds_version
        self.clock = clock or (lambda: datetime.now(UTC))
        self.cursor: str | None = None
        self.spaces: dict[int, JSON] = {}
        self.things: dict[int, dict[Key, Thing]] = {}
        self.arriving: dict[int, dict[Key, Thing]] = {}
        self.outbox: list[Item] = []
        self.refused: list[tuple[Item, JSON]] = []
        self.noticed: list[JSON] = []
        self.retry_after = 0
        self.confirmed = Confirmed()
        self._unnamed: set[int] = set()
        self._restored = False

    # What the person does, with or without a network.

    def write(self, exchange: UUID | str, text: str, entry: UUID | str | None = None, **fields: Any) -> str:
        """Write a page, or revise one; its id."""
        entry = str(entry or uuid7())
        now = self.clock().isoformat()
        draft = {"exchange": str(exchange), "text": text, "locale": self.locale, "written_at": now, **fields}
        self._add("entry", entry, "put", draft)
        return entry

    def delete(self, entry: str) -> None:
        """Delete a page; one that has never left the phone leaves no trace."""
        waiting = [item for item in self.outbox if item.thing == entry]
        if waiting and not self.version(entry) and all(item.sent is None for item in waiting):
            self.outbox = [item for item in self.outbox if item not in waiting]
        else:
            self._add("entry", entry, "delete", None)

    def share(self, entry: str, shared_with: str) -> None:
        """Share the page as it stands on this phone."""
        self._add("reflection", entry, "put", {"shared_with": shared_with}).seen = self.diary()[entry]["text"]

    def take_back(self, entry: str) -> None:
        self._add("reflection", entry, "delete", None)

    def change(self, slot: str, **change: Any) -> None:
        """Change a slot of the plan, from what this phone shows of it."""
        self._add("slot", slot, "put", change)

    def schedule(self, exchange: UUID | str, draft: JSON) -> str:
        """A new slot; its id."""
        slot = str(uuid7())
        self._add("slot", slot, "put", {"exchange": str(exchange), **draft})
        return slot

    def cancel(self, slot: str) -> None:
        self._add("slot", slot, "delete", None)

    def see(self, announcement: str) -> None:
        """Say that the person has seen it: their own tap, not the delivery."""
        self._add("announcement_seen", announcement, "put", {})

    def mark(self, slot: str, person: str, state: str) -> str:
        """Say whether somebody was there; the id of the mark, which every phone makes alike."""
        mark = str(uuid5(UUID(slot), person))
        self._add("attendance", mark, "put", {"slot": slot, "person": person, "state": state})
        return mark

    def tell_run(self, slot: str, told: JSON | None) -> None:
        """How the activity of a slot went; None takes it back."""
        self._add("run_report", slot, "delete" if told is None else "put", told)

    def _add(self, kind: str, thing: str, op: str, data: JSON | None) -> Item:
        item = Item(kind, thing, op, data, self.clock())
        if not any(before.key == item.key for before in self.outbox):  # else it builds on what becomes of those
            item.base = self.version(item.key)
        self.outbox.append(item)
        return item

    # What the person sees.

    def all(self, kind: str) -> dict[str, JSON]:
        """Things of a kind by id, in whichever of the spaces they are."""
        return {
            thing: found.data
            for things in self.things.values()
            for (its, thing), found in things.items()
            if its == kind and found.data is not None
        }

    def diary(self) -> dict[str, JSON]:
        """The pages: what the server has, with what this phone has not sent yet."""
        pages: dict[str, JSON] = self.all("entry")
        for entry, draft in self.confirmed.pages.items():
            lay(pages, entry, draft)
        for item in self.outbox:
            if item.kind == "entry":
                lay(pages, item.thing, item.data if item.op == "put" else None)
        return pages

    def version(self, thing: str) -> int:
        """What the phone knows of the version of a thing, of a report by its `run_key`."""
        known_of = {thing: data for kind in VERSIONED for thing, data in self.all(kind).items()}
        known_of |= {run_key(slot): told for slot, told in self.all("run_report").items()}
        shown: int = known_of.get(thing, {}).get("version", 0)
        known = self.confirmed.versions.get(thing, shown)
        return max(shown, known) if known else 0

    # Pull.

    def to_pull(self, limit: int | None = None) -> JSON:
        """What to ask."""
        asked: JSON = {"locale": self.locale, "kinds_version": self.kinds_version}
        if self.cursor is not None:
            asked["cursor"] = self.cursor
        if limit is not None:
            asked["limit"] = limit
        return asked

    def pulled(self, answer: JSON) -> bool:
        """Apply a page; whether it was the last one."""
        for space in answer["spaces"]:
            self._change_space(space)
        for change in answer["changes"]:
            things = self.arriving.get(change["space"])
            things = self.things.setdefault(change["space"], {}) if things is None else things
            things[change["kind"], change["id"]] = Thing(change.get("data"), change["seq"])
            if change["kind"] == "entry" and change["space"] not in self.arriving:
                self.confirmed.has_come(change["id"], change.get("data"))
            elif change["kind"] == "run_report":
                self.confirmed.versions.pop(run_key(change["id"]), None)
            elif change["kind"] == "attendance":  # like a report, it leaves no grave
                self.confirmed.versions.pop(change["id"], None)
        self.cursor = answer["cursor"]
        if answer["complete"]:
            self._settle()
        return bool(answer["complete"])

    def forget_cursor(self) -> None:
        """After `bad_cursor`: pull from nothing, and keep what is there until that is complete."""
        self.cursor = None
        self._unnamed = set(self.spaces)

    def _change_space(self, space: JSON) -> None:
        number = space["id"]
        self._unnamed.discard(number)
        if space["state"] == "left":
            self._drop(number)
            return
        before = self.spaces.get(number)
        if before is not None:  # said to be new, or to be replaced: what is there stays until all has come
            self.arriving[number] = {}
            self._restored |= before["kind"] == "person" and before["epoch"] != space["epoch"]
        elif (
            space["kind"] == "person" and self.confirmed.pages
        ):  # pushed before the first pull, perhaps to another server
            self.arriving[number] = {}
            self._restored = True
        self.spaces[number] = space

    def _drop(self, space: int) -> None:
        for kept in (self.spaces, self.things, self.arriving):
            kept.pop(space, None)

    def _settle(self) -> None:
        """All has come: replace what was to be replaced, and push again what a restore has lost."""
        for space in self._unnamed:
            self._drop(space)
        self._unnamed = set()
        before, arrived = self._own(), self.arriving
        self.things.update(arrived)
        self.arriving = {}
        if self._restored:
            self._restored = False
            self.confirmed.forget()
            self._push_again(before, self._own())
        for things in arrived.values():
            for thing in [thing for kind, thing in things if kind == "entry"]:
                self.confirmed.has_come(thing, things["entry", thing].data)

    def _own(self) -> dict[str, Thing]:
        """The pages, gone ones included, as the server has confirmed them."""
        own = {
            thing: found
            for things in self.things.values()
            for (kind, thing), found in things.items()
            if kind == "entry"
        }
        return self.confirmed.laid_over(own, self.version)

    def _push_again(self, before: dict[str, Thing], after: dict[str, Thing]) -> None:
        """Say again what this phone knows later of its own diary than a restore put back.

        Deleted again is only what was deleted on this phone: a page that is not shown any more may be hidden for another reason.
        """
        waiting, self.outbox = self.outbox, []
        for entry, kept in before.items():
            if any(item.thing == entry and item.kind == "entry" for item in waiting):
                continue
            now = after.get(entry, Thing(None, 0))
            if kept.data is not None:
                self._say_again(entry, kept.data, now, kept.seq > now.seq)
        for entry, version in self.confirmed.graves.items():
            now = after.get(entry, Thing(None, 0))
            if now.data is not None and version > now.data["version"] and entry not in {item.thing for item in waiting}:
                self._add("entry", entry, "delete", None)
        for item in waiting:
            if item.kind != "slot" and item.base is not None:
                item.base = min(item.base, self.version(item.key))
        self.outbox += waiting

    def _say_again(self, entry: str, kept: JSON, now: Thing, later: bool) -> None:
        if now.data is None and now.seq and not later:
            return  # deleted by another phone after the restore
        held = now.data or {}
        if differ(kept, held) and (later or kept["version"] >= held.get("version", 0)):
            self._add("entry", entry, "put", said(kept))
        if later and kept.get("shared_with") != held.get("shared_with"):
            if "shared_with" not in kept:
                self.take_back(entry)
            elif kept.get("shared_version", kept["version"]) == kept["version"]:  # else another text was shared
                self._add("reflection", entry, "put", {"shared_with": kept["shared_with"]}).seen = kept["text"]

    # Push.

    def to_push(self) -> JSON | None:
        """What to send; None when there is nothing."""
        items = batch(self.outbox)
        return {"mutations": [item.wire() for item in items]} if items else None

    def pushed(self, answer: JSON) -> None:
        """Note what became of each."""
        self.retry_after = 0
        sent = {item.sent["mutation_id"]: item for item in self.outbox if item.sent}
        for result in answer["results"]:
            if (item := sent.get(result.get("mutation_id"))) is None:
                continue
            if result["status"] == "later":
                self.retry_after = max(self.retry_after, result["retry_after"])
                item.put_off += 1
                continue
            self.outbox.remove(item)
            getattr(self, f"_{result['status']}")(item, result)
            following = next((later for later in self.outbox if later.key == item.key), None)
            if following is not None and following.base is None:
                following.base = 0 if item.unsays else result.get("version", item.base)

    def _applied(self, item: Item, result: JSON) -> None:
        self.confirmed.applied(item, result)

    def _duplicate(self, item: Item, result: JSON) -> None:
        """Its answer was lost. A version that is higher than the next one says that another text was overtaken: see the revisions."""
        self._applied(item, result)
        if item.sent and item.op == "put" and result.get("version", 0) > item.sent["base_version"] + 1:
            self.noticed.append(result)

    def _conflict(self, item: Item, result: JSON) -> None:
        """A page: both texts are kept. A share of a text that was overtaken, or a slot: the person decides anew."""
        if "version" in result:
            self._applied(item, result)
        elif "version" in (now := result.get("current") or {"version": 0}):  # else nothing is there any more
            self.confirmed.versions[item.key] = now["version"]
        if item.kind == "reflection" and result["current"]["text"] == item.seen:
            self.outbox.insert(0, item.anew(item.data, result["current"]["version"]))
        else:
            self.noticed.append(result)

    def _rejected(self, item: Item, result: JSON) -> None:
        """Final, but a text is never thrown away: without what it was about it may be taken, and else it stays here."""
        about = {"slot", "prompt"} & (item.data or {}).keys()
        if item.kind == "entry" and item.data and about and result["problem"]["code"] == "not_of_this_exchange":
            self.outbox.insert(0, item.anew({k: v for k, v in item.data.items() if k not in about}, item.base))
        else:
            shares = [later for later in self.outbox if later.shares(item)]
            self.outbox = [later for later in self.outbox if later not in shares]
            self.refused += [(refused, result) for refused in (item, *shares)]
