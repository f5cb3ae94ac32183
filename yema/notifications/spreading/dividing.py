"""What concerns very many people is told part by part, so that no transaction keeps the others waiting. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from yema.changes.notified import NotificationKind, Telling
from yema.notifications.spreading.claiming import Part

AT_ONCE = 60
"""So many lines of inboxes, with the ways to three phones each, take some 15 ms to write on SQLite, and 35 on Postgres."""

Parts = Mapping[str, Sequence[Part]]
"""The parts of each kind, by its name. Together they hold everybody, also whom it begins to concern meanwhile."""


def divided(tellings: Sequence[tuple[NotificationKind, Telling]]) -> Parts:
    """How to divide what is too much for one transaction; nothing where it is not, or where one person is told it all."""
    counts: dict[str, Counter[UUID]] = {}
    for kind, telling in tellings:
        counts.setdefault(kind.name, Counter()).update(telling.people)
    if sum(counted.total() for counted in counts.values()) <= AT_ONCE:
        return {}
    parts = {kind: parts_of(counted) for kind, counted in counts.items()}
    return parts if sum(map(len, parts.values())) > 1 else {}


def parts_of(counted: Mapping[UUID, int]) -> list[Part]:
    """People, with how much each is told, in parts of so many lines; a person is in one part."""
    bounds: list[UUID | None] = [None]
    lines = 0
    for person in sorted(counted):
        if lines and lines + counted[person] > AT_ONCE:
            bounds.append(person)
            lines = 0
        lines += counted[person]
    return [Part(first, end) for first, end in pairwise([*bounds, None])]
