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

_LINES = Statement(
    "SELECT n.person, n.sent_at, n.shown_at, d.channel, d.state, d.sent_at FROM member m"
    " JOIN notification n ON n.person = m.person AND n.topic = {} LEFT JOIN delivery d ON d.notification = n.id"
    " WHERE m.exchange = {}"
)


class Way(NamedTuple):
    """One delivery of it, which may have come at an earlier round. It goes with its device, and some weeks later by itself."""

    channel: str
    state: str
    came: bool


class Course(NamedTuple):
    """How far it came with one person. When it was sent and shown stays when the ways are no more."""

    sent_at: datetime | None = None
    shown_at: datetime | None = None
    ways: tuple[Way, ...] = ()


async def acknowledgement_of(person: SignedIn, membership: Membership, told: Announced) -> AcknowledgementView:
    """For a leader: of each recipient, how far it came; those who have not seen it first."""
    recipients = await recipients_of(membership, told)
    courses = await _courses(told)
    people = [acknowledging(one, courses.get(one.person, Course())) for one in recipients]
    return AcknowledgementView(
        recipients=len(people),
        sent=sum(one.sent_at is not UNSET for one in people),
        shown=sum(one.shown_at is not UNSET for one in people),
        seen=sum(one.seen_at is not UNSET for one in people),
        summary=summary(person.wanted, len(people), [one.display_name for one in people if one.seen_at is UNSET]),
        people=people,
    )


def acknowledging(recipient: RecipientView, course: Course) -> AcknowledgingView:
    """How far it came with them. What they have seen stood on a screen, and what stood there was sent: the earliest of these counts."""
    seen = None if recipient.seen_at is UNSET else recipient.seen_at
    shown = _earliest(seen, course.shown_at)
    return AcknowledgingView(
        person=recipient.person,
        display_name=recipient.display_name,
        reach=reach(course.ways),
        group=recipient.group,
        sent_at=present(_earliest(shown, course.sent_at)),
        shown_at=present(shown),
        seen_at=recipient.seen_at,
    )


def reach(ways: Sequence[Way]) -> Literal["push", "email", "inbox"]:
    """By what it came, or is about to: a device that is no more, or what expired, brings nothing."""
    good = {way.channel for way in ways if way.state in ("waiting", "sent") or way.came}
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
    return f"{counted} " + gettext(wanted, "Not yet: %(names)s.", names=_listed(wanted, missing))


def _listed(wanted: tuple[str, ...], names: Sequence[str]) -> str:
    tag = catalogue_for(wanted)
    items = list(names[:NAMED_MAX])
    if is_right_to_left(tag):
        items = [f"\u2068{name}\u2069" for name in items]  # a Polish name must not turn an Arabic sentence round
    if more := len(names) - len(items):
        items.append(ngettext(wanted, "%(n)d more person", "%(n)d more people", more))
    return format_list(items, locale=tag)


async def _courses(told: Announced) -> dict[UUID, Course]:
    found: dict[UUID, Course] = {}
    for id_, sent_at, shown_at, channel, state, came_at in await fetch(_LINES, topic_of(told.id), told.exchange):
        person = as_id(id_)
        before = found.get(person, Course())
        ways = before.ways if channel is None else (*before.ways, Way(channel, state, came_at is not None))
        sent_at, shown_at = _instant(sent_at), _instant(shown_at)
        found[person] = Course(_earliest(before.sent_at, sent_at), _earliest(before.shown_at, shown_at), ways)
    return found


def _instant(value: Any) -> datetime | None:
    return as_instant(value) if value else None


def _earliest(*times: datetime | None) -> datetime | None:
    return min((one for one in times if one), default=None)
