"""The part of the story in people's pockets: how somebody wants to be told, and a leader who cannot make up their mind."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx

from yema.demo.tour.asking import expect, items, made, ok, read
from yema.demo.tour.inbox import finds, line, unseen
from yema.demo.tour.scene import Scene, Slot
from yema.ids import now

_MINUTES = (45, 15, 30, 0)
"""By how much the slot is moved, each time. The last three are released within a moment; the plan is then as it was."""
_NOT_SOON = timedelta(hours=4)
"""What is moved later than this is told at once, and each time."""
MINUTES_BEFORE = 30


class Pockets:
    """A participant with two phones, and a leader with one."""

    def __init__(self, scene: Scene, leader: httpx.Client, one: httpx.Client, two: httpx.Client) -> None:
        self.scene, self.leader, self.participant, self.second = scene, leader, one, two

    def fill(self) -> None:
        """Devices; a choice; one move that is read, three that become one line."""
        self._register()
        self._choose()
        slot = self._tomorrow()
        begins = _begins(slot)
        slot, [first] = self._move(slot, begins, _MINUTES[:1])
        self._read(first)
        _, numbers = self._move(slot, begins, _MINUTES[1:])
        self.find_the_sum(numbers)

    def _register(self) -> None:
        kaja, marta = read(self.participant, "/me"), read(self.leader, "/me")
        self._put(self.participant, kaja, "android", uuid4())
        self._put(self.second, kaja, "ios", uuid4())
        # Kaja is somebody new each time; the leader's phone is the same one, however often this tour is walked.
        self._put(self.leader, marta, "ios", uuid5(UUID(marta["id"]), "phone"))
        mine = {one["platform"] for one in items(self.participant, "/me/devices")}
        expect(mine == {"android", "ios"}, "The participant's phones are known.")
        lines = [
            f"{kaja['display_name']}: android and ios; {marta['display_name']}: ios",
            "this demo has no push keys: nothing rings, and the inbox says what would be told",
        ]
        self.scene.show("participant", "wants to be told on two phones, the leader on one", lines)

    def _put(self, client: httpx.Client, me: dict[str, Any], platform: str, device: UUID) -> None:
        draft = {
            "platform": platform,
            "channel": "fcm",
            "token": f"tour-{device}",
            "locale": me["locale"],
            "zone": self.scene.exchange["zone"],
        }
        ok(client.put(f"/me/devices/{device}", json=draft))

    def _choose(self) -> None:
        answer = self.participant.put("/notifications/preferences", json={"minutes_before": MINUTES_BEFORE})
        chosen = ok(answer).json()
        expect(chosen["minutes_before"] == MINUTES_BEFORE, "What was chosen is kept.")
        always = [kind["title"] for kind in chosen["kinds"] if kind["certain"]]
        expect(len(always) > 0, "Some things are always told.")
        quiet = f"quiet from {chosen['quiet_from']} until {chosen['quiet_until']}"
        lines = [f"{MINUTES_BEFORE} minutes before something begins; {quiet}; these always come at once:", *always]
        self.scene.show("participant", "chooses how to be told", lines, self.scene.locale)

    def _tomorrow(self) -> Slot:
        """The first activity for all that nobody has to hurry for."""
        days = read(self.leader, self.scene.of("itinerary?view=plan"))["days"]
        later = [
            slot
            for day in days
            for slot in day["slots"]
            if (slot["kind"], slot["audience"]["kind"]) == ("activity", "all") and slot["state"] != "cancelled"
            if day["date"] > self.scene.today().isoformat() and _begins(slot) > now() + _NOT_SOON
        ]
        expect(len(later) > 0, "There is an activity after today.")
        return min(later, key=_begins)

    def _move(self, slot: Slot, begins: datetime, minutes: tuple[int, ...]) -> tuple[Slot, list[int]]:
        """Have it begin so much later, and release that, one after the other; the slot, and the numbers of the releases."""
        numbers, hours = [], []
        for late in minutes:
            starts = begins + timedelta(minutes=late)
            body, match = {"starts_at": starts.isoformat()}, {"if-match": f'"{slot["version"]}"'}
            slot = ok(self.leader.patch(f"/slots/{slot['id']}", json=body, headers=match)).json()
            numbers.append(made(self.leader, self.scene.of("releases"), {})["number"])
            hours.append(f"{starts:%H:%M}")
        often = "has second thoughts, three times in a moment"
        does = "moves an activity of another day" if len(minutes) == 1 else often
        told = ", ".join(map(str, numbers))
        lines = [f"{begins.date()}  {slot.get('title', slot['kind'])} -> {' -> '.join(hours)}  (released: {told})"]
        self.scene.show("leader", does, lines)
        return slot, numbers

    def _read(self, number: int) -> None:
        """All that was told until now; seen on one phone, it is seen on the other."""
        finds(self.participant, "itinerary", lambda one: _until(one) == number, "The inbox says that it was moved.")
        told = unseen(self.participant)
        ok(self.participant.post("/notifications/seen", json={"until": told[0]["told_at"]}), 204)
        left = {one["id"] for one in unseen(self.second)}
        expect(not left & {one["id"] for one in told}, "What was seen on one phone is seen on the other.")
        lines = map(line, told)
        self.scene.show("participant", "reads the inbox; the other phone need not show it", lines, self.scene.locale)

    def find_the_sum(self, numbers: list[int]) -> None:
        """One line for these releases."""
        told = "The inbox says what three releases come to."
        found = finds(self.second, "itinerary", lambda one: _until(one) == numbers[-1], told)
        lines = [one for one in unseen(self.second) if one["kind"] == "itinerary"]
        expect(lines == [found], "Of three releases there is one line.")
        expect(found["about"]["since"] == str(numbers[0]), "It is the sum of all that was not seen.")
        self.scene.show("participant", "finds one line, which is their sum", [line(found)], self.scene.locale)


def _begins(slot: Slot) -> datetime:
    return datetime.fromisoformat(slot["starts_at"])


def _until(one: dict[str, Any]) -> int:
    """The last release that this line tells of."""
    return int(one["about"]["until"])
