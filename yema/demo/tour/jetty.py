"""The part of the story on the jetty: somebody needs help, and somebody comes. No lock screen says who, or why."""

from collections.abc import Callable
from functools import partial

import httpx

from yema.demo.tour.asking import expect, items, made, ok, read_in
from yema.demo.tour.inbox import Line, becomes, finds, line, unseen
from yema.demo.tour.scene import Scene
from yema.demo.tour.words import HELP


class Jetty:
    """A participant alone, and a leader of their group."""

    def __init__(self, scene: Scene, leader: httpx.Client, participant: httpx.Client) -> None:
        self.scene, self.leader, self.participant = scene, leader, participant

    def slip(self) -> None:
        """Asked, heard, taken, over."""
        request = self._ask()
        self.hear(request)
        self._come(request)
        self._over(request)

    def _ask(self) -> str:
        asked = made(self.participant, self.scene.of("help-requests"), {"text": HELP[self.scene.written]})
        self.scene.show("participant", "asks for help", [asked["text"]], self.scene.written)
        return str(asked["id"])

    def hear(self, request: str) -> None:
        """The leader is told, and not of whom."""
        told = finds(self.leader, "help", _about(request), "The leader hears that somebody needs help.")
        locked = next(one for one in self._leaders_inbox() if one["id"] == told["id"])
        [asked] = [one for one in items(self.leader, self.scene.of("help-requests")) if one["id"] == request]
        name = asked["display_name"]
        expect(asked["text"] == HELP[self.scene.written], "The own leader reads what it is about.")
        expect(
            name not in line(told) and asked["text"] not in line(told), "No lock screen says who needs help, or why."
        )
        lines = [line(locked), f"{name}: {asked['text']}"]
        self.scene.show("leader", "hears it without a name, and reads the rest in the app", lines, self.scene.locale)

    def _leaders_inbox(self) -> list[Line]:
        """In the language of whoever reads the terminal."""
        return read_in(self.leader, "/notifications?unseen=true", self.scene.locale)["items"]  # type: ignore[no-any-return]

    def _come(self, request: str) -> None:
        taken = ok(self.leader.put(f"/help-requests/{request}/taken")).json()
        expect("taken_at" in taken, "The leader is on the way.")
        told = finds(self.participant, "help_taken", _about(request), "The participant hears that somebody is coming.")
        self.scene.show("participant", "hears that somebody is coming", [line(told)], self.scene.locale)

    def _over(self, request: str) -> None:
        ok(self.participant.put(f"/help-requests/{request}/closed"), 204)
        self.is_quiet(request)
        self.scene.show("participant", "says that it is over", ["nobody's inbox speaks of it any more"])

    def is_quiet(self, request: str) -> None:
        """Whoever has not seen it need not see it any more."""
        for client in (self.leader, self.participant):
            becomes(partial(_quiet, client, request), "What is over is in nobody's inbox.")


def _quiet(client: httpx.Client, request: str) -> bool:
    return not any(map(_about(request), unseen(client)))


def _about(request: str) -> Callable[[Line], bool]:
    """Whether a line is about this request for help."""
    return lambda one: one["about"].get("request") == request
