"""The inbox."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from yema.http.response import speaks
from yema.i18n import catalogue_for
from yema.notifications.actions import inbox
from yema.notifications.queries.inbox import inbox_of, line_of
from yema.notifications.routes.places import next_cursor, place
from yema.notifications.schemas import NotificationView, OneSeenDraft, SeenDraft, ShownDraft

Unseen = Annotated[bool, QueryParameter()]


@get("/notifications", operation_id="listNotifications")
async def list_notifications(
    request: Request[Any, Any, Any],
    person: NamedDependency[SignedIn],
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
    unseen: Unseen = False,
) -> Page[NotificationView]:
    """Everything that I was told, the last told first; with `?unseen=true` only what I have not seen.

    What holds no longer is left out, so a page may have fewer lines than `limit`, even none: go on while there is a `next_cursor`.
    """
    speaks(request, catalogue_for(person.wanted))
    kinds = request.app.state.notifications
    items, after = await inbox_of(person, kinds, place(cursor), limit, unseen=unseen)
    return Page(items=items, next_cursor=next_cursor(after))


@get("/notifications/{notification_id:uuid}", operation_id="getNotification")
async def get_notification(
    request: Request[Any, Any, Any], notification_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> NotificationView:
    """A line of my inbox: what a push is about whose `kind` is `news`. 404 where it holds no longer."""
    speaks(request, catalogue_for(person.wanted))
    return await line_of(person, request.app.state.notifications, notification_id)


@post("/notifications/{notification_id:uuid}/seen", operation_id="seeNotification", status_code=204)
async def see_notification(
    notification_id: FromPath[UUID], data: JSONBody[OneSeenDraft], person: NamedDependency[SignedIn]
) -> None:
    """I have seen it; my other devices need not show it any more. Saying so again changes nothing.

    With `told_at`, that of the line that I have seen, it stays unseen where it was told anew since.
    """
    await inbox.see_notification(person, notification_id, None if data.told_at is UNSET else data.told_at)


@post("/notifications/seen", operation_id="seeNotifications", status_code=204)
async def see_notifications(data: JSONBody[SeenDraft], person: NamedDependency[SignedIn]) -> None:
    """I have seen all of them; with `until`, those that were told until then."""
    await inbox.see_notifications(person, None if data.until is UNSET else data.until)


@post("/notifications/{notification_id:uuid}/shown", operation_id="showNotification", status_code=204)
async def show_notification(
    notification_id: FromPath[UUID], data: JSONBody[ShownDraft], person: NamedDependency[SignedIn]
) -> None:
    """It stood on the screen of my `device`, or without one, of all. The first time counts; leaders read it of announcements."""
    await inbox.show_notification(person, notification_id, None if data.device is UNSET else data.device)


handlers = [list_notifications, get_notification, see_notification, see_notifications, show_notification]
