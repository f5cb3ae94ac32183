"""The part of the story about people: who has heard it, who was there, and whom to call."""

from datetime import datetime
from typing import Any

import httpx

from yema.demo.tour.asking import expect, items, made, ok, read, read_in, refused
from yema.demo.tour.scene import Scene, Slot
from yema.demo.tour.words import ALLERGIES, ANNOUNCED

CONTACT = {"name": "Ewa", "phone": "+48 000 000 103"}


class Care:
    """A leader and the own group."""

    def __init__(self, scene: Scene, leader: httpx.Client, participant: httpx.Client, slot: Slot) -> None:
        self.scene, self.leader, self.participant, self.slot = scene, leader, participant, slot
        self.group, self.me = scene.group_of(leader), read(participant, "/me")["id"]

    def take(self) -> None:
        """Tell, mark, take along."""
        told = self._announce()
        self._see(told)
        self._who_has_not(told)
        self._mark()
        self._fill_in()
        self._sheets()
        self._opened()

    def _announce(self) -> str:
        title, text = ANNOUNCED["en"]
        told = made(self.leader, self.scene.of("announcements"), {"title": title, "text": text, "locale": "en"})
        if (locale := self.scene.locale) in ANNOUNCED and locale != "en":
            words = dict(zip(("title", "text"), ANNOUNCED[locale], strict=True))
            answer = self.leader.put(
                f"/announcements/{told['id']}/texts/{locale}",
                json=words,
                headers={"if-match": f'"{told["version"]}"'},
            )
            told = ok(answer).json()
        lines = [f"{title}: {text}", f"to {told['recipients']} people, in {', '.join(told['locales'])}"]
        self.scene.show("leader", "announces", lines)
        return str(told["id"])

    def _see(self, told: str) -> None:
        found = {one["id"]: one for one in items(self.participant, self.scene.of("announcements"))}
        expect(told in found, "The participant reads what was announced.")
        title, text = ANNOUNCED.get(self.scene.locale, ANNOUNCED["en"])
        expect((found[told]["title"], found[told]["text"]) == (title, text), "It is in the participant's language.")
        ok(self.participant.post(f"/announcements/{told}/seen"), 204)
        self.scene.show("participant", "has seen it", [f"{title}: {text}"], found[told]["locale"])

    def _who_has_not(self, told: str) -> None:
        came = read_in(self.leader, f"/announcements/{told}/acknowledgement", self.scene.locale)
        seen = [one["person"] for one in came["people"] if "seen_at" in one]
        missing = came["recipients"] - came["seen"]
        expect(seen == [self.me] and missing > 0, "The leader sees who has seen it, and who has not.")
        expect(came["sent"] >= came["shown"] >= came["seen"], "What was seen was shown, and what was shown was sent.")
        reminded = ok(self.leader.post(f"/announcements/{told}/reminders")).json()["people"]
        expect(reminded == missing, "Those are reminded who have not seen it.")
        lines = [came["summary"], f"{reminded} reminded"]
        self.scene.show("leader", "sees who has not, and reminds them", lines, self.scene.locale)

    def _mark(self) -> None:
        members = items(self.leader, self.scene.of("members?limit=200"))
        mine = [m for m in members if (m.get("group"), m["role"], m["state"]) == (self.group, "participant", "active")]
        marks = [{"person": m["person"], "state": "late" if m["person"] == self.me else "present"} for m in mine]
        register = ok(self.leader.put(f"/slots/{self.slot['id']}/attendance", json={"marks": marks})).json()
        said = {mark["person"]: mark["state"] for mark in register["marks"]}
        expect(all(said[mark["person"]] == mark["state"] for mark in marks), "The marks are kept.")
        there = (
            f"{register['present']} there, Kaja late; nothing said yet of {len(register['unmarked'])} of other groups"
        )
        self.scene.show("leader", "marks who was there", [self.scene.line(self.slot), there])

    def _fill_in(self) -> None:
        sheet = {"contacts": [CONTACT], "allergies": ALLERGIES[self.scene.written]}
        ok(self.participant.put(self.scene.of("emergency-sheet"), json=sheet), 201)
        lines = [f"{CONTACT['name']}, {CONTACT['phone']}", sheet["allergies"]]
        self.scene.show("participant", "fills in an emergency sheet", map(str, lines), self.scene.written)

    def _sheets(self) -> None:
        path = self.scene.of(f"groups/{self.group}/emergency-sheets")
        people = items(self.leader, path)
        with_sheet = [one for one in people if "sheet" in one]
        mine = [one["sheet"]["allergies"] for one in with_sheet if one["person"] == self.me]
        expect(mine == [ALLERGIES[self.scene.written]], "The own leader reads the sheet.")
        page = ok(self.leader.get(f"{path}.html"))
        expect(page.headers["cache-control"] == "private, no-store", "The page for the printer is kept by no cache.")
        others = [group["id"] for group in items(self.leader, self.scene.of("groups")) if group["id"] != self.group]
        for other in others:
            closed = self.scene.of(f"groups/{other}/emergency-sheets")
            refused(self.leader, closed, "Sheets of another group are not there for this leader.")
        lines = [_sheet_line(one) for one in with_sheet]
        without = f"{len(people) - len(with_sheet)} of {len(people)} have none yet"
        lines += [without, f"those of the {len(others)} other groups: 404"]
        self.scene.show("leader", "takes the emergency sheets of the own group along", lines)

    def _opened(self) -> None:
        opened = items(self.participant, self.scene.of("emergency-sheet/openings"))
        me = read(self.leader, "/me")
        expect([one["by"] for one in opened] == [me["id"]], "The participant is shown who has opened the sheet.")
        day = datetime.fromisoformat(opened[0]["at"]).date()
        self.scene.show("participant", "is shown who opened it", [f"{opened[0]['display_name']}, {day}"])


def _sheet_line(member: dict[str, Any]) -> str:
    sheet = member["sheet"]
    return f"{member['display_name']}: {sheet['contacts'][0]['phone']}; {sheet.get('allergies', '-')}"
