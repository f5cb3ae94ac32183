"""How a person wants to be told, of those kinds that concern them."""

from collections.abc import Iterable
from typing import get_args
from uuid import UUID

from yema.accounts.queries import own_staff
from yema.accounts.signed_in import SignedIn
from yema.changes.notified import Cadence, NotificationKind
from yema.exchanges.queries.exchange import me
from yema.i18n import gettext
from yema.notifications.rules import Habit
from yema.notifications.schemas import PreferencesView, PreferenceView
from yema.notifications.tables import Choice, Habits

CADENCES: tuple[Cadence, ...] = get_args(Cadence)
AT_ONCE: Cadence = "immediate"


async def preferences_of(person: SignedIn, kinds: Iterable[NotificationKind]) -> PreferencesView:
    """This person's choices; where they made none, what the kinds and the house have for everybody."""
    habits = await Habits.select(Habits.minutes_before, Habits.quiet_from, Habits.quiet_until).where(
        Habits.id == person.id
    )
    chosen = await _chosen(person.id)
    offered = await kinds_offered_to(person, kinds)
    return PreferencesView(**(habits or [Habit()._asdict()])[0], kinds=[_view(person, one, chosen) for one in offered])


async def kinds_offered_to(person: SignedIn, kinds: Iterable[NotificationKind]) -> list[NotificationKind]:
    """Those that can ever concern somebody with this person's parts in exchanges and organisations, in their order."""
    parts: set[str] = {one.role for one in (await me(person)).memberships if one.state == "active"}
    parts.update(one.role for one in await own_staff(person))
    return [kind for kind in kinds if kind.roles & parts]


async def _chosen(person: UUID) -> dict[tuple[str, str], Cadence]:
    rows = await Choice.select(Choice.kind, Choice.channel, Choice.cadence).where(Choice.person == person)
    return {(row["kind"], row["channel"]): row["cadence"] for row in rows}


def _view(person: SignedIn, kind: NotificationKind, chosen: dict[tuple[str, str], Cadence]) -> PreferenceView:
    return PreferenceView(
        kind=kind.name,
        title=gettext(person.wanted, kind.title),
        push=AT_ONCE if kind.certain else chosen.get((kind.name, "push"), kind.push),
        email=chosen.get((kind.name, "email"), kind.email),
        certain=kind.certain,
        choices=[AT_ONCE] if kind.certain else list(CADENCES),
    )
