"""The part of the story at the desk: who is eligible, the programme on paper, and a calendar that follows it."""

import re
from html import unescape

import httpx

from yema.demo.tour.asking import LOOPBACK, expect, made, ok, read, read_in
from yema.demo.tour.scene import Scene, Slot
from yema.i18n import is_right_to_left

_ROWS_SHOWN = 3


class Office:
    """The coordinator; and the participant's parents, who have only an address."""

    def __init__(self, scene: Scene, coordinator: httpx.Client, participant: httpx.Client) -> None:
        self.scene, self.coordinator, self.participant = scene, coordinator, participant

    def open(self, moved: Slot) -> None:
        """`moved` is the slot that the rain has moved."""
        self._eligible()
        self._print(moved)
        self._calendar(moved)

    def _eligible(self) -> None:
        found = read_in(self.coordinator, self.scene.of("eligibility"), self.scene.locale)
        kept = [rule for rule in found["rules"] if rule.get("holds")]
        missed = [rule for rule in found["rules"] if rule.get("holds") is False]
        expect(len(kept) > 0, "The programme's rules are looked at one by one.")
        lines = [f"{len(kept)} of {len(found['rules'])} rules of {found['rules_of']} hold"]
        lines += [f"{rule['title']}: {rule['detail']}" for rule in missed]
        lines += [
            f"{way['name']}: {way.get('distance_km', '?')} km, {'green' if way.get('green') else 'not green'}"
            for way in found["travel"]
        ]
        self.scene.show("coordinator", "asks who is eligible", lines, self.scene.locale)

    def _print(self, moved: Slot) -> None:
        path = self.scene.of(f"programme.html?day={self.scene.today()}")
        answer = ok(self.coordinator.get(path, headers={"accept-language": self.scene.locale}))
        page, language = answer.text, answer.headers["content-language"]
        direction = "rtl" if is_right_to_left(language) else "ltr"
        expect(f'<html lang="{language}" dir="{direction}">' in page, "The page says its language, and how it runs.")
        rows = [_words(row) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)]
        venue = self.scene.venues[moved["venue"]]
        expect(any(venue in row for row in rows), "The page says where the slot is now.")
        expect("<script" not in page, "The page runs no scripts.")
        head = _words(re.findall(r"<h2>.*?</h2>", page)[0])
        lines = [head, *rows[:_ROWS_SHOWN], f"{len(rows)} lines on paper"]
        self.scene.show("coordinator", "prints the programme of today", lines, self.scene.locale)

    def _calendar(self, moved: Slot) -> None:
        path = made(self.participant, "/me/calendar", {})["calendar_url"]
        expect(read(self.participant, "/me")["calendar_url"] == path, "The address is shown again.")
        with httpx.Client(timeout=30, trust_env=httpx.URL(self.scene.url).host not in LOOPBACK) as anybody:
            answer = ok(anybody.get(self.scene.url + path))
            expect(answer.headers["content-type"].startswith("text/calendar"), "It is a calendar.")
            event = _event(answer.text, moved["id"])
            expect(self.scene.venues[moved["venue"]] in event.get("LOCATION", ""), "The calendar shows the new place.")
            expect(int(event.get("SEQUENCE", "0")) > 1, "A calendar sees that it was changed.")
            made(self.participant, "/me/calendar", {})
            expect(anybody.get(self.scene.url + path).status_code == 404, "A renewed address ends the old one.")
        lines = [
            f"{event['SUMMARY']}, {event['LOCATION']}",
            f"SEQUENCE {event['SEQUENCE']}, for whoever has the address",
            "renewed: the old address is 404",
        ]
        self.scene.show("participant", "finds the moved slot in the calendar", lines, self.scene.locale)


def _words(html: str) -> str:
    """The text of a piece of the page, on one line."""
    boxed = re.sub(r'<bdi class="kind">(.*?)</bdi>', r"(\1)", html)
    spaced = re.sub(r"</(?:th|p)>|<p[^>]*>", "  ", boxed)
    return re.sub(r"\s{2,}", "  ", unescape(re.sub(r"<[^>]*>", "", spaced))).strip()


def _event(calendar: str, slot: str) -> dict[str, str]:
    """The lines of the event with this id, by their names (RFC 5545: a line that begins with a blank goes on)."""
    lines = calendar.replace("\r\n ", "").split("\r\n")
    events = "\n".join(lines).split("BEGIN:VEVENT\n")[1:]
    found = next((event for event in events if slot in event), "")
    expect(bool(found), "The slot is in the calendar.")
    pairs = (line.partition(":") for line in found.split("\n") if ":" in line)
    return {name.partition(";")[0]: value.replace("\\,", ",").replace("\\;", ";") for name, _, value in pairs}
