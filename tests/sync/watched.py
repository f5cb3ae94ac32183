"""A phone that is watched: what the server says to it is compared with what the oracle says."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.phone import Carried, Phone, skewed
from tests.sync.facts import JSON, Circle, Key, Known
from tests.sync.oracle import Oracle, Result

NEWER = ("venue", "feedback", "prompt")
_FIELDS = {
    "me": ("display_name", "locale"),
    "exchange": ("title", "role"),
    "group": ("name",),
    "member": ("person", "display_name", "role", "state", "group"),
    "venue": ("name",),
    "prompt": ("text", "locale"),
    "slot": ("kind", "title", "title_locale", "responsible", "venue", "state", "version"),
    "entry": ("exchange", "text", "slot", "version", "shared_with", "shared_version"),
    "reflection": ("person", "text", "version", "shared_with"),
    "feedback": ("reflection", "by", "text"),
    "pack": (),
}
_FIELDS["released_slot"] = _FIELDS["slot"]


BECAME: Counter[str] = Counter()
"""What became of how many mutations in this process."""


class Watched(Carried):
    """`pages_since` are the oracle's counts of writes when each page of the present pull came."""

    def __init__(self, client: httpx.AsyncClient, oracle: Oracle, person: str, minutes: float) -> None:
        self._clock: Callable[[], datetime] = skewed(minutes)
        super().__init__(client, Phone(kinds_version=1, clock=self._clock))
        self.oracle, self.person = oracle, person
        self._writes_seen: list[int] = []

    def begin_anew(self) -> None:
        self.phone = Phone(self.phone.locale, self.phone.kinds_version, self._clock)
        self._writes_seen = []

    async def send(self, asked: JSON) -> Any:
        """Send a push; the answer."""
        answer = await self._ask("/sync/push", asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _ask(self, path: str, body: Any) -> httpx.Response:
        answer = await super()._ask(path, body)
        if path == "/sync/push" and answer.status_code == 200:
            results = answer.json()["results"]
            assert len(results) == len(body["mutations"])
            for mutation, result in zip(body["mutations"], results, strict=True):
                assert result["mutation_id"] == mutation["mutation_id"]
                expected = self.oracle.push(self.person, mutation)
                BECAME[f"{mutation['op']} {mutation['kind']} {result['status']}"] += 1
                _compare_result(mutation, result, expected)
                self.oracle.promise(mutation, result)
        return answer

    async def pull_page(self, limit: int | None = None, *, lose_answer: bool = False) -> bool:
        complete = await super().pull_page(limit, lose_answer=lose_answer)
        if lose_answer:
            return False
        self._writes_seen.append(self.oracle.writes)
        if complete:
            # A page is of one moment, and there are three rounds: what is written in a third gap may come with the next pull.
            whole = len(set(self._writes_seen)) <= 3
            self._writes_seen = []
            self.check(whole=whole)
        return complete

    def check(self, *, whole: bool) -> None:
        """What this phone holds is what its person must see."""
        expected = self.oracle.sees(self.person, self.phone.locale)
        held = self._held()
        assert held.keys() <= expected.keys(), f"holds spaces that are not theirs: {held.keys() - expected.keys()}"
        if not whole:
            return
        for circle, things in expected.items():
            must = {key: view for key, view in things.items() if self.phone.kinds_version > 1 or key[0] not in NEWER}
            has = held.get(circle, {})
            assert has.keys() == must.keys(), (
                circle,
                "missing",
                must.keys() - has.keys(),
                "too much",
                has.keys() - must.keys(),
            )
            for key, view in must.items():
                assert has[key] == view, (circle, key, "holds", has[key], "instead of", view)

    def check_diary(self) -> None:
        """What this phone shows of its person's diary, when it has said everything."""
        if self.phone.outbox:
            return
        pages = {
            key: (page.texts[page.version]["text"], page.version)
            for key, page in self.oracle.pages.items()
            if page.author == self.person and not page.deleted
        }
        shown = {key: (page["text"], self.phone.version(key)) for key, page in self.phone.diary().items()}
        assert shown == pages, ("shows", shown, "instead of", pages)

    def confirmed(self) -> Known:
        """The pages as this phone knows them from the server, and those that were deleted on it; not what it is about to change."""
        writing = {item.thing for item in self.phone.outbox if item.kind == "entry"}
        waiting = {item.thing for item in self.phone.outbox}
        own = {key: thing.data for key, thing in self.phone._own().items()}
        pages = [(key, page["text"], page["version"]) for key, page in own.items() if page and key not in writing]
        gone = [(key, None, 0) for key in self.phone.confirmed.graves if not own.get(key) and key not in waiting]
        return [*pages, *gone]

    def closed(self) -> set[str]:
        """The pages of which this phone knows that they are not shared, and about which it has nothing to say."""
        waiting = {item.thing for item in self.phone.outbox}
        own = self.phone._own().items()
        return {key for key, page in own if key not in waiting and page.data and "shared_with" not in page.data}

    def waiting(self) -> list[str]:
        """The texts that this phone has to say, or was told that it cannot."""
        items = [*self.phone.outbox, *(item for item, _ in self.phone.refused)]
        return [item.data["text"] for item in items if item.kind == "entry" and item.data]

    def _held(self) -> dict[Circle, dict[Key, JSON]]:
        """By circle; where two spaces of one kind are held, one of them is too much."""
        circles = dict(self.oracle.circles(self.person))
        held: dict[Circle, dict[Key, JSON]] = {}
        for number, space in self.phone.spaces.items():
            circle = space["kind"], circles.get(space["kind"], "nobody's")
            assert circle not in held, f"holds two spaces {space['kind']}"
            things = self.phone.things.get(number, {})
            held[circle] = {
                key: _essential(key[0], thing.data) for key, thing in things.items() if thing.data is not None
            }
        assert self.phone.things.keys() <= self.phone.spaces.keys()
        return held


def _compare_result(mutation: JSON, result: JSON, expected: Result) -> None:
    current = result.get("current") or {}
    problem = result.get("problem") or {}
    said = Result(
        result["status"],
        result.get("version"),
        None if result["status"] == "conflict" else problem.get("code"),
        current.get("text"),
        current.get("version"),
        expected.recorded,
    )
    assert said == expected, (mutation, "became", result, "instead of", expected)


def _essential(kind: str, data: JSON) -> JSON:
    view = {field: data.get(field) for field in _FIELDS[kind]}
    if kind == "me":
        fields = ("role", "state", "group")
        view["memberships"] = [{field: one.get(field) for field in fields} for one in data["memberships"]]
    if kind in ("slot", "released_slot"):
        for field in ("starts_at", "ends_at"):
            view[field] = datetime.fromisoformat(data[field]).astimezone(UTC).isoformat()
        audience = data["audience"]
        view["audience"] = {field: audience.get(field, []) for field in ("groups", "people")} | {
            "kind": audience["kind"]
        }
    return view
