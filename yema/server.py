"""The server: granian in this process, on uvloop. One process, one loop, one writer."""

import asyncio
import fcntl
import gc
import resource
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from yema.activities.actions.media import sweep_pack_media
from yema.activities.actions.publish import sweep_staged
from yema.activities.actions.search_index import sweep_words
from yema.activities.actions.store import go_on_storing
from yema.app import NOTIFICATIONS, create_asgi
from yema.changes import sweep
from yema.erasing import erase_again
from yema.exchanges.actions.care.emergency import sweep_sheets
from yema.exchanges.actions.care.help import sweep_help
from yema.exchanges.actions.people.inviting import sweep_invitations
from yema.house import open_house
from yema.http.log import RequestLog
from yema.http.problems import log_unforeseen
from yema.mail import sweep_mails
from yema.media import sweep_media
from yema.notifications.actions.sweeping import sweep_notifications
from yema.notifications.channels.opening import close_channels, open_channels
from yema.notifications.loop import run
from yema.settings import Settings
from yema.vault import keyring

DAY_SECONDS = 24 * 3600
CONNECTIONS_MAX = 8192
"""At the same time. Each phone that is in use keeps one, and for half a minute after that."""
ARRIVING_MAX = 1024
"""Connections that the operating system holds until we take them."""
FILES_BESIDE = 128
"""That are not connections: databases, keys, logs."""


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way."""
    uvloop.run(_serve(settings))


class CannotServe(RuntimeError):
    """A sentence for the operator."""


async def _serve(settings: Settings) -> None:
    check_port(settings)
    with alone(settings.data):
        async with open_house(settings):
            await erase_again(keyring().all_erased())
            await go_on_storing(log_unforeseen)
            application = create_asgi(settings)
            # What is there now stays: each time that Python looked through it, everybody would wait.
            gc.collect()
            gc.freeze()
            gc.enable()
            sweeping = asyncio.create_task(_sweep_daily())
            async with delivering(settings):
                await _listen(settings, application)
            sweeping.cancel()


def check_port(settings: Settings) -> None:
    """Granian shares a port with whoever listens there already; two servers would answer in turn."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host} port {settings.port}"
            raise CannotServe(
                f"Cannot listen on {where} ({error.strerror}). Name another with --port or --host."
            ) from None


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """One server for each data folder: only one may checkpoint SQLite's WAL."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "serving").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(f"Another server is already using {data}.") from None
        yield


@asynccontextmanager
async def delivering(settings: Settings) -> AsyncIterator[None]:
    """Deliver what is told, beside the requests; at the end what is on its way may arrive."""
    channels, stop = open_channels(settings), asyncio.Event()
    loop = asyncio.create_task(run(NOTIFICATIONS, channels, stop))
    try:
        yield
    finally:
        stop.set()
        await loop
        await close_channels(channels)


async def _sweep_daily() -> None:
    while True:
        try:
            await sweep()
            await sweep_staged()
            await sweep_words()
            await sweep_pack_media()
            await sweep_media()
            await sweep_invitations()
            await sweep_sheets()
            await sweep_notifications()
            await sweep_mails()
            await sweep_help()
        except Exception as error:  # tomorrow is another day, and the server goes on
            log_unforeseen(error)
        await asyncio.sleep(DAY_SECONDS)


async def _listen(settings: Settings, application: RequestLog) -> None:
    server = Server(
        application,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backlog=ARRIVING_MAX,
        backpressure=_connections_max(),
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, server.stop)
    await server.serve()


def _connections_max() -> int:
    """As many as there are files; granian has asked for all that the operating system gives, and takes no more connections."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS_MAX
    return max(FILES_BESIDE, min(CONNECTIONS_MAX, files - FILES_BESIDE))
