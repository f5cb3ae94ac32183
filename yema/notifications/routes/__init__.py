"""The doors of notifications."""

from litestar import Router

from yema.notifications.routes import acknowledged, choices, inbox, web_push

router = Router(
    "/",
    route_handlers=[*inbox.handlers, *choices.handlers, *acknowledged.handlers, *web_push.handlers],
    tags=["notifications"],
)
