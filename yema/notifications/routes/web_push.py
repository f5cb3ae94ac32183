"""What browsers need to know before they can be pushed to."""

from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency

from yema.accounts.signed_in import SignedIn
from yema.notifications.channels.webpush.keys import public_key
from yema.notifications.schemas import WebPushKeyView


@get("/notifications/web-push-key", operation_id="readWebPushKey")
async def read_web_push_key(request: Request[Any, Any, Any], person: NamedDependency[SignedIn]) -> WebPushKeyView:
    """The key with which a browser subscribes to pushes of this server."""
    return WebPushKeyView(key=public_key(request.app.state.settings))


handlers = [read_web_push_key]
