"""The part of the story in the rain: a leader sees what may go wrong, moves the evenings of the group, tells it, and takes it back."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from yema.demo.tour.asking import expect, made, ok, read, read_in
from yema.demo.tour.scene import Scene, Slot

LATER = timedelta(minutes=30)
_SHOWN_MAX = 4


class Rain:
    """A leader, standing, with one hand. It leaves the plan as it was, and everybody told so."""

    def __init__(self, scene: Scene, leader: httpx.Client, participant: httpx.Client) -> None:
        self.scene, self.leader, self.participant = scene, leader, participant

    def fall(self) -> None:
        """The warnings; the evenings moved, looked at, told; taken back."""
        self._warnings()
        before = self._evening()
        moved = self._change(before, LATER)
        self._preview(moved)
        number = self._release(before, moved)
        self._hear(moved, "hears of it")
        self._undo(number, before)
        self._change(moved, -LATER)

    def _warnings(self) -> None:
        found = read_in(self.leader, self.scene.of("warnings"), self.scene.locale)["items"]
        expect(len(found) > 0, "The leader sees what may go wrong with the plan.")
        told = self.participant.get(self.scene.of("warnings")).json()
        expect(told["code"] == "leaders_only", "Only leaders see what may go wrong.")
        lines = [warning["detail"] for warning in found[:_SHOWN_MAX]]
        self.scene.show("leader", "sees in the rain what may go wrong", lines, self.scene.locale)

    def _evening(self) -> Slot:
        """The last of the evenings that the leader's group has."""
        group = self.scene.group_of(self.leader)
        days = read(self.leader, self.scene.of("itinerary?view=plan"))["days"]
        evenings = [
            slot
            for day in days
            for slot in day["slots"]
            if "series" in slot and group in slot["audience"].get("groups", []) and slot["state"] != "cancelled"
        ]
        expect(len(evenings) > 0, "The group's reflection comes again in the evening.")
        return max(evenings, key=lambda slot: slot["starts_at"])

    def _change(self, slot: Slot, by: timedelta) -> Slot:
        """Move the slot, and with it all of its series that are not over."""
        starts = datetime.fromisoformat(slot["starts_at"]) + by
        answer = self.leader.patch(
            f"/slots/{slot['id']}?scope=all",
            json={"starts_at": starts.isoformat()},
            headers={"if-match": f'"{slot["version"]}"'},
        )
        moved: Slot = ok(answer).json()
        expect(datetime.fromisoformat(moved["starts_at"]) == starts, "The evening is moved.")
        return moved

    def _preview(self, moved: Slot) -> None:
        difference = read_in(self.leader, self.scene.of("releases/preview"), self.scene.locale)
        expect(moved["id"] in difference["moved"], "The preview says that the evening is moved.")
        told = read(self.participant, f"/slots/{moved['id']}")
        expect(told["starts_at"] != moved["starts_at"], "Nobody hears of it before the release.")
        lines = [_difference(detail) for detail in difference["details"][:_SHOWN_MAX]]
        self.scene.show(
            "leader", "moves the evenings by half an hour, and looks before telling", lines, self.scene.locale
        )

    def _release(self, before: Slot, moved: Slot) -> int:
        release = made(self.leader, self.scene.of("releases"), {})
        details = {detail["slot"]: detail for detail in release["difference"]["details"]}
        fields = {field["field"]: field for field in details.get(moved["id"], {"fields": []})["fields"]}
        times = (fields.get("starts_at", {}).get(when) for when in ("before", "after"))
        expect([*times] == [before["starts_at"], moved["starts_at"]], "The release says from when to when.")
        difference = release["difference"]
        numbers = ", ".join(f"{len(difference[word])} {word}" for word in ("new", "moved", "changed", "cancelled"))
        lines = [f"release {release['number']}: {numbers}", *map(_difference, details.values())]
        self.scene.show("leader", "releases that", lines[: _SHOWN_MAX + 1])
        return int(release["number"])

    def _hear(self, slot: Slot, does: str) -> None:
        told = read(self.participant, f"/slots/{slot['id']}")
        expect(_begins(told) == _begins(slot), "The participant sees when the evening begins.")
        line = f"{told['starts_at'][:10]}  {self.scene.line(told)}"
        self.scene.show("participant", does, [line], self.scene.locale)

    def _undo(self, number: int, before: Slot) -> None:
        undone = made(self.leader, self.scene.of(f"releases/{number}/undo"), {})
        expect(undone["undoes"] == number, "The release is undone by another one.")
        again = self.leader.post(self.scene.of(f"releases/{number}/undo"))
        expect(again.json()["code"] == "not_the_newest_release", "What is undone is not undone twice.")
        lines = [f"release {undone['number']} takes back release {number}", "the plan itself stays as it was edited"]
        self.scene.show("leader", "undoes it: the other groups keep their hour", lines)
        self._hear(before, "hears that all is as it was")


def _begins(slot: Slot) -> datetime:
    return datetime.fromisoformat(slot["starts_at"])


def _difference(detail: dict[str, Any]) -> str:
    """A slot of a release: under which word, and from when to when where that is different."""
    line = f"{detail['word']}: {detail.get('title', '')}"
    times = [field for field in detail["fields"] if field["field"] == "starts_at" and "before" in field]
    return line + "".join(f"  {_day_and_hour(field['before'])} -> {field['after'][11:16]}" for field in times)


def _day_and_hour(instant: str) -> str:
    return f"{instant[:10]} {instant[11:16]}"
