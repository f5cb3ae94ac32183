"""What a person's phones say of what they were told: it stood on the screen, it was seen."""

from datetime import UTC, datetime
from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import transaction
from yema.database import Statement, execute
from yema.errors import NotFound

_OWN = Statement("SELECT 1 FROM notification WHERE id = {} AND person = {}")
_SEE = Statement(
    "UPDATE notification SET seen_at = {} WHERE id = {} AND person = {} AND seen_at IS NULL AND told_at <= {} RETURNING id"
)
_WHENEVER = datetime(9999, 1, 1, tzinfo=UTC)
_SETTLE = Statement("UPDATE delivery SET state = 'moot' WHERE notification = {} AND state = 'waiting'")
_SEE_THESE = "UPDATE notification SET seen_at = {} WHERE"
_UNSEEN = "person = {} AND seen_at IS NULL AND told_at <= {}"
# In the order in which others hold them.
_SEE_ALL = Statement(
    f"{_SEE_THESE} {_UNSEEN}",
    postgres=f"{_SEE_THESE} id IN (SELECT id FROM notification WHERE {_UNSEEN} ORDER BY id FOR UPDATE)",
)
_SETTLE_ALL = Statement(
    "UPDATE delivery SET state = 'moot' WHERE person = {} AND state = 'waiting'"
    " AND notification IN (SELECT id FROM notification WHERE person = {} AND seen_at IS NOT NULL)"
)
_OWN_DEVICE = Statement("SELECT 1 FROM device WHERE id = {} AND person = {}")
_SHOW = Statement(
    "UPDATE delivery SET shown_at = {} WHERE notification = {} AND person = {} AND shown_at IS NULL AND device = {}"
)
_SHOWN = Statement("UPDATE notification SET shown_at = {} WHERE id = {} AND shown_at IS NULL")
_SHOW_ALL = Statement("UPDATE delivery SET shown_at = {} WHERE notification = {} AND person = {} AND shown_at IS NULL")


async def see_notification(person: SignedIn, notification: UUID, told_at: datetime | None = None) -> None:
    """I have seen it: no other phone of mine need ring. Saying so again changes nothing. Raises `NotFound`.

    `told_at` is that of what I have seen: what was told of it later is still new to me.
    """
    async with transaction() as tx:
        if not await execute(_OWN, notification, person.id):
            raise NotFound
        if await execute(_SEE, tx.at, notification, person.id, told_at or _WHENEVER):
            await execute(_SETTLE, notification)


async def see_notifications(person: SignedIn, until: datetime | None) -> None:
    """I have seen all that I was told until then, or until now."""
    async with transaction() as tx:
        await execute(_SEE_ALL, tx.at, person.id, until or tx.at)
        await execute(_SETTLE_ALL, person.id, person.id)


async def show_notification(person: SignedIn, notification: UUID, device: UUID | None) -> None:
    """It stood on the screen of that device of mine, or of all; the first time counts. Raises `NotFound`."""
    async with transaction() as tx:
        if not await execute(_OWN, notification, person.id):
            raise NotFound
        if device is not None and not await execute(_OWN_DEVICE, device, person.id):
            raise NotFound
        await execute(_SHOWN, tx.at, notification)
        if device is None:
            await execute(_SHOW_ALL, tx.at, notification, person.id)
        else:
            await execute(_SHOW, tx.at, notification, person.id, device)
