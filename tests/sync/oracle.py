"""What should be true: an exchange as plain objects in memory. It knows nothing of numbers, epochs, cursors or a database.

It answers two questions: what becomes of a mutation (`push`), and what a person must see, nothing more and nothing less (`sees`).
"""

import json
from dataclasses import dataclass, replace

from tests.sync.facts import JSON, LEADING, Answer, Member, Page, Slot
from tests.sync.promises import Promises
from tests.sync.sees import Sees

ABOUT = ("kind", "titles", "audience", "groups", "people", "responsible")


@dataclass
class Result:
    """What became of a mutation. `texts` is what `current` must say of a page, `known` which version it must have."""

    status: str
    version: int | None = None
    code: str | None = None
    text: str | None = None
    known: int | None = None
    recorded: bool = False


class Refused(Exception):
    """A mutation that has no effect, and the problem's code."""


class Oracle(Sees, Promises):
    """One exchange."""

    def push(self, person: str, mutation: JSON) -> Result:
        """What must become of it, and make it so."""
        key, said = (person, mutation["mutation_id"]), json.dumps(mutation, sort_keys=True)
        if key in self.done:
            before, version = self.done[key]
            return Result("duplicate", version) if said == before else Result("rejected", code="mutation_changed")
        act = getattr(self, f"_{mutation['op']}_{mutation['kind']}")
        try:
            result: Result = act(person, mutation["id"], mutation["base_version"], mutation.get("data"))
        except Refused as refused:
            code = str(refused)
            return Result("later" if code == "waits_for_approval" else "rejected", code=code)
        if result.recorded:
            self.writes += 1
            self.done[key] = said, result.version or 0
        return result

    def _put_entry(self, person: str, entry: str, base: int, draft: JSON) -> Result:
        self._here(person)
        if draft.get("slot") and draft["slot"] not in self.plan:
            raise Refused("not_of_this_exchange")
        page = self.pages.setdefault(entry, Page(person))
        if page.author != person:
            raise Refused("id_taken")
        before = page.texts.get(page.version)
        page.version += 1
        page.texts[page.version] = draft
        page.deleted = False
        if page.version - 1 == base or before is None or _says(before) == _says(draft):
            return Result("applied", page.version, recorded=True)
        return Result("conflict", page.version, text=before["text"], known=page.version - 1, recorded=True)

    def _delete_entry(self, person: str, entry: str, base: int, _: None) -> Result:
        page = self.pages.get(entry)
        if page and page.author == person and page.deleted:
            return Result("applied", page.version)
        page = self._own(person, entry)
        if page.version != base:
            return self._stale_page(page)
        page.version += 1
        page.texts, page.deleted, page.shared = {}, True, None
        self.answers = {key: answer for key, answer in self.answers.items() if answer.page != entry}
        return Result("applied", page.version, recorded=True)

    def _put_reflection(self, person: str, entry: str, base: int, draft: JSON) -> Result:
        page, member = self._own(person, entry), self._here(person)
        shared_with = draft["shared_with"]
        if shared_with != "coordinators" and member.group is None:
            raise Refused("no_group")
        if page.version != base:
            return self._stale_page(page)
        kinds = {"leader": "group_leaders", "group": "group"}
        circle = (kinds[shared_with], member.group) if member.group and shared_with in kinds else None
        page.shared = shared_with, circle or ("exchange_coordinators", self.exchange), page.version
        return Result("applied", page.version, recorded=True)

    def _delete_reflection(self, person: str, entry: str, base: int, _: None) -> Result:
        page = self._own(person, entry)
        if page.shared is None:
            raise Refused("not_shared")
        page.shared = None
        return Result("applied", page.version, recorded=True)

    def _put_slot(self, person: str, slot: str, base: int, draft: JSON) -> Result:
        if base:
            return self._change_slot(person, slot, base, draft)
        self._must_lead(self._here(person))
        self._check_belongs(draft)
        if slot in self.plan:
            raise Refused("id_taken")
        planned = Slot(draft["kind"], {}, draft["starts_at"], draft["ends_at"])
        self.plan[slot] = self._changed(planned, person, draft)
        return Result("applied", 1, recorded=True)

    def _change_slot(self, person: str, slot: str, base: int, change: JSON) -> Result:
        planned = self._planned(person, slot)
        self._check_belongs(change)
        if planned.version != base:
            return Result("conflict", known=planned.version)
        if planned.state == "cancelled":
            raise Refused("slot_cancelled")
        self.plan[slot] = replace(self._changed(planned, person, change), version=base + 1)
        return Result("applied", base + 1, recorded=True)

    def _delete_slot(self, person: str, slot: str, base: int, _: None) -> Result:
        planned = self._planned(person, slot)
        if planned.version != base:
            return Result("conflict", known=planned.version)
        if planned.state == "cancelled":
            raise Refused("slot_cancelled")
        self.plan[slot] = replace(planned, state="cancelled", version=base + 1)
        return Result("applied", base + 1, recorded=True)

    def _here(self, person: str) -> Member:
        member = self.members[person]
        if member.state != "active":
            raise Refused("waits_for_approval" if member.state == "pending" else "not_found")
        return member

    def _must_lead(self, member: Member) -> None:
        if member.role not in LEADING:
            raise Refused("leaders_only")

    def _planned(self, person: str, slot: str) -> Slot:
        if slot not in self.plan:
            raise Refused("not_found")
        self._must_lead(self._here(person))
        return self.plan[slot]

    def _own(self, person: str, entry: str) -> Page:
        page = self.pages.get(entry)
        if page is None or page.author != person or page.deleted:
            raise Refused("not_found")
        return page

    def _stale_page(self, page: Page) -> Result:
        return Result("conflict", text=page.texts[page.version]["text"], known=page.version)

    def _check_belongs(self, draft: JSON) -> None:
        audience = draft.get("audience") or {}
        for person in [*audience.get("people", []), *(draft.get("responsible") or [])]:
            if self.members[person].state != "active":
                raise Refused("not_of_this_exchange")

    def _changed(self, slot: Slot, person: str, change: JSON) -> Slot:
        new: JSON = {name: change[name] for name in ("kind", "starts_at", "ends_at", "venue") if name in change}
        if "title" in change:
            new["titles"] = {**slot.titles, change.get("locale", self.people[person].locale): change["title"]}
        if "audience" in change:
            audience = change["audience"]
            new |= {"audience": audience["kind"], "groups": [], "people": []}
            if audience["kind"] != "all":
                new[audience["kind"]] = sorted(set(audience[audience["kind"]]))
        if "responsible" in change:
            new["responsible"] = sorted(set(change["responsible"]))
        return replace(slot, **new)

    def release_plan(self) -> dict[str, list[str]]:
        """What has to be told, by the word for it. Empty where nothing has changed."""
        words: dict[str, list[str]] = {"new": [], "moved": [], "changed": [], "cancelled": []}
        for key, slot in self.plan.items():
            before = self.told.get(key)
            word = _word(slot, before)
            if word is None:
                continue
            words[word].append(key)
            stays_moved = before is not None and before.state == "moved" and slot.state != "cancelled"
            self.told[key] = replace(slot, state="moved") if word == "moved" or stays_moved else slot
        if any(words.values()):
            self.release += 1
            self.writes += 1
            return words
        return {}

    def go(self, person: str) -> None:
        """Leave, or be sent away: what they shared goes with them."""
        self.members[person].state = "left"
        self._withdraw(person, for_good=True)

    def move(self, person: str, group: str) -> None:
        """To another group: what was shared with the old one stays behind for nobody."""
        if self.members[person].group != group:
            self._withdraw(person, for_good=False)
        self.members[person].group = group
        self.writes += 1

    def join_again(self, person: str, role: str, group: str) -> None:
        """By a code; somebody has to admit them."""
        self.members[person] = Member(self.members[person].id, role, group, "pending")
        self.writes += 1

    def admit(self, person: str) -> None:
        self.members[person].state = "active"
        self.writes += 1

    def answer(self, key: str, page: str, by: str, text: str) -> None:
        """Answer what was shared, in the circle where it is."""
        shared = self.pages[page].shared
        assert shared is not None
        self.answers[key] = Answer(page, by, shared[1], text)
        self.writes += 1

    def _withdraw(self, person: str, *, for_good: bool) -> None:
        self.writes += 1
        for page in self.pages.values():
            if page.author == person and page.shared and (for_good or page.shared[1][0] in ("group", "group_leaders")):
                page.shared = None


def _says(draft: JSON) -> JSON:
    """What two versions of a page can differ in."""
    return {field: value for field, value in draft.items() if field not in ("exchange", "written_at")}


def _word(slot: Slot, before: Slot | None) -> str | None:
    if before is None:
        return None if slot.state == "cancelled" else "new"
    if slot.state == "cancelled":
        return None if before.state == "cancelled" else "cancelled"
    if (slot.starts_at, slot.ends_at, slot.venue) != (before.starts_at, before.ends_at, before.venue):
        return "moved"
    return None if all(getattr(slot, name) == getattr(before, name) for name in ABOUT) else "changed"
