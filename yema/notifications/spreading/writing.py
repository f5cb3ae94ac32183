"""One occurrence: what the slices say of it, in one transaction with its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yema.changes import transaction
from yema.changes.notified import NotificationKind, Telling
from yema.notifications.spreading.asking import Answer, ask
from yema.notifications.spreading.audience import Someone, audience, habits_of
from yema.notifications.spreading.claiming import Claimed, end_one, hold, longer, move, split
from yema.notifications.spreading.reminding import look
from yema.notifications.spreading.settling import settle
from yema.notifications.spreading.telling import Pair, Told, tell

Back = dict[str, datetime]
"""When which kind is to be asked again."""


async def spread_one(one: Claimed, kinds: Sequence[NotificationKind]) -> None:
    """Ask these kinds, and tell what they say. Who failed to answer is asked again later, and so is who has to tell at several minutes."""
    answers, failed = await ask(one, kinds)
    async with transaction() as tx:
        if not await hold(one):
            return  # our time was over, and somebody else does it
        back = await _write(answers, tx.at)
        if failed:
            back |= dict.fromkeys([kind.name for kind in failed], tx.at + longer(one))
        await _end(one, kinds, back, tx.at)


async def _end(one: Claimed, kinds: Sequence[NotificationKind], back: Back, at: datetime) -> None:
    if len(back) == len(kinds):
        await move(one, min(back.values()))
        return
    await split(one, back)  # so that those who have told all do not tell it again
    await end_one(one, at)


async def _write(answers: Sequence[Answer], at: datetime) -> Back:
    """Settle what is settled, and tell what is to be told now; when which kind has to look again."""
    tellings = [(answer.kind, telling) for answer in answers for telling in answer.tellings if telling.expires_at > at]
    # People are held before anything of theirs is, else two of us could wait for each other.
    people = await audience({person for _, telling in tellings for person in telling.people}, [k for k, _ in tellings])
    for answer in answers:
        for settled in answer.settled:
            await settle(settled, at)
    begins = {person for _, telling in tellings if telling.begins_at for person in telling.people}
    habits = await habits_of(begins) if begins else {}
    told: dict[Pair, Told] = {}
    back: Back = {}
    for kind, telling in tellings:
        if telling.begins_at is None:
            _add(told, kind, telling, dict.fromkeys(telling.people, telling.urgent), people)
            continue
        looked = look(telling, people, habits, at)
        _add(told, kind, telling._replace(once=True), looked.due, people)
        if looked.again_at:
            back[kind.name] = min(looked.again_at, back.get(kind.name, looked.again_at))
    await tell(told, people, at)
    return back


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
