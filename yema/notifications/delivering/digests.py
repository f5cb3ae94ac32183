"""What was gathered for an evening or a week: put together when it is sent, of what has not been seen by then."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from yema.changes.notified import Message, NotificationKind
from yema.database import Statement, as_id, as_instant, execute, fetch
from yema.database.listed import as_list, ids, with_list
from yema.i18n import gettext, ngettext
from yema.notifications.delivering.claiming import Due
from yema.notifications.delivering.wording import Asked, Worded, reader_of, words_for
from yema.notifications.rules import DIGEST_KEPT_FOR

LINES_MAX = 5
"""On a phone; a mail holds all."""
TRIES_MAX = 6
"""So often a digest waits, some two minutes together, for words that cannot be made at the moment; then it goes without them."""
AT_ONCE = timedelta(seconds=1)
"""What was told so shortly before a digest was put together may not have been visible to it, and is told in the next one."""

_SENT = with_list(
    "SELECT d.target, d.topic, max(d.sent_at) FROM <list> l JOIN delivery d ON d.person = l.person"
    " WHERE d.notification IS NULL AND d.sent_at IS NOT NULL GROUP BY d.target, d.topic",
    person="uuid",
)
_CHOSEN = with_list(
    "SELECT c.person, c.kind, c.cadence FROM <list> l JOIN notification_choice c ON c.person = l.person WHERE c.channel = {}",
    person="uuid",
)
_UNSEEN = with_list(
    "SELECT n.person, n.id, n.kind, n.about, n.told_at FROM <list> l JOIN notification n ON n.person = l.person"
    " WHERE n.seen_at IS NULL AND n.expires_at > {} ORDER BY n.told_at DESC",
    person="uuid",
)
_TOLD_SINCE = with_list(
    "SELECT d.id, d.cadence, d.expires_at FROM <list> l JOIN delivery d ON d.id = l.id"
    " WHERE d.state = 'waiting' AND d.lease IS NULL AND d.round > l.round",
    id="uuid",
    round="integer",
)
_WAIT = Statement("UPDATE delivery SET next_at = {} WHERE id = {}")
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Gathered(NamedTuple):
    """What a digest says, and the notifications that it holds."""

    words: Worded
    held: tuple[UUID, ...] = ()


class _Told(NamedTuple):
    id: UUID
    kind: str
    about: str
    told_at: datetime


async def gathered(
    kinds: Mapping[str, NotificationKind], dues: Sequence[Due], at: datetime, failed: Callable[[Exception], None]
) -> list[Gathered]:
    """What each of these digests says; None where nothing is left to tell."""
    if not dues:
        return []
    people = ids({due.person for due in dues})
    sent = {(as_id(target), topic): as_instant(last) for target, topic, last in await fetch(_SENT, people)}
    unseen: dict[UUID, list[_Told]] = defaultdict(list)
    for person, id_, kind, about, told_at in await fetch(_UNSEEN, people, at):
        unseen[as_id(person)].append(_Told(as_id(id_), kind, about, as_instant(told_at)))
    chosen = {
        (channel, as_id(person), kind): cadence
        for channel in {_choice_of(due) for due in dues}
        for person, kind, cadence in await fetch(_CHOSEN, people, channel)
    }
    asked: list[Asked] = []
    parts: list[tuple[range, list[UUID]]] = []
    for due in dues:
        since = sent.get((due.target, due.topic), _NEVER) - AT_ONCE
        mine = [
            told
            for told in unseen[due.person]
            if since < told.told_at <= at
            and due.cadence == _cadence(kinds, chosen, _choice_of(due), due.person, told.kind)
        ]
        parts.append((range(len(asked), len(asked) + len(mine)), [told.id for told in mine]))
        asked += [Asked(told.kind, told.about, reader_of(due)) for told in mine]
    words = await words_for(kinds, asked, failed)
    return [
        _together(due, [words[place] for place in part], told) for due, (part, told) in zip(dues, parts, strict=True)
    ]


async def wait_for_next(digests: Sequence[Due], at: datetime) -> None:
    """What was told while these were on their way goes with the next ones. Inside the transaction that has settled them.

    Whoever told it has made the row of use until so long after the next instant.
    """
    if digests:
        rows = await fetch(_TOLD_SINCE, as_list((due.id, due.round) for due in digests))
        for id_, cadence, expires_at in rows:
            await execute(_WAIT, max(at, as_instant(expires_at) - DIGEST_KEPT_FOR[cadence]), as_id(id_))


def _choice_of(due: Due) -> str:
    return "email" if due.by_mail else "push"


def _cadence(
    kinds: Mapping[str, NotificationKind],
    chosen: Mapping[tuple[str, UUID, str], str],
    channel: str,
    person: UUID,
    name: str,
) -> str:
    """How often this person wants to hear of this kind by this channel."""
    kind = kinds.get(name)
    if kind is None or (kind.covered and channel == "email"):
        return "off"
    if kind.certain and channel == "push":
        return "immediate"
    return chosen.get((channel, person, name), kind.email if channel == "email" else kind.push)


def _together(due: Due, words: Sequence[Worded], told: Sequence[UUID]) -> Gathered:
    messages = [one for one in words if isinstance(one, Message)]
    trouble = next((one for one in words if isinstance(one, Exception)), None)
    if not messages or (trouble and due.attempts <= TRIES_MAX):
        return Gathered(trouble)
    wanted, number = reader_of(due).wanted, len(messages)
    lines = [
        gettext(wanted, "%(title)s: %(body)s", title=one.title, body=one.body) if one.body else one.title
        for one in messages
    ]
    if not due.by_mail and number > LINES_MAX:
        more = number - LINES_MAX
        lines[LINES_MAX:] = [ngettext(wanted, "and %(n)d more", "and %(n)d more", more)]
    title = ngettext(wanted, "%(n)d new thing in YEMA", "%(n)d new things in YEMA", number)
    held = tuple(one for one, its in zip(told, words, strict=True) if isinstance(its, Message))
    return Gathered(Message(title, "\n".join(lines)), held)
