"""Phones that push lists of mixed mutations, and know exactly what has to come of each."""

import random
from collections.abc import Iterable
from typing import Any, NamedTuple

import httpx

from tests import make
from tests.faults.people import Somebody
from yema.ids import now, uuid7

JSON = dict[str, Any]
LIST = 8
"""Mutations in one push."""


class Page:
    """What the server has to hold of a page: all its texts, and which of them is shared."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.shared: int | None = None
        self.kept = False
        """Not to be deleted: a delete of it was refused, and would not be when it is sent again."""

    @property
    def version(self) -> int:
        return len(self.texts)


class Step(NamedTuple):
    """A mutation, and what it must be answered with. Once it was `carried_out`, it is a duplicate."""

    mutation: JSON
    status: str
    version: int | None
    carried_out: bool = True

    def told(self, *, before: bool = False) -> tuple[str, str, int | None]:
        """The answer when it comes for the first time, or when it was carried out `before`."""
        name: str = self.mutation["mutation_id"]
        return (name, "duplicate" if before and self.carried_out else self.status, self.version)


class Diary:
    """A diary as it has to be once all that was ever planned for it is done; plans go through all that a phone can push."""

    def __init__(self, somebody: Somebody, seed: int) -> None:
        self.somebody = somebody
        self.pages: dict[str, Page] = {}
        self.first_lines = 0
        self.carried_out = 0
        """Mutations that are remembered, each of which has touched the person's space once."""
        self.shares: list[tuple[str, int]] = []
        self.seen_by_others = 0
        """How often the coordinators' space was touched."""
        self._chance = random.Random(seed)

    def plan(self, count: int) -> list[Step]:
        """The next mutations."""
        return [self._next() for _ in range(count)]

    def first_line(self) -> tuple[str, JSON]:
        """A page that is written without a mutation: its id, and the body of its request."""
        self.first_lines += 1
        page = str(uuid7())
        draft = make.entry(self.somebody.exchange, f"The first line of {page}")
        self.pages[page] = Page()
        self.pages[page].texts.append(draft["text"])
        return page, draft

    def _next(self) -> Step:
        acts = [self._write, self._write, self._revise, self._revise, self._revise_blindly, self._share, self._share]
        acts += [self._take_back, self._delete, self._delete_blindly]
        while (step := self._chance.choice(acts)()) is None:
            pass
        self.carried_out += step.carried_out
        return step

    def _some(self, which: Iterable[str]) -> str | None:
        pages = list(which)
        return self._chance.choice(pages) if pages else None

    def _write(self) -> Step | None:
        return self._put(str(uuid7()), stale=False)

    def _revise(self) -> Step | None:
        page = self._some(self.pages)
        return self._put(page, stale=False) if page else None

    def _revise_blindly(self) -> Step | None:
        """From an older version than is there: it is written, and the phone is shown what it overtook."""
        page = self._some(self.pages)
        return self._put(page, stale=True) if page else None

    def _put(self, name: str, *, stale: bool) -> Step:
        page = self.pages.setdefault(name, Page())
        base = page.version - stale
        page.texts.append(f"What I thought the {page.version + 1}. time as {name}. {'Dear diary. ' * 20}")
        data = make.entry(self.somebody.exchange, page.texts[-1])
        return Step(_mutation("entry", name, "put", base, data), "conflict" if stale else "applied", page.version)

    def _share(self) -> Step | None:
        name = self._some(self.pages)
        if name is None:
            return None
        page = self.pages[name]
        page.shared = page.version
        self.shares.append((name, page.version))
        self.seen_by_others += 1
        data = {"shared_with": "coordinators"}
        return Step(_mutation("reflection", name, "put", page.version, data), "applied", page.version)

    def _take_back(self) -> Step | None:
        name = self._some(name for name, page in self.pages.items() if page.shared)
        if name is None:
            return None
        page = self.pages[name]
        page.shared = None
        self.seen_by_others += 1
        return Step(_mutation("reflection", name, "delete", page.version), "applied", page.version)

    def _delete(self) -> Step | None:
        name = self._some(name for name, page in self.pages.items() if not page.kept)
        if name is None:
            return None
        page = self.pages.pop(name)
        self.seen_by_others += page.shared is not None
        return Step(_mutation("entry", name, "delete", page.version), "applied", page.version + 1)

    def _delete_blindly(self) -> Step | None:
        """From an older version than is there: refused."""
        name = self._some(self.pages)
        if name is None:
            return None
        page = self.pages[name]
        page.kept = True
        mutation = _mutation("entry", name, "delete", page.version - 1)
        return Step(mutation, "conflict", None, carried_out=False)


def _mutation(kind: str, thing: str, op: str, base: int, data: JSON | None = None) -> JSON:
    named = {"mutation_id": str(uuid7()), "kind": kind, "id": thing, "op": op}
    said = {**named, "base_version": base, "made_at": now().isoformat()}
    return said if data is None else {**said, "data": data}


class Pushing:
    """A phone that pushes a list, and pushes the same again where the answer was lost."""

    def __init__(self, somebody: Somebody, seed: int) -> None:
        self.diary = Diary(somebody, seed)
        self.acknowledged = 0
        self.duplicates = 0
        self._headers = {"authorization": f"Bearer {somebody.token}"}
        self._first: tuple[str, JSON] | None = None
        self._last: list[Step] = []
        self._was_answered = True

    @property
    def has_pushed(self) -> bool:
        return bool(self._last)

    def push(self, client: httpx.Client) -> None:
        """The next list, or the last one again. Raises `httpx.TransportError` where there is no answer."""
        if self._first is None or not (self._was_answered or self._last):
            self._write_first_line(client)
            return
        if self._was_answered:
            self._last = self.diary.plan(LIST)
            self._was_answered = False
            self._check(self._send(client), done=0)
        else:
            self.push_again(client)
        self._was_answered = True

    def push_again(self, client: httpx.Client) -> None:
        """The last list, as a phone that did not hear: what was carried out are the first ones of it, and all where it was answered."""
        told = self._send(client)
        done = len(self._last) if self._was_answered else self._carried_out(told)
        self._check(told, done)
        self._was_answered = True

    def settle(self, client: httpx.Client) -> None:
        """Whatever is still unanswered."""
        if not self._was_answered:
            self.push(client)

    def _send(self, client: httpx.Client) -> list[tuple[str, str, int | None]]:
        body = {"mutations": [step.mutation for step in self._last]}
        answer = client.post("/sync/push", json=body, headers=self._headers)
        assert answer.status_code == 200, answer.text
        return [(r["mutation_id"], r["status"], r.get("version")) for r in answer.json()["results"]]

    def _carried_out(self, told: list[tuple[str, str, int | None]]) -> int:
        """How many steps, counted from the first, the server had reached when it was killed."""
        return max((n for n, (_, status, _) in enumerate(told, 1) if status == "duplicate"), default=0)

    def _check(self, told: list[tuple[str, str, int | None]], done: int) -> None:
        expected = [step.told(before=n < done) for n, step in enumerate(self._last)]
        assert told == expected
        self.duplicates += sum(status == "duplicate" for _, status, _ in told)
        if not self._was_answered:
            self.acknowledged += sum(step.carried_out for step in self._last)

    def _write_first_line(self, client: httpx.Client) -> None:
        """By the other door. A phone that did not hear looks whether the page is there."""
        if self._first is None:
            self._first = self.diary.first_line()
            self._was_answered = False
            found = False
        else:
            found = client.get(f"/journal/entries/{self._first[0]}", headers=self._headers).status_code == 200
        if not found:
            page, draft = self._first
            answer = client.put(f"/journal/entries/{page}", json=draft, headers=self._headers)
            assert answer.status_code == 201, answer.text
        self._was_answered = True
        self.acknowledged += 1
