"""What begins: each person is told at their own minute, at one of the looks that their choices leave open."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yema.changes.notified import Telling
from yema.notifications.rules import Habit, next_look, reminder
from yema.notifications.spreading.audience import Someone


class Look(NamedTuple):
    """Who is to be told by now, and whether in their night, too; when to look again, None where that was the last time."""

    due: dict[UUID, bool]
    again_at: datetime | None


def look(telling: Telling, people: Mapping[UUID, Someone], habits: Mapping[UUID, Habit], at: datetime) -> Look:
    """Whose minute has come of what begins at `telling.begins_at`. Whoever was told at an earlier look is among them, too."""
    if telling.begins_at is None:
        raise TypeError("It begins at no instant.")
    if telling.expires_at <= at:
        return Look({}, None)
    due: dict[UUID, bool] = {}
    later: list[datetime] = []
    for person in telling.people:
        if person not in people:
            continue
        zone = telling.zone or people[person].zone()
        told = reminder(telling.begins_at, zone, habits[person], urgent=telling.urgent)
        if told is None:
            continue
        if told.at <= at:
            due[person] = told.urgent
        else:
            later.append(told.at)
    return Look(due, next_look(at, telling.begins_at, later))
