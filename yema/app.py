"""Wiring only: routers, dependencies, error handlers. Whoever runs it opens the house first."""

from functools import partial

from litestar import Litestar, Router, get
from litestar.di import Provide
from litestar.response.base import ASGIResponse

from yema.accounts.routes import router as accounts_router
from yema.accounts.signed_in import once, person, reader
from yema.activities import notified as activities_notified
from yema.activities import synced as activities_synced
from yema.activities.routes import router as activities_router
from yema.changes import Kinds
from yema.database import Statement, fetch
from yema.erasing import router as erasing_router
from yema.exchanges import notified as exchanges_notified
from yema.exchanges import synced as exchanges_synced
from yema.exchanges.routes import router as exchanges_router
from yema.http.log import RequestLog, configure_logs
from yema.http.openapi import openapi_config, openapi_route
from yema.http.problems import problem_response
from yema.http.replay import Replay
from yema.http.request import YemaRequest
from yema.http.response import YemaResponse
from yema.journals import notified as journals_notified
from yema.journals import synced as journals_synced
from yema.journals.routes import router as journals_router
from yema.media.routes import router as media_router
from yema.notifications.routes import router as notifications_router
from yema.settings import Settings
from yema.sync.described import describe
from yema.sync.routes import router as sync_router

BODY_BYTES_MAX = 1024 * 1024

KINDS = Kinds(
    pulled=[*activities_synced.pulled, *exchanges_synced.pulled, *journals_synced.pulled],
    pushed=[*exchanges_synced.pushed, *journals_synced.pushed],
)

NOTIFICATIONS = (*exchanges_notified.kinds, *journals_notified.kinds, *activities_notified.kinds)
"""All that people of this house are told."""

_ALIVE = Statement("SELECT 1")


@get("/healthz", include_in_schema=False)
async def healthz() -> ASGIResponse:
    """The process answers."""
    return ASGIResponse(body=b"ok", media_type="text/plain")


@get("/readyz", include_in_schema=False)
async def readyz() -> ASGIResponse:
    """The database answers too."""
    await fetch(_ALIVE)
    return ASGIResponse(body=b"ok", media_type="text/plain")


def create_app(settings: Settings) -> Litestar:
    """The application, over a house that is open while it runs."""
    api = Router(
        "/api/v1",
        route_handlers=[
            accounts_router,
            activities_router,
            exchanges_router,
            journals_router,
            media_router,
            notifications_router,
            sync_router,
            erasing_router,
            openapi_route,
        ],
    )

    app = Litestar(
        [api, healthz, readyz],
        dependencies={"person": Provide(person), "reader": Provide(reader), "once": Provide(once)},
        exception_handlers={Exception: problem_response},
        logging_config=None,
        openapi_config=openapi_config(),
        request_class=YemaRequest,
        request_max_body_size=BODY_BYTES_MAX,
        response_class=YemaResponse,
    )
    app.state.settings = settings
    app.state.kinds = KINDS
    app.state.notifications = NOTIFICATIONS
    app.state.describe = partial(describe, kinds=KINDS)
    return app


def create_asgi(settings: Settings) -> RequestLog:
    """The application as the server runs it: with request ids, logs and replays around it."""
    configure_logs(settings.log_level)
    return with_layers(create_app(settings))


def with_layers(app: Litestar) -> RequestLog:
    """The application with what stands around it."""
    return RequestLog(Replay(app, asking=("/api/v1/sync/pull",)))
