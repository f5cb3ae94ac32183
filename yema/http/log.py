"""Logs: one JSON line for each request that wrote or failed. No bodies, tokens, codes or addresses ever reach them.

What is logged about a request is its id, method, the *template* of its path (a feed's path holds a secret), status and milliseconds.
"""

import logging
import os
import sys
import time
from itertools import count
from typing import Any

import structlog

_numbers = count(1)
_process = os.urandom(4).hex()

_FIELDS = ("request_id", "method", "route", "status", "ms", "kind", "place", "seconds", "count")
"""All that may stand in a line beside its event: an allow-list."""


def configure_logs(level: str) -> None:
    """Send the logs of this process to standard error, as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_only_allowed_fields],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logger = logging.getLogger("yema")
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(level.upper())


def _only_allowed_fields(_: Any, level: str, event: Any) -> Any:
    record: logging.LogRecord = event["_record"]
    event |= {name: value for name in _FIELDS if (value := getattr(record, name, None)) is not None}
    event["level"] = record.levelname.lower()
    return event


class RequestLog:
    """The outermost ASGI layer: gives each request an id, shows it to the client, and logs what wrote or failed."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._log = logging.getLogger("yema")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = f"{_process}-{next(_numbers):x}"
        scope["yema.request_id"] = identity
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", identity.encode())]}
            await send(message)

        await self._app(scope, receive, send_with_id)
        if scope["method"] not in ("GET", "HEAD") or status >= 400:
            self._log.info(
                "request",
                extra={
                    "request_id": identity,
                    "method": scope["method"],
                    "route": scope.get("path_template") or "?",
                    "status": status,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
