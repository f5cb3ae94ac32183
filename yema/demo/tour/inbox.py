"""Somebody's inbox, as the story looks at it."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from yema.demo.tour.asking import TourFailed, items

Line = dict[str, Any]

PATIENCE_SECONDS = 10.0
"""What happened is in the inbox within a second or so; a busy machine takes longer."""
_LOOK_SECONDS = 0.1


def unseen(client: httpx.Client) -> list[Line]:
    """What this person has not seen yet, the newest first."""
    return items(client, "/notifications?unseen=true")


def finds(client: httpx.Client, kind: str, is_it: Callable[[Line], bool], sentence: str) -> Line:
    """The line of that kind that is looked for, as soon as it is there. Raises `TourFailed` with the sentence."""
    found: list[Line] = []

    def there() -> bool:
        found[:] = [one for one in unseen(client) if one["kind"] == kind and is_it(one)]
        return bool(found)

    becomes(there, sentence)
    return found[0]


def becomes(true: Callable[[], bool], sentence: str) -> None:
    """Look until it is so. Raises `TourFailed` with the sentence, which says what should be."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise TourFailed(sentence)
        time.sleep(_LOOK_SECONDS)


def line(one: Line) -> str:
    """As it would stand on a lock screen."""
    return f"{one['title']} · {one['body']}"
