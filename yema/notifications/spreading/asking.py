"""Asking the slices whom an occurrence concerns. They may take their time: nobody waits for them but the loop."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from yema.changes.notified import NotificationKind, Occurrence, Settled, Telling
from yema.http.problems import log_unforeseen
from yema.ids import now
from yema.notifications.rules import BEGINS_FOR
from yema.notifications.spreading.claiming import Claimed

ASK_SECONDS = 10


class Answer(NamedTuple):
    """What a kind says of an occurrence."""

    kind: NotificationKind
    tellings: list[Telling]
    settled: list[Settled]


def who_knows(event: str, kinds: Sequence[NotificationKind]) -> list[NotificationKind]:
    """The kinds that are to be asked: all with that event, or, of what came back for one kind (`event@kind`), that one."""
    name, _, only = event.partition("@")
    return [kind for kind in kinds if name in kind.events and only in ("", kind.name)]


async def ask(
    one: Claimed, kinds: Sequence[NotificationKind], slow: set[str]
) -> tuple[list[Answer], list[NotificationKind]]:
    """Their answers, and those who had none since something went wrong, which is logged.

    Kinds in `slow` are not asked; who takes too long is added.
    """
    event = one.event.partition("@")[0]
    answers: list[Answer] = []
    failed: list[NotificationKind] = []
    for kind in kinds:
        if kind.name in slow:
            failed.append(kind)
            continue
        try:
            async with asyncio.timeout(ASK_SECONDS):
                said = await kind.events[event](Occurrence(event, one.about, one.made_at, now()))
        except Exception as error:  # one kind's fault keeps nothing from those whom another one concerns
            log_unforeseen(error)
            failed.append(kind)
            if isinstance(error, TimeoutError):
                slow.add(kind.name)
        else:
            tellings = [_until_it_begins(each) for each in said if isinstance(each, Telling)]
            answers.append(Answer(kind, tellings, [each for each in said if isinstance(each, Settled)]))
    return answers, failed


def _until_it_begins(telling: Telling) -> Telling:
    """Somebody's minute may be that of the beginning itself, at the end of their night."""
    if telling.begins_at is None:
        return telling
    return telling._replace(expires_at=max(telling.expires_at, telling.begins_at + BEGINS_FOR))
