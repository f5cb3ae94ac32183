"""The story of four people against a running server that holds the demo, each step with what that person sees."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from yema.accounts.actions.email import DEMO_CODE
from yema.demo.screen import Screen
from yema.ids import uuid7

WORDS = {
    "pl": "Dziś nad jeziorem zrozumiałam, że nie muszę mówić bez błędów, żeby ktoś mnie usłyszał.",
    "en": "At the lake today I understood that I need not speak without mistakes to be heard.",
    "de": "Heute am See habe ich verstanden, dass ich nicht fehlerfrei sprechen muss, um gehört zu werden.",
    "uk": "Сьогодні на озері до мене дійшло: щоб мене почули, не обов'язково говорити без помилок.",
    "ar": "اليوم عند البحيرة فهمتُ أنّني لا أحتاج إلى الكلام بلا أخطاء كي يسمعني الآخرون.",
}
ANSWERS = {
    "pl": "Dziękuję, że nam o tym piszesz. Kto Cię wtedy usłyszał? Powiedz tej osobie o tym jutro.",
    "en": "Thank you for trusting us with this. Who was it that listened to you? Tell them tomorrow.",
    "de": "Danke, dass du uns das anvertraust. Wer hat dir zugehört? Sag es der Person morgen.",
    "uk": "Дякую, що ділишся цим з нами. Хто тебе почув? Скажи про це завтра тій людині.",
    "ar": "شكرًا لثقتكم بنا. من الذي أصغى إليكم؟ أخبروه بذلك غدًا.",
}

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""No proxy is asked for these, whatever the environment names."""


class TourFailed(Exception):
    """A step was not as it should be; a sentence."""


class Tour:
    """The demo's people, each with a client of their own."""

    def __init__(self, url: str, locale: str, screen: Screen) -> None:
        self.url = url.rstrip("/")
        self.locale = locale
        self.screen = screen
        self.venues: dict[str, str] = {}
        self.exchange: dict[str, Any] = {}

    def walk(self) -> None:
        """Go through the whole story. Raises `TourFailed` at the first step that is not as it should be."""
        leader, coordinator, stranger = (
            self._sign_in(f"{who}@demo.example") for who in ("leader", "coordinator", "stranger")
        )
        self.exchange = self._items(leader, "/exchanges")[0]
        participant = self._join(leader)
        self.venues = {v["id"]: v["name"] for v in self._items(participant, self._of("venues"))}
        slots = self._today(participant)
        self._activity(participant, slots)
        entry = self._reflect(participant)
        self._answer(coordinator, entry)
        before, moved = self._move(leader)
        self._hear(participant, entry, before, moved)
        self._nothing(stranger, entry, moved)

    @property
    def _written(self) -> str:
        """The language in which the story's people write."""
        return self.locale if self.locale in WORDS else "en"

    def fresh_join_code(self) -> Any:
        """A join code for whoever reads the terminal."""
        leader = self._sign_in("leader@demo.example")
        self.exchange = self._items(leader, "/exchanges")[0]
        return self._made(leader, self._of("join-codes"), {})

    def _join(self, leader: httpx.Client) -> httpx.Client:
        code = self._made(leader, self._of("join-codes"), {"uses_max": 1})
        self.screen.step(
            "leader", "makes a join code", [f"code {code['code']}", f"for one person, until {code['expires_at'][:10]}"]
        )
        client = self._client()
        person = {"code": code["code"], "display_name": "Kaja", "locale": self.locale, "born": "2010-03"}
        joined = self._made(client, "/sign-in/join", person)
        client.headers["authorization"] = f"Bearer {joined['tokens']['access_token']}"
        self._expect(joined["membership"]["state"] == "pending", "Whoever joins by a code waits for approval.")
        self._refused(client, self._of("itinerary"), "Who waits for approval sees nothing yet.")
        self.screen.step(
            "participant",
            "joins by the code",
            ["Kaja, waiting for approval", f"recovery code {joined['recovery_code']}"],
        )
        waiting = [m for m in self._items(leader, self._of("members?limit=200")) if m["person"] == joined["person"]]
        self._expect(len(waiting) == 1, "The leader sees who waits.")
        self._ok(leader.patch(self._of(f"members/{waiting[0]['id']}"), json={"state": "active"}))
        self.screen.step("leader", "approves", [f"{waiting[0]['display_name']} is in"])
        return client

    def _today(self, participant: httpx.Client) -> list[dict[str, Any]]:
        itinerary = self._read(participant, self._of("itinerary"))
        today = datetime.now(ZoneInfo(itinerary["zone"])).date()
        slots: list[dict[str, Any]] = next(
            (d["slots"] for d in itinerary["days"] if date.fromisoformat(d["date"]) == today), []
        )
        self._expect(len(slots) >= 5, "Today is in the middle of the exchange.")
        self.screen.step("participant", f"sees today ({today}, {self.locale})", map(self._line, slots), self.locale)
        return slots

    def _line(self, slot: dict[str, Any]) -> str:
        word = "" if slot["state"] == "planned" else f"  [{slot['state']}]"
        hours = f"{slot['starts_at'][11:16]}-{slot['ends_at'][11:16]}"
        return f"{hours}  {slot.get('title', slot['kind'])}, {self.venues.get(slot.get('venue', ''), '')}{word}"

    def _activity(self, participant: httpx.Client, slots: list[dict[str, Any]]) -> None:
        chosen = next((s["activity"] for s in slots if "activity" in s), None)
        self._expect(chosen is not None, "There is an activity today.")
        activity = self._read(participant, f"/activities/{chosen}")
        self.screen.step("participant", "reads an activity", _excerpt(activity), activity["locale"])

    def _reflect(self, participant: httpx.Client) -> str:
        entry = f"/journal/entries/{uuid7()}"
        locale = self._written
        draft = {"exchange": self.exchange["id"], "text": WORDS[locale], "locale": locale, "mood": 4}
        self._ok(participant.put(entry, json=draft), 201)
        view = self._ok(participant.put(f"{entry}/sharing", json={"shared_with": "coordinators"})).json()
        self._expect(view["text"] == draft["text"], "The author reads what they wrote.")
        self.screen.step(
            "participant",
            "writes, and shares it with the coordinators",
            [view["text"], f"mood {view['mood']} of 5"],
            locale,
        )
        return str(view["id"])

    def _answer(self, coordinator: httpx.Client, entry: str) -> None:
        shared = [r for r in self._items(coordinator, self._of("reflections")) if r["id"] == entry]
        self._expect(len(shared) == 1, "The coordinator sees what was shared.")
        self.screen.step(
            "coordinator", f"reads {shared[0]['display_name']}'s reflection", [shared[0]["text"]], shared[0]["locale"]
        )
        answer = self._made(coordinator, f"/reflections/{entry}/feedback", {"text": ANSWERS[self._written]})
        self.screen.step("coordinator", "answers", [answer["text"]])

    def _move(self, leader: httpx.Client) -> tuple[dict[str, Any], dict[str, Any]]:
        plan = self._read(leader, self._of("itinerary?view=plan"))
        today = datetime.now(ZoneInfo(plan["zone"])).date().isoformat()
        slots = next(d["slots"] for d in plan["days"] if d["date"] == today)
        outdoors = [
            s for s in slots if s["kind"] == "activity" and s["audience"]["kind"] == "all" and s["state"] != "cancelled"
        ]
        before = max(outdoors, key=lambda s: s["starts_at"])
        taken = {s.get("venue") for s in slots if _overlap(s, before)}
        free = next(
            venue for venue, name in self.venues.items() if venue not in taken and ("hall" in name or "Lake" in name)
        )
        response = self._ok(
            leader.patch(f"/slots/{before['id']}", json={"venue": free}, headers={"if-match": f'"{before["version"]}"'})
        )
        stale = leader.patch(
            f"/slots/{before['id']}", json={"venue": free}, headers={"if-match": f'"{before["version"]}"'}
        )
        self._expect(stale.status_code == 412, "A second leader with the old version is told so.")
        release = self._made(leader, self._of("releases"), {})
        self._expect(before["id"] in release["difference"]["moved"], "The release tells that the slot was moved.")
        self.screen.step(
            "leader",
            "moves a slot because of rain, and releases the change",
            [self._line(before), f"-> {self._line(response.json())}"],
        )
        return before, response.json()

    def _hear(self, participant: httpx.Client, entry: str, before: dict[str, Any], moved: dict[str, Any]) -> None:
        answers = self._items(participant, f"/reflections/{entry}/feedback")
        self._expect([a["text"] for a in answers] == [ANSWERS[self._written]], "The participant reads the answer.")
        slot = self._read(participant, f"/slots/{moved['id']}")
        self._expect(
            (slot["venue"], slot["state"]) == (moved["venue"], "moved"), "The participant sees the moved slot."
        )
        self._expect(slot["venue"] != before.get("venue"), "It is somewhere else now.")
        lines = [f"{answers[0]['display_name']}: {answers[0]['text']}", self._line(slot)]
        self.screen.step("participant", "sees the answer and the moved slot", lines, self.locale)

    def _nothing(self, stranger: httpx.Client, entry: str, moved: dict[str, Any]) -> None:
        paths = (
            self._of("itinerary"),
            self._of("members"),
            f"/slots/{moved['id']}",
            f"/journal/entries/{entry}",
            f"/reflections/{entry}",
        )
        for path in paths:
            self._refused(stranger, path, "A stranger finds nothing there.")
        seen = self._items(stranger, "/exchanges")
        self._expect(self.exchange["id"] not in [e["id"] for e in seen], "A stranger does not see the exchange.")
        refusals = [f"{stranger.get(path).status_code}  /api/v1{_short(path)}" for path in paths]
        self.screen.step(
            "stranger", "finds nothing of it", [*refusals, f"sees only: {', '.join(e['title'] for e in seen)}"]
        )

    # How the tour talks to the server.

    def _client(self, locale: str = "") -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.url}/api/v1",
            timeout=30,
            headers={"accept-language": locale or self.locale},
            trust_env=httpx.URL(self.url).host not in LOOPBACK,
        )

    def _sign_in(self, email: str) -> httpx.Client:
        client = self._client("en")
        asked = self._ok(client.post("/sign-in/email", json={"email": email}), 202).json()
        tokens = client.post("/sign-in/email/confirm", json={"challenge": asked["challenge"], "code": DEMO_CODE})
        self._expect(tokens.status_code == 200, f"{email} can sign in: does {self.url} hold the demo?")
        client.headers["authorization"] = f"Bearer {tokens.json()['access_token']}"
        return client

    def _of(self, path: str) -> str:
        return f"/exchanges/{self.exchange['id']}/{path}"

    def _read(self, client: httpx.Client, path: str) -> Any:
        return self._ok(client.get(path)).json()

    def _items(self, client: httpx.Client, path: str) -> list[Any]:
        return self._read(client, path)["items"]  # type: ignore[no-any-return]

    def _made(self, client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
        return self._ok(client.post(path, json=body, headers={"idempotency-key": uuid4().hex}), 201).json()

    def _refused(self, client: httpx.Client, path: str, sentence: str) -> None:
        self._expect(client.get(path).status_code == 404, sentence)

    def _ok(self, response: httpx.Response, status: int = 200) -> httpx.Response:
        request = f"{response.request.method} {response.request.url.path}"
        self._expect(response.status_code == status, f"{request} should answer {status}, not {response.status_code}.")
        return response

    def _expect(self, true: bool, sentence: str) -> None:
        if not true:
            raise TourFailed(sentence)


def _excerpt(activity: dict[str, Any]) -> Iterator[str]:
    yield f"{activity['title']}  ({activity['minutes_min']}-{activity['minutes_max']} min)"
    yield activity["summary"]
    for block in [b for b in activity["blocks"] if b["kind"] == "step"][:2]:
        yield f"{block.get('minutes', '')} min  {block['text']}"
    for block in [b for b in activity["blocks"] if b["kind"] == "question"][:2]:
        yield f"? {block['text']}"


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["starts_at"] < other["ends_at"] and other["starts_at"] < one["ends_at"])


def _short(path: str) -> str:
    return "/".join(f"{part[:8]}…" if len(part) == 36 else part for part in path.split("/"))
