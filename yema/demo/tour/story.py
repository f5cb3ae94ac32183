"""The story, from the join code to what a stranger finds."""

from collections.abc import Iterator
from typing import Any

import httpx

from yema.demo.screen import Screen
from yema.demo.tour.asking import another_phone, client_for, expect, items, made, ok, read, refused, sign_in, signed_in
from yema.demo.tour.bus import BusRide
from yema.demo.tour.care import Care
from yema.demo.tour.carried import CarriedPhone
from yema.demo.tour.jetty import Jetty
from yema.demo.tour.office import Office
from yema.demo.tour.pockets import Pockets
from yema.demo.tour.rain import Rain
from yema.demo.tour.scene import Scene, Slot
from yema.demo.tour.words import ANSWERS, WORDS
from yema.demo.tour.workshop import Workshop
from yema.ids import uuid7


class Tour:
    """The demo's people, each with a client of their own."""

    def __init__(self, url: str, locale: str, screen: Screen) -> None:
        self.scene = Scene(url, locale, screen)

    def walk(self) -> None:
        """Go through the whole story. Raises `TourFailed` at the first step that is not as it should be."""
        leader, coordinator, trainer, stranger = map(self._sign_in, ("leader", "coordinator", "trainer", "stranger"))
        self.scene.exchange = items(leader, "/exchanges")[0]
        participant = self._join(leader)
        self.scene.venues = {v["id"]: v["name"] for v in items(participant, self.scene.of("venues"))}
        slots = self._today(participant)
        self._activity(participant, slots)
        entry = self._reflect(participant)
        self._answer(coordinator, entry)
        before, moved = self._move(leader)
        self._hear(participant, entry, before, moved)
        Rain(self.scene, leader, participant).fall()
        second = another_phone(self.scene.url, self.scene.locale, participant)
        Pockets(self.scene, leader, participant, second).fill()
        done = next(slot for slot in slots if "activity" in slot)
        Care(self.scene, leader, participant, done).take()
        Jetty(self.scene, leader, participant).slip()
        Office(self.scene, coordinator, participant).open(moved)
        told = BusRide(self.scene, participant, leader).ride()
        Workshop(self.scene, trainer, leader, done).visit()
        self._nothing(stranger, entry, moved, told)

    def fresh_join_code(self) -> Any:
        """A join code for whoever reads the terminal."""
        leader = self._sign_in("leader")
        self.scene.exchange = items(leader, "/exchanges")[0]
        return made(leader, self.scene.of("join-codes"), {})

    def _sign_in(self, who: str) -> httpx.Client:
        return sign_in(self.scene.url, f"{who}@demo.example")

    def _join(self, leader: httpx.Client) -> httpx.Client:
        code = made(leader, self.scene.of("join-codes"), {"uses_max": 1})
        self.scene.show(
            "leader", "makes a join code", [f"code {code['code']}", f"for one person, until {code['expires_at'][:10]}"]
        )
        client = client_for(self.scene.url, self.scene.locale)
        person = {"code": code["code"], "display_name": "Kaja", "locale": self.scene.locale, "born": "2010-03"}
        joined = made(client, "/sign-in/join", person)
        signed_in(client, joined["tokens"])
        expect(joined["membership"]["state"] == "pending", "Whoever joins by a code waits for approval.")
        refused(client, self.scene.of("itinerary"), "Who waits for approval sees nothing yet.")
        self.scene.show(
            "participant",
            "joins by the code",
            ["Kaja, waiting for approval", f"recovery code {joined['recovery_code']}"],
        )
        waiting = [m for m in items(leader, self.scene.of("members?limit=200")) if m["person"] == joined["person"]]
        expect(len(waiting) == 1, "The leader sees who waits.")
        ok(leader.patch(self.scene.of(f"members/{waiting[0]['id']}"), json={"state": "active"}))
        self.scene.show("leader", "approves", [f"{waiting[0]['display_name']} is in"])
        return client

    def _today(self, participant: httpx.Client) -> list[Slot]:
        today = self.scene.today()
        days = read(participant, self.scene.of("itinerary"))["days"]
        slots: list[Slot] = next((d["slots"] for d in days if d["date"] == today.isoformat()), [])
        expect(len(slots) >= 5, "Today is in the middle of the exchange.")
        lines = map(self.scene.line, slots)
        self.scene.show("participant", f"sees today ({today}, {self.scene.locale})", lines, self.scene.locale)
        return slots

    def _activity(self, participant: httpx.Client, slots: list[Slot]) -> None:
        chosen = next((s["activity"] for s in slots if "activity" in s), None)
        expect(chosen is not None, "There is an activity today.")
        activity = read(participant, self.scene.of(f"activities/{chosen}"))
        self.scene.show("participant", "reads an activity", _excerpt(activity), activity["locale"])

    def _reflect(self, participant: httpx.Client) -> str:
        entry = f"/journal/entries/{uuid7()}"
        locale = self.scene.written
        draft = {"exchange": self.scene.exchange["id"], "text": WORDS[locale], "locale": locale, "mood": 4}
        ok(participant.put(entry, json=draft), 201)
        view = ok(participant.put(f"{entry}/sharing", json={"shared_with": "coordinators"})).json()
        expect(view["text"] == draft["text"], "The author reads what they wrote.")
        self.scene.show(
            "participant",
            "writes, and shares it with the coordinators",
            [view["text"], f"mood {view['mood']} of 5"],
            locale,
        )
        return str(view["id"])

    def _answer(self, coordinator: httpx.Client, entry: str) -> None:
        shared = [r for r in items(coordinator, self.scene.of("reflections")) if r["id"] == entry]
        expect(len(shared) == 1, "The coordinator sees what was shared.")
        self.scene.show(
            "coordinator", f"reads {shared[0]['display_name']}'s reflection", [shared[0]["text"]], shared[0]["locale"]
        )
        answer = made(coordinator, f"/reflections/{entry}/feedback", {"text": ANSWERS[self.scene.written]})
        self.scene.show("coordinator", "answers", [answer["text"]], self.scene.written)

    def _move(self, leader: httpx.Client) -> tuple[Slot, Slot]:
        days = read(leader, self.scene.of("itinerary?view=plan"))["days"]
        slots = next(d["slots"] for d in days if d["date"] == self.scene.today().isoformat())
        outdoors = [
            s for s in slots if s["kind"] == "activity" and s["audience"]["kind"] == "all" and s["state"] != "cancelled"
        ]
        before = max(outdoors, key=lambda s: s["starts_at"])
        taken = {s.get("venue") for s in slots if _overlap(s, before)}
        free = next(
            venue
            for venue, name in self.scene.venues.items()
            if venue not in taken and ("hall" in name or "Lake" in name)
        )
        response = ok(
            leader.patch(f"/slots/{before['id']}", json={"venue": free}, headers={"if-match": f'"{before["version"]}"'})
        )
        stale = leader.patch(
            f"/slots/{before['id']}", json={"venue": free}, headers={"if-match": f'"{before["version"]}"'}
        )
        expect(stale.status_code == 412, "A second leader with the old version is told so.")
        release = made(leader, self.scene.of("releases"), {})
        expect(before["id"] in release["difference"]["moved"], "The release tells that the slot was moved.")
        self.scene.show(
            "leader",
            "moves a slot because of rain, and releases the change",
            [self.scene.line(before), f"-> {self.scene.line(response.json())}"],
        )
        return before, response.json()

    def _hear(self, participant: httpx.Client, entry: str, before: Slot, moved: Slot) -> None:
        answers = items(participant, f"/reflections/{entry}/feedback")
        expect([a["text"] for a in answers] == [ANSWERS[self.scene.written]], "The participant reads the answer.")
        slot = read(participant, f"/slots/{moved['id']}")
        expect((slot["venue"], slot["state"]) == (moved["venue"], "moved"), "The participant sees the moved slot.")
        expect(slot["venue"] != before.get("venue"), "It is somewhere else now.")
        lines = [f"{answers[0]['display_name']}: {answers[0]['text']}", self.scene.line(slot)]
        self.scene.show("participant", "sees the answer and the moved slot", lines, self.scene.locale)

    def _nothing(self, stranger: httpx.Client, entry: str, moved: Slot, told: str) -> None:
        paths = (
            self.scene.of("itinerary"),
            self.scene.of("members"),
            f"/slots/{moved['id']}",
            f"/journal/entries/{entry}",
            f"/reflections/{entry}",
        )
        for path in paths:
            refused(stranger, path, "A stranger finds nothing there.")
        seen = items(stranger, "/exchanges")
        expect(self.scene.exchange["id"] not in [e["id"] for e in seen], "A stranger does not see the exchange.")
        phone = CarriedPhone(stranger, "en")
        phone.pull()
        expect(not phone.holds(self.scene.exchange["id"], moved["id"], entry, told), "Nor is it on a stranger's phone.")
        lines = [f"{stranger.get(path).status_code}  /api/v1{_short(path)}" for path in paths]
        lines += [f"the phone holds {phone.pulled}: none of it", f"sees only: {', '.join(e['title'] for e in seen)}"]
        self.scene.show("stranger", "finds nothing of it", lines)


def _excerpt(activity: dict[str, Any]) -> Iterator[str]:
    yield f"{activity['title']}  ({activity['minutes_min']}-{activity['minutes_max']} min)"
    yield activity["summary"]
    for block in [b for b in activity["blocks"] if b["kind"] == "step"][:1]:
        yield f"{block.get('minutes', '')} min  {block['text']}"
    for block in [b for b in activity["blocks"] if b["kind"] == "question"][:1]:
        yield f"? {block['text']}"


def _overlap(one: Slot, other: Slot) -> bool:
    return bool(one["starts_at"] < other["ends_at"] and other["starts_at"] < one["ends_at"])


def _short(path: str) -> str:
    return "/".join(f"{part[:8]}…" if len(part) == 36 else part for part in path.split("/"))
