"""How far an announcement came: to whom it was sent, on whose screen it stood, who has seen it, and who is missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from babel.lists import format_list
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.database import Statement, as_id, as_instant, fetch
from yema.exchanges.announcement import Announced
from yema.exchanges.notified.announcements import topic_of
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.told.announcements import recipients_of
from yema.exchanges.schemas.told.announcements import RecipientView
from yema.i18n import catalogue_for, gettext, is_right_to_left, ngettext
from yema.notifications.schemas import AcknowledgementView, AcknowledgingView
from yema.shapes import present

NAMED_MAX = 10
"""So many names stand in a sentence; of more, how many."""

_WAYS = Statement(
    "SELECT n.person, d.channel, d.state, d.sent_at, d.shown_at FROM member m"
    " JOIN notification n ON n.person = m.person AND n.topic = {} JOIN delivery d ON d.notification = n.id"
    " WHERE m.exchange = {}"
)


class Way(NamedTuple):
    """One delivery of it."""

    channel: str
    state: str
    sent_at: datetime | None
    shown_at: datetime | None


async def acknowledgement_of(person: SignedIn, membership: Membership, told: Announced) -> AcknowledgementView:
    """For a leader: of each recipient, how far it came; those who have not seen it first."""
    recipients = await recipients_of(membership, told)
    ways = await _ways(told)
    people = [acknowledging(one, ways.get(one.person, ())) for one in recipients]
    return AcknowledgementView(
        recipients=len(people),
        sent=sum(one.sent_at is not UNSET for one in people),
        shown=sum(one.shown_at is not UNSET for one in people),
        seen=sum(one.seen_at is not UNSET for one in people),
        summary=summary(person.wanted, len(people), [one.display_name for one in people if one.seen_at is UNSET]),
        people=people,
    )


def acknowledging(recipient: RecipientView, ways: Sequence[Way]) -> AcknowledgingView:
    """How far it came with them. What they have seen stood on a screen, and what stood there was sent: the earliest of these counts."""
    seen = None if recipient.seen_at is UNSET else recipient.seen_at
    shown = _earliest(seen, *(way.shown_at for way in ways))
    return AcknowledgingView(
        person=recipient.person,
        display_name=recipient.display_name,
        reach=reach(ways),
        group=recipient.group,
        sent_at=present(_earliest(shown, *(way.sent_at for way in ways))),
        shown_at=present(shown),
        seen_at=recipient.seen_at,
    )


def reach(ways: Sequence[Way]) -> Literal["push", "email", "inbox"]:
    """By what it came, or is about to: a device that is no more, or what expired, brings nothing."""
    good = {way.channel for way in ways if way.state in ("waiting", "sent") or way.sent_at or way.shown_at}
    if good - {"email"}:
        return "push"
    return "email" if good else "inbox"


def summary(wanted: tuple[str, ...], recipients: int, missing: Sequence[str]) -> str:
    """A sentence or two: how many have seen it, and who has not."""
    if not recipients:
        return gettext(wanted, "It was told to nobody.")
    seen = recipients - len(missing)
    if not missing:
        return gettext(wanted, "Everybody has seen it.")
    counted = ngettext(wanted, "%(n)d of %(all)d has seen it.", "%(n)d of %(all)d have seen it.", seen, all=recipients)
    return f"{counted} " + gettext(wanted, "Missing: %(names)s.", names=_listed(wanted, missing))


def _listed(wanted: tuple[str, ...], names: Sequence[str]) -> str:
    tag = catalogue_for(wanted)
    items = list(names[:NAMED_MAX])
    if is_right_to_left(tag):
        items = [f"\u2068{name}\u2069" for name in items]  # a Polish name must not turn an Arabic sentence round
    if more := len(names) - len(items):
        items.append(ngettext(wanted, "%(n)d more", "%(n)d more", more))
    return format_list(items, locale=tag)


async def _ways(told: Announced) -> dict[UUID, list[Way]]:
    found: dict[UUID, list[Way]] = {}
    for person, channel, state, *times in await fetch(_WAYS, topic_of(told.id), told.exchange):
        sent_at, shown_at = map(_instant, times)
        found.setdefault(as_id(person), []).append(Way(channel, state, sent_at, shown_at))
    return found


def _instant(value: Any) -> datetime | None:
    return as_instant(value) if value else None


def _earliest(*times: datetime | None) -> datetime | None:
    return min((one for one in times if one), default=None)
