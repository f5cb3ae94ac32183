"""Everybody who may have to be told, read together: who they are, where their pushes go, and what they chose."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, cast
from uuid import UUID

import msgspec

from yema.changes.notified import Cadence, NotificationKind
from yema.database import Statement, as_id, execute, fetch
from yema.notifications.rules import Habit

_IDS = "(SELECT value FROM json_each({}))"
_IDS_POSTGRES = "(SELECT value::uuid FROM json_array_elements_text({}) value)"
_NAMES_POSTGRES = "(SELECT value FROM json_array_elements_text({}) value)"

_PEOPLE = "SELECT id, email FROM person WHERE suspended_at IS NULL AND id IN"
_DEVICES = (
    "SELECT d.id, d.person, d.channel, d.zone FROM device d JOIN sign_in s ON s.id = d.sign_in"
    " WHERE d.gone_at IS NULL AND s.ended_at IS NULL AND d.person IN"
)
_CHOICES = "SELECT person, kind, channel, cadence FROM notification_choice WHERE person IN"
_HABITS = "SELECT id, minutes_before, quiet_from, quiet_until FROM notification_habits WHERE id IN"

# Whoever writes to the same people's inboxes waits here, each for those with smaller ids: so nobody waits in a circle, and what is told
# of one topic at once is merged. Others may still write rows that refer to a person.
_HOLD_PEOPLE = Statement(
    f"{_PEOPLE} {_IDS} ORDER BY id", postgres=f"{_PEOPLE} {_IDS_POSTGRES} ORDER BY id FOR NO KEY UPDATE"
)
_DEVICES_OF = Statement(
    f"{_DEVICES} {_IDS} ORDER BY d.registered_at DESC",
    postgres=f"{_DEVICES} {_IDS_POSTGRES} ORDER BY d.registered_at DESC",
)
_CHOICES_OF = Statement(
    f"{_CHOICES} {_IDS} AND kind IN {_IDS}", postgres=f"{_CHOICES} {_IDS_POSTGRES} AND kind IN {_NAMES_POSTGRES}"
)
_HABITS_OF = Statement(f"{_HABITS} {_IDS}", postgres=f"{_HABITS} {_IDS_POSTGRES}")


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


async def audience(people: Collection[UUID], kinds: Iterable[NotificationKind]) -> dict[UUID, Someone]:
    """Where these people are reached, and what they chose. For `hold_people`, and read before the transaction, which is the shorter."""
    found = {person: Someone(person, None, [], {}) for person in people}
    if not found:
        return found
    ids = _json(found)
    for device, person, channel, zone in await fetch(_DEVICES_OF, ids):
        found[as_id(person)].devices.append(Target(as_id(device), channel, zone))
    for person, kind, channel, cadence in await fetch(_CHOICES_OF, ids, _json({kind.name for kind in kinds})):
        found[as_id(person)].chosen[kind, channel] = cast(Cadence, cadence)
    return found


async def hold_people(people: Mapping[UUID, Someone]) -> dict[UUID, Someone]:
    """Those of these people who are not suspended, held for this transaction, with their addresses."""
    if not people:
        return {}
    rows = await execute(_HOLD_PEOPLE, _json(people))
    return {id_: people[id_]._replace(email=email) for id_, email in ((as_id(row), email) for row, email in rows)}


async def habits_of(people: Collection[UUID]) -> dict[UUID, Habit]:
    """The habits of each of these people."""
    habits: dict[UUID, Habit] = defaultdict(Habit)
    if not people:
        return habits
    for person, *habit in await fetch(_HABITS_OF, _json(people)):
        habits[as_id(person)] = Habit(*habit)
    return habits


def _json(values: Iterable[UUID | str]) -> str:
    return msgspec.json.encode(sorted(str(value) for value in values)).decode()
