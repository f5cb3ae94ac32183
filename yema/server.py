"""The server: granian in this process, on uvloop where there is one. One process, one loop, one writer."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from yema.app import create_asgi
from yema.settings import Settings


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way."""
    _run(_serve(settings))


async def _serve(settings: Settings) -> None:
    server = Server(
        create_asgi(settings),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, server.stop)
    await server.serve()


def _run(work: Coroutine[Any, Any, None]) -> None:
    if sys.platform == "win32":
        asyncio.run(work)
    else:
        import uvloop

        uvloop.run(work)
