"""Handing a batch to its channel, and judging whether a refusal means us or only somebody's device.

What a channel calls `Broken` may be one device's fault, whatever its code says, and people can register such devices. So a channel is
believed to refuse us where three people's devices say so and nobody's message was taken beside them. Of fewer people it is doubted:
those who were refused wait, and everybody else's message is tried at once.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from yema.notifications.channels import Broken, Channel, Later, Logged, Outcome, Outgoing, Sent
from yema.notifications.delivering.claiming import Batch, Due
from yema.notifications.delivering.still import Passed, not_to_be_sent

WITNESSES = 3
"""So many people's devices have to say that we are refused."""
PROBED_MAX = 7
"""A probe is over when it was refused to so many people: a few who are refused for ever must not keep it from the others."""
PROBE_SECONDS = 20.0
"""After that no more is tried in one probe: it is over before another one begins."""

Ready = Sequence[tuple[Due, Outgoing]]
Standing = Literal["accepted", "doubted", "refused", "unclear", "unknown"]
"""What a batch shows of the channel: that it takes ours; that it refuses few people's, or ours; nothing, though it was tried; nothing."""


class Doubted(NamedTuple):
    """The channel refuses us with this device, which may be the device's fault: an attempt, and others' are tried before it."""

    code: str


Found = dict[Due, Outcome | Doubted | Passed]


class Handed(NamedTuple):
    """What became of each, and what that says of the channel. What is `Broken` was not tried, or is everybody's: no attempt."""

    outcomes: Found
    standing: Standing
    code: str = ""


class Sender:
    """Hands messages to these channels."""

    def __init__(self, channels: Mapping[str, Channel], failed: Callable[[Exception], None]) -> None:
        self._channels, self._failed = channels, failed

    async def send(self, batch: Batch, ready: Ready) -> Handed:
        """Send these; while the circuit is open, first to a few people only."""
        if not ready:
            return Handed({}, "unknown")
        if not batch.probing:
            return judge(await self._hand_over(batch, ready))
        found = await self._probe(batch, ready)
        rest = [(due, message) for due, message in ready if due not in found]
        if judge(found).standing not in ("accepted", "unknown"):
            return spared(judge(found), [due for due, _ in rest])
        return judge(found | await self._hand_over(batch, rest))

    async def _probe(self, batch: Batch, ready: Ready) -> Found:
        """One person's message, then two, four and so on: until one is taken, or it is clear that none will be."""
        found: Found = {}
        people, many = one_of_each(ready), 1
        until = time.monotonic() + PROBE_SECONDS
        while people and time.monotonic() < until and not _is_clear(found):
            wave, people = people[:many], people[many:]
            found |= await self._hand_over(batch, wave)
            many *= 2
        return found

    async def _hand_over(self, batch: Batch, ready: Ready) -> Found:
        channel = self._channels[batch.channel]
        outcomes: Found = {}
        for start in range(0, len(ready), channel.at_once):
            part = ready[start : start + channel.at_once]
            try:
                passed = await not_to_be_sent(batch.lease, [due for due, _ in part])
                part = [(due, message) for due, message in part if due not in passed]
                found = await channel.send([message for _, message in part]) if part else []
                outcomes |= passed
                outcomes |= zip((due for due, _ in part), found, strict=True)
            except Exception as error:  # a fault of the channel's: not the end of the messages
                self._failed(error)
                outcomes |= {due: Later("channel_failed") for due, _ in part}
        return outcomes


def one_of_each(ready: Ready) -> list[tuple[Due, Outgoing]]:
    """A message of each person, first of those that were tried least; else in no order that anybody could bring about."""
    mixed = sorted(random.sample(ready, len(ready)), key=lambda one: one[0].attempts)
    found: dict[UUID, tuple[Due, Outgoing]] = {}
    for due, message in mixed:
        found.setdefault(due.person, (due, message))
    return list(found.values())


def judge(found: Found) -> Handed:
    """What these outcomes say of the channel, and so of those that were refused. Beside one that was taken, a refusal is the device's."""
    refused = {due: outcome.code for due, outcome in found.items() if isinstance(outcome, Broken)}
    code = next(iter(refused.values()), "")
    if _takes(found):
        return Handed(found | {due: Later(its) for due, its in refused.items()}, "accepted")
    if len(_people(refused)) >= WITNESSES:
        return Handed(found, "refused", code)
    if refused:
        return Handed(found | {due: Doubted(its) for due, its in refused.items()}, "doubted", code)
    if any(isinstance(outcome, Later) for outcome in found.values()):
        return Handed(found, "unclear")
    return Handed(found, "unknown")


def spared(handed: Handed, rest: Sequence[Due]) -> Handed:
    """A probe that was not accepted, with those that were not tried: whose other device was refused waits, too."""
    tried: Found = {
        due: Doubted(outcome.code) if isinstance(outcome, Broken) else outcome
        for due, outcome in handed.outcomes.items()
    }
    code = handed.code or "unclear"
    refused = _people(due for due, outcome in tried.items() if isinstance(outcome, Doubted))
    untried: Found = {
        due: Doubted(code) if handed.standing == "doubted" and due.person in refused else Broken(code) for due in rest
    }
    return handed._replace(outcomes=tried | untried)


def _is_clear(found: Found) -> bool:
    refused = _people(due for due, outcome in found.items() if isinstance(outcome, Broken))
    return _takes(found) or len(refused) >= PROBED_MAX


def _takes(found: Found) -> bool:
    return any(isinstance(outcome, Sent | Logged) for outcome in found.values())


def _people(dues: Iterable[Due]) -> set[UUID]:
    return {due.person for due in dues}
