"""Where the story plays: the exchange, its venues, its day, and the language of its reader."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from yema.demo.screen import Screen
from yema.demo.tour.asking import read
from yema.demo.tour.words import WORDS

Slot = dict[str, Any]


class Scene:
    """What the steps share."""

    def __init__(self, url: str, locale: str, screen: Screen) -> None:
        self.url = url.rstrip("/")
        self.locale = locale
        self.screen = screen
        self.venues: dict[str, str] = {}
        self.exchange: dict[str, Any] = {}

    @property
    def written(self) -> str:
        """The language in which the story's people write."""
        return self.locale if self.locale in WORDS else "en"

    def of(self, path: str) -> str:
        """An address in the exchange."""
        return f"/exchanges/{self.exchange['id']}/{path}"

    def group_of(self, person: httpx.Client) -> Any:
        """The group in which somebody is here."""
        memberships = read(person, "/me")["memberships"]
        return next(one["group"] for one in memberships if one["exchange"] == self.exchange["id"])

    def show(self, who: str, does: str, sees: Iterable[str], locale: str = "en") -> None:
        """One step, on the screen."""
        self.screen.step(who, does, sees, locale)

    def today(self) -> date:
        return datetime.now(ZoneInfo(self.exchange["zone"])).date()

    def slots_today(self, slots: Iterable[Slot]) -> list[Slot]:
        """Those that start today, in their order."""
        today = [slot for slot in slots if datetime.fromisoformat(slot["starts_at"]).date() == self.today()]
        return sorted(today, key=lambda slot: (slot["starts_at"], slot["id"]))

    def line(self, slot: Slot) -> str:
        """A slot, as a programme shows it."""
        word = "" if slot["state"] == "planned" else f"  [{slot['state']}]"
        hours = f"{slot['starts_at'][11:16]}-{slot['ends_at'][11:16]}"
        return f"{hours}  {slot.get('title', slot['kind'])}, {self.venues.get(slot.get('venue', ''), '')}{word}"
