"""What people see of an exchange."""

from typing import Any

from tests.sync.facts import JSON, LEADING, Circle, Facts, Key, Slot


class Sees(Facts):
    """Who is a reader of what, and what is there to read."""

    def circles(self, person: str) -> list[Circle]:
        """Whose readers this person is one of."""
        member = self.members[person]
        found = [("person", person), ("library", "public")]
        if member.state != "active":
            return found
        found.append(("exchange", self.exchange))
        if member.role in LEADING:
            found.append(("exchange_leaders", self.exchange))
        if member.role == "coordinator":
            found.append(("exchange_coordinators", self.exchange))
        if member.group:
            found.append(("group", member.group))
            if member.role == "leader":
                found.append(("group_leaders", member.group))
        return found

    def reflections_for(self, person: str) -> list[str]:
        """The pages that were shared with circles of this person."""
        circles = self.circles(person)
        return [key for key, page in self.pages.items() if page.shared and page.shared[1] in circles]

    def sees(self, person: str, locale: str) -> dict[Circle, dict[Key, JSON]]:
        """Everything that this person must see now, in this language."""
        wanted = (locale, self.people[person].locale)
        seen: dict[Circle, dict[Key, JSON]] = {circle: {} for circle in self.circles(person)}

        def show(circle: Circle, kind: str, key: str, view: JSON) -> None:
            if circle in seen:
                seen[circle][kind, key] = view

        self._show_person(person, show)
        self._show_exchange(person, wanted, show)
        self._show_plan(wanted, show)
        self._show_shared(show)
        return seen

    def _show_person(self, person: str, show: Any) -> None:
        own, human, member = ("person", person), self.people[person], self.members[person]
        here = [] if member.state == "left" else [{"role": member.role, "state": member.state, "group": member.group}]
        show(own, "me", person, {"display_name": human.name, "locale": human.locale, "memberships": here})
        for key, page in self.pages.items():
            if page.author == person and not page.deleted:
                said = page.texts[page.version]
                view = {
                    "exchange": self.exchange,
                    "text": said["text"],
                    "slot": said.get("slot"),
                    "version": page.version,
                }
                shared = {"shared_with": page.shared[0], "shared_version": page.shared[2]} if page.shared else {}
                show(own, "entry", key, {"shared_with": None, "shared_version": None, **view, **shared})
        for pack in self.packs:
            show(("library", "public"), "pack", pack, {})

    def _show_exchange(self, person: str, wanted: tuple[str, ...], show: Any) -> None:
        everybody, leaders = ("exchange", self.exchange), ("exchange_leaders", self.exchange)
        role = self.members[person].role
        show(everybody, "exchange", self.exchange, {"title": self.title, "role": role})
        for key, name in self.groups.items():
            show(everybody, "group", key, {"name": name})
        for (kind, key), view in self.fixed.items():
            show(everybody, kind, key, view)
        for key, texts in self.prompts.items():
            locale = _best(wanted, texts)
            show(everybody, "prompt", key, {"text": texts[locale], "locale": locale})
        for who, member in self.members.items():
            view = {"person": who, "display_name": self.people[who].name, "role": member.role}
            view |= {"state": member.state, "group": member.group}
            show(everybody if member.state == "active" else leaders, "member", member.id, view)

    def _show_plan(self, wanted: tuple[str, ...], show: Any) -> None:
        leaders = ("exchange_leaders", self.exchange)
        for key, slot in self.plan.items():
            show(leaders, "slot", key, _slot_view(slot, wanted))
        for key, slot in self.told.items():
            view = _slot_view(slot, wanted)
            for circle in [leaders, *self._told_to(slot)]:
                show(circle, "released_slot", key, view)

    def _told_to(self, slot: Slot) -> list[Circle]:
        if slot.audience == "all":
            return [("exchange", self.exchange)]
        people = {*slot.people, *slot.responsible}
        return [
            *(("group", group) for group in slot.groups),
            *(("person", person) for person in people if self.members[person].state == "active"),
        ]

    def _show_shared(self, show: Any) -> None:
        for key, page in self.pages.items():
            if page.shared:
                shared_with, circle, version = page.shared
                view = {"person": page.author, "text": page.texts[version]["text"], "version": version}
                show(circle, "reflection", key, {**view, "shared_with": shared_with})
        for key, answer in self.answers.items():
            page = self.pages[answer.page]
            view = {"reflection": answer.page, "by": answer.by, "text": answer.text}
            show(("person", page.author), "feedback", key, view)
            if page.shared and page.shared[1] == answer.circle:
                show(answer.circle, "feedback", key, view)


def _best(wanted: tuple[str, ...], texts: dict[str, str]) -> str:
    return next((tag for tag in wanted if tag in texts), next(iter(texts)))


def _slot_view(slot: Slot, wanted: tuple[str, ...]) -> JSON:
    locale = _best(wanted, slot.titles)
    view = {name: getattr(slot, name) for name in ("kind", "starts_at", "ends_at", "venue", "state", "version")}
    audience = {"kind": slot.audience, "groups": slot.groups, "people": slot.people}
    return {
        **view,
        "audience": audience,
        "responsible": slot.responsible,
        "title": slot.titles[locale],
        "title_locale": locale,
    }
