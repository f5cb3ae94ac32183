"""The part of the story without a network: a bus, a tunnel, and a second phone."""

from datetime import datetime, timedelta

import httpx

from yema.demo.tour.asking import another_phone, expect, items, made, read
from yema.demo.tour.carried import CarriedPhone, counted, size
from yema.demo.tour.scene import Scene, Slot
from yema.demo.tour.words import ADDED, PAGES

LATER = timedelta(minutes=15)


class BusRide:
    """The way back from the lake. The participant and the leader sit in the same bus."""

    def __init__(self, scene: Scene, participant: httpx.Client, leader: httpx.Client) -> None:
        self.scene = scene
        self.one = CarriedPhone(participant, scene.locale)
        self.leaders = CarriedPhone(leader, "en")
        self.pages: list[str] = []

    def ride(self) -> str:
        """There and back; the page that was shared with the own leader."""
        self._take_along()
        self._write()
        supper = self._change_supper()
        self._send()
        self._release(supper)
        two = self._second_phone(supper)
        self._both(two)
        return self.pages[-1]

    def _take_along(self) -> None:
        self.one.pull()
        packs, pack_bytes = self.one.packs(self.scene.url)
        slots = self.one.phone.all("released_slot").values()
        today = self.scene.slots_today(slots)
        days = read(self.one.client, self.scene.of("itinerary"))["days"]
        online = next(day["slots"] for day in days if day["date"] == self.scene.today().isoformat())
        expect(today == self.scene.slots_today(online), "The phone shows the same day as the server.")
        [exchange] = self.one.phone.all("exchange").values()
        lines = [
            f"{exchange['title']}: {counted(len(slots), 'slot')}, {len(today)} of them today",
            f"{self.one.pulled}; the activities in {counted(packs, 'file')}, {size(pack_bytes)}",
        ]
        self.scene.show("participant", "takes everything along on the phone", lines)

    def _write(self) -> None:
        phone, locale = self.one.phone, self.scene.written
        self.pages = [phone.write(self.scene.exchange["id"], text, locale=locale) for text in PAGES[locale]]
        phone.share(self.pages[-1], "leader")
        expect(len(phone.outbox) == 4, "Three pages and a share wait on the phone.")
        online = {entry["id"] for entry in items(self.one.client, "/journal/entries")}
        expect(not online & set(self.pages), "What was written without a network is on the phone only.")
        lines = [*self._texts(self.one), "the last one is for the own leader; all of them wait on the phone"]
        self.scene.show("participant", "loses the network on the bus, and writes three pages", lines, locale)

    def _texts(self, carried: CarriedPhone) -> list[str]:
        diary = carried.phone.diary()
        return [diary[page]["text"] for page in self.pages if page in diary]

    def _change_supper(self) -> Slot:
        """A quarter of an hour later; back again where the tour is walked a second time."""
        self.leaders.pull()
        phone = self.leaders.phone
        meals = [slot for slot in self.scene.slots_today(phone.all("slot").values()) if slot["kind"] == "meal"]
        supper = meals[-1]
        starts = datetime.fromisoformat(supper["starts_at"])
        starts += LATER if starts.minute % 30 == 0 else -LATER
        phone.change(supper["id"], starts_at=starts.isoformat())
        lines = [self.scene.line(supper), f"-> {starts:%H:%M}, waits on the phone"]
        self.scene.show("leader", "moves a meal in a tunnel", lines)
        return {**supper, "starts_at": starts.isoformat()}

    def _send(self) -> None:
        became, again = self.one.push(), self.one.push_again()
        expect(became == ["applied"] * 4, "What was written on the bus is taken.")
        expect(again == ["duplicate"] * 4, "What is sent once more is not written once more.")
        lines = ["three pages and a share: 4 applied", "sent once more, as if no answer had come: 4 duplicates"]
        self.scene.show("participant", "has a network again", lines)

    def _release(self, supper: Slot) -> None:
        became = self.leaders.push()
        expect(became == ["applied"], "What the leader changed in the tunnel is taken.")
        release = made(self.leaders.client, self.scene.of("releases"), {})
        expect(supper["id"] in release["difference"]["moved"], "The release tells that supper was moved.")
        self.leaders.pull()
        told = self.leaders.phone.all("reflection").get(self.pages[-1], {})
        expect(told.get("text") == PAGES[self.scene.written][-1], "The leader reads what was shared.")
        seen = self.leaders.phone.all("slot")[supper["id"]]
        lines = [f"applied: {self.scene.line(seen)}", f"{told['display_name']}: {told['text']}"]
        self.scene.show("leader", "comes out of the tunnel, and releases the change", lines)

    def _second_phone(self, supper: Slot) -> CarriedPhone:
        client = another_phone(self.scene.url, self.scene.locale, self.one.client)
        two = CarriedPhone(client, self.scene.locale)
        for carried in (self.one, two):
            carried.pull()
            expect(self._texts(carried) == list(PAGES[self.scene.written]), "Both phones show the three pages.")
            slot = carried.phone.all("released_slot")[supper["id"]]
            expect(_begins(slot) == _begins(supper), "Both phones show when supper is.")
        lines = [
            *self._texts(two),
            self.scene.line(slot),
            f"the first phone heard of it in {size(self.one.bytes)}, the second of everything in {size(two.bytes)}",
        ]
        self.scene.show("participant", "sees all that on a second phone", lines, self.scene.locale)
        return two

    def _both(self, two: CarriedPhone) -> None:
        """The same page, on both phones, neither of which has a network."""
        page, locale = self.pages[1], self.scene.written
        texts = [f"{PAGES[locale][1]} {added}" for added in ADDED[locale]]
        for carried, text in zip((self.one, two), texts, strict=True):
            carried.phone.write(self.scene.exchange["id"], text, page, locale=locale)
        became = [*self.one.push(), *two.push()]
        expect(
            became == ["applied", "conflict"], "The second phone hears that it did not know of the first one's text."
        )
        revisions = items(two.client, f"/journal/entries/{page}/revisions")
        expect([r["text"] for r in revisions[:2]] == texts[::-1], "Both texts are kept.")
        lines = [*texts, "first phone: applied; second phone: conflict, which shows what it had not known of"]
        self.scene.show("participant", "goes on with one page on both phones; both texts are kept", lines, locale)


def _begins(slot: Slot) -> datetime:
    return datetime.fromisoformat(slot["starts_at"])
