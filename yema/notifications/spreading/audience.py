"""Everybody who may have to be told, read together: who they are, where their pushes go, and what they chose."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple, cast
from uuid import UUID

from yema.changes.notified import Cadence, NotificationKind
from yema.database import as_id, execute, fetch
from yema.database.listed import as_list, ids, with_list
from yema.notifications.rules import Habit

# Whoever writes to the same people's inboxes waits here, each for those with smaller ids: so nobody waits in a circle, and what is told
# of one topic at once is merged. Others may still write rows that refer to a person.
_HOLD_PEOPLE = with_list(
    "SELECT p.id, p.email FROM <list> l JOIN person p ON p.id = l.id WHERE p.suspended_at IS NULL ORDER BY p.id<tail>",
    tail=" FOR NO KEY UPDATE OF p",
    id="uuid",
)
_DEVICES_OF = with_list(
    "SELECT d.id, d.person, d.channel, d.zone FROM <list> l JOIN device d ON d.person = l.id"
    " JOIN sign_in s ON s.id = d.sign_in WHERE d.gone_at IS NULL AND s.ended_at IS NULL ORDER BY d.registered_at DESC",
    id="uuid",
)
_CHOICES_OF = with_list(
    "SELECT c.person, c.kind, c.channel, c.cadence FROM <list> l JOIN notification_choice c"
    " ON c.person = l.person AND c.kind = l.kind",
    person="uuid",
    kind="text",
)
_HABITS_OF = with_list(
    "SELECT h.id, h.minutes_before, h.quiet_from, h.quiet_until FROM <list> l JOIN notification_habits h ON h.id = l.id",
    id="uuid",
)


class Target(NamedTuple):
    """A device that is signed in and can be reached."""

    id: UUID
    channel: str
    zone: str


class Someone(NamedTuple):
    """A person who is not suspended; their devices, the last registered one first, and what they chose of (kind, channel)."""

    id: UUID
    email: str | None
    devices: list[Target]
    chosen: dict[tuple[str, str], Cadence]

    def zone(self) -> str:
        """Where they are, as far as their phone has told."""
        return self.devices[0].zone if self.devices else "UTC"


async def audience(people: Collection[UUID], kinds: Collection[NotificationKind]) -> dict[UUID, Someone]:
    """Where these people are reached, and what they chose. For `hold_people`, and read before the transaction, which is the shorter."""
    found = {person: Someone(person, None, [], {}) for person in people}
    if not found:
        return found
    for device, person, channel, zone in await fetch(_DEVICES_OF, ids(found)):
        found[as_id(person)].devices.append(Target(as_id(device), channel, zone))
    asked = as_list([person, kind.name] for person in found for kind in kinds)
    for person, kind, channel, cadence in await fetch(_CHOICES_OF, asked):
        found[as_id(person)].chosen[kind, channel] = cast(Cadence, cadence)
    return found


async def hold_people(people: Mapping[UUID, Someone]) -> dict[UUID, Someone]:
    """Those of these people who are not suspended, held for this transaction, with their addresses."""
    if not people:
        return {}
    rows = await execute(_HOLD_PEOPLE, ids(people))
    return {id_: people[id_]._replace(email=email) for id_, email in ((as_id(row), email) for row, email in rows)}


async def habits_of(people: Collection[UUID]) -> dict[UUID, Habit]:
    """The habits of each of these people."""
    habits: dict[UUID, Habit] = defaultdict(Habit)
    if not people:
        return habits
    for person, *habit in await fetch(_HABITS_OF, ids(people)):
        habits[as_id(person)] = Habit(*habit)
    return habits
