"""The inbox: everything that a person was told, worded anew each time it is read."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yema.accounts.signed_in import SignedIn
from yema.changes.notified import About, Addressee, Message, NotificationKind
from yema.changes.one_look import one_look
from yema.database import trouble
from yema.errors import NotFound
from yema.notifications.rules import as_texts
from yema.notifications.schemas import NotificationView
from yema.notifications.tables import Notification
from yema.shapes import present

log = logging.getLogger("yema")

LINES_MAX = 50

Place = tuple[datetime, UUID]
"""Where a line stands in the inbox: `told_at`, and its id."""


async def inbox_of(
    person: SignedIn, kinds: Iterable[NotificationKind], after: Place | None, limit: int, *, unseen: bool
) -> tuple[list[NotificationView], Place | None]:
    """A page of what this person was told, the newest first, and where the next one begins; None at the end.

    What holds no longer, or not for them, is left out: a page may have fewer lines than `limit`, even none. It never has more than 50:
    each line is worded anew.
    """
    limit = min(limit, LINES_MAX)
    rows = await _rows(person, after, limit, unseen=unseen)
    known = {kind.name: kind for kind in kinds}
    with one_look():
        views = [await _worded(person, known, row) for row in rows[:limit]]
    shown = [view for view in views if view]
    if len(rows) <= limit:
        return shown, None
    last = rows[limit - 1]
    return shown, (last["told_at"], last["id"])


async def line_of(person: SignedIn, kinds: Iterable[NotificationKind], line: UUID) -> NotificationView:
    """One line of this person's inbox. Raises `NotFound`, also where it holds no longer, or not for them."""
    rows = await Notification.select().where((Notification.id == line) & (Notification.person == person.id))
    view = await _worded(person, {kind.name: kind for kind in kinds}, rows[0]) if rows else None
    if view is None:
        raise NotFound
    return view


async def _rows(person: SignedIn, after: Place | None, limit: int, *, unseen: bool) -> list[dict[str, Any]]:
    query = (
        Notification.select()
        .where(Notification.person == person.id)
        .order_by(Notification.told_at, Notification.id, ascending=False)
        .limit(limit + 1)
    )
    if unseen:
        query = query.where(Notification.seen_at.is_null())
    if after is not None:
        told_at, one = after
        same = (Notification.told_at == told_at) & (Notification.id < one)
        query = query.where((Notification.told_at < told_at) | same)
    rows: list[dict[str, Any]] = await query
    return rows


async def _worded(
    person: SignedIn, kinds: Mapping[str, NotificationKind], row: dict[str, Any]
) -> NotificationView | None:
    kind = kinds.get(row["kind"])
    about: About = msgspec.json.decode(row["about"])
    message = await _message(person, kind, about) if kind else None
    if message is None:
        return None
    return NotificationView(
        id=row["id"],
        kind=row["kind"],
        title=message.title,
        body=message.body,
        made_at=row["made_at"],
        told_at=row["told_at"],
        urgent=row["urgent"],
        about=as_texts(about),
        exchange=present(row["exchange"]),
        seen_at=present(row["seen_at"]),
    )


async def _message(person: SignedIn, kind: NotificationKind, about: About) -> Message | None:
    try:
        [message] = await kind.word(about, [Addressee(person.id, person.wanted)])
    except Exception as error:
        if trouble(error):
            raise
        # One line that a newer version of the server cannot read any more must not close the inbox.
        log.error("notification_without_words", extra={"kind": type(error).__name__, "place": kind.name})
        return None
    return message
