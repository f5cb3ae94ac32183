"""The server: granian in this process, on uvloop. One process, one loop, one writer."""

import asyncio
import fcntl
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from yema.app import create_asgi
from yema.changes import sweep
from yema.house import open_house
from yema.http.problems import log_unforeseen
from yema.settings import Settings

DAY_SECONDS = 24 * 3600


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way."""
    uvloop.run(_serve(settings))


class CannotServe(RuntimeError):
    """A sentence for the operator."""


async def _serve(settings: Settings) -> None:
    check_port(settings)
    with alone(settings.data):
        async with open_house(settings):
            sweeping = asyncio.create_task(_sweep_daily())
            await _listen(settings)
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


async def _sweep_daily() -> None:
    while True:
        try:
            await sweep()
        except Exception as error:  # tomorrow is another day, and the server goes on
            log_unforeseen(error)
        await asyncio.sleep(DAY_SECONDS)


async def _listen(settings: Settings) -> None:
    server = Server(
        create_asgi(settings),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, server.stop)
    await server.serve()
