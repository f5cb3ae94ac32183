"""One occurrence: what the slices say of it, in one transaction with its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yema.changes import transaction
from yema.changes.notified import NotificationKind, Telling
from yema.exchanges.queries.memberships import left_of
from yema.ids import now
from yema.notifications.rules import Habit
from yema.notifications.spreading.asking import Answer, ask
from yema.notifications.spreading.audience import Someone, audience, habits_of, hold_people
from yema.notifications.spreading.claiming import Claimed, divide, end_one, hold, longer, move, split
from yema.notifications.spreading.dividing import Parts, divided
from yema.notifications.spreading.reminding import look
from yema.notifications.spreading.settling import settle
from yema.notifications.spreading.telling import Pair, Told, tell

Tellings = list[tuple[NotificationKind, Telling]]
Back = dict[str, datetime]
"""When which kind is to be asked again."""


class Asked(NamedTuple):
    """What is to be told, and all that is known of those to whom, before anything is held."""

    answers: Sequence[Answer]
    tellings: list[tuple[NotificationKind, Telling]]
    people: dict[UUID, Someone]
    habits: dict[UUID, Habit]


async def spread_one(one: Claimed, kinds: Sequence[NotificationKind], slow: set[str]) -> None:
    """Ask these kinds, and tell what they say. Who failed to answer is asked again later, and so is who has to tell at several minutes.

    `slow` are those who took too long in this turn: they keep nobody waiting a second time.
    """
    answers, failed = await ask(one, kinds, slow)
    tellings = _now(answers, one)
    parts = divided(tellings)
    asked = Asked(answers, tellings, {}, {}) if parts else await _look_up(answers, tellings)
    async with transaction() as tx:
        if not await hold(one):
            return  # our time was over, and somebody else does it
        back = await _write(asked, one, parts, tx.at)
        if failed:
            back |= dict.fromkeys([kind.name for kind in failed], tx.at + longer(one))
        await _end(one, kinds, back, tx.at)


def _now(answers: Sequence[Answer], one: Claimed) -> list[tuple[NotificationKind, Telling]]:
    """What is still to be told, to those people whom this row tells."""
    found = [(answer.kind, telling) for answer in answers for telling in answer.tellings if telling.expires_at > now()]
    if one.part is None:
        return found
    its = one.part
    return [(kind, each._replace(people=[person for person in each.people if person in its])) for kind, each in found]


async def _look_up(answers: Sequence[Answer], tellings: list[tuple[NotificationKind, Telling]]) -> Asked:
    people = await audience({person for _, telling in tellings for person in telling.people}, [k for k, _ in tellings])
    begins = {person for _, telling in tellings if telling.begins_at for person in telling.people}
    return Asked(answers, tellings, people, await habits_of(begins))


async def _end(one: Claimed, kinds: Sequence[NotificationKind], back: Back, at: datetime) -> None:
    if len(back) == len(kinds):
        await move(one, min(back.values()))
        return
    await split(one, back)  # so that those who have told all do not tell it again
    await end_one(one, at)


async def _write(asked: Asked, one: Claimed, parts: Parts, at: datetime) -> Back:
    """Settle what is settled, and tell what is to be told now; when which kind has to look again.

    What concerns very many is told part by part, each in a row and a transaction of its own; what is settled is settled with the first.
    """
    # People are held before anything of theirs is, else two of us could wait for each other.
    people = await hold_people(asked.people)
    if one.part is None:
        for answer in asked.answers:
            for settled in answer.settled:
                await settle(settled, at)
    if parts:
        await divide(one, parts, at)
        return {}
    told: dict[Pair, Told] = {}
    back: Back = {}
    for kind, telling in await _without_who_left(asked.tellings):
        if telling.begins_at is None:
            _add(told, kind, telling, dict.fromkeys(telling.people, telling.urgent), people)
            continue
        looked = look(telling, people, asked.habits, at)
        _add(told, kind, telling._replace(once=True), looked.due, people)
        if looked.again_at:
            back[kind.name] = min(looked.again_at, back.get(kind.name, looked.again_at))
    await tell(told, people, at)
    return back


async def _without_who_left(tellings: Tellings) -> Tellings:
    """Whoever has left while the slices were asked has nothing in their inbox any more, and nothing gets there."""
    exchanges = {telling.exchange for _, telling in tellings if telling.exchange}
    left = await left_of(exchanges, {person for _, telling in tellings for person in telling.people})
    return [
        (kind, one._replace(people=[person for person in one.people if (one.exchange, person) not in left]))
        for kind, one in tellings
    ]


def _add(
    told: dict[Pair, Told],
    kind: NotificationKind,
    telling: Telling,
    due: Mapping[UUID, bool],
    people: dict[UUID, Someone],
) -> None:
    for person, urgent in due.items():
        if person in people:
            pair, one = (person, telling.topic), Told(kind, telling, urgent)
            told[pair] = one.after(told[pair]) if pair in told else one
