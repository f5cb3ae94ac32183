"""Choosing how one wants to be told."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import transaction
from yema.changes.notified import NotificationKind
from yema.database import Statement, execute
from yema.errors import N_, FieldError, Invalid
from yema.ids import uuid7
from yema.notifications.errors import AlwaysTold
from yema.notifications.queries.choices import AT_ONCE, kinds_offered_to
from yema.notifications.rules import Habit
from yema.notifications.schemas import PreferenceDraft, PreferencesDraft
from yema.notifications.tables import Habits
from yema.shapes import given

UNKNOWN_KIND = N_("There is no such kind of notification for you.")
NOT_OFF = N_("This kind always comes at once.")

_BEGIN = Statement(
    "INSERT INTO notification_habits (id, minutes_before, quiet_from, quiet_until) VALUES ({}, {}, {}, {}) ON CONFLICT (id) DO NOTHING"
)
_CHOOSE = Statement(
    "INSERT INTO notification_choice (id, person, kind, channel, cadence) VALUES ({}, {}, {}, {}, {})"
    " ON CONFLICT (person, kind, channel) DO UPDATE SET cadence = excluded.cadence"
)


async def choose(person: SignedIn, kinds: Iterable[NotificationKind], draft: PreferencesDraft) -> None:
    """Change what the draft names, all of it or nothing. Raises `Invalid` for a kind that this person is not offered, `AlwaysTold`."""
    if draft.kinds:
        _check(draft.kinds, await kinds_offered_to(person, kinds))
    habits = {name: value for name, value in given(draft).items() if name != "kinds"}
    async with transaction():
        if habits:
            await _keep(person, habits)
        for one in draft.kinds:
            for channel, cadence in (("push", one.push), ("email", one.email)):
                if cadence is not UNSET:
                    await execute(_CHOOSE, uuid7(), person.id, one.kind, channel, cadence)


async def _keep(person: SignedIn, habits: dict[str, Any]) -> None:
    await execute(_BEGIN, person.id, *Habit())
    await Habits.update({getattr(Habits, name): value for name, value in habits.items()}).where(Habits.id == person.id)


def _check(drafts: Sequence[PreferenceDraft], offered: Sequence[NotificationKind]) -> None:
    known = {kind.name: kind for kind in offered}
    for place, draft in enumerate(drafts):
        kind = known.get(draft.kind)
        if kind is None:
            raise Invalid(FieldError(f"/kinds/{place}/kind", "unknown_kind", UNKNOWN_KIND))
        if kind.certain and draft.push not in (UNSET, AT_ONCE):
            raise AlwaysTold(FieldError(f"/kinds/{place}/push", "always_told", NOT_OFF))
