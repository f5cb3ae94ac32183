"""Delivering outside the server, and trying a device."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import click

from yema.cli.shared import Trouble, data_option, in_house, settings_for
from yema.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@data_option
def deliver(once: bool, data: Path | None) -> None:
    """Deliver notifications until stopped, as `yema serve` does beside the requests. On Postgres several may share the work."""
    settings = settings_for(data=data)
    _check_there(settings)
    if once:
        count = in_house(settings, lambda: _deliver_once(settings), beside_server=True)
        click.echo(f"Deliveries that were due: {count}.")
        return
    with _alone_on_sqlite(settings):
        in_house(settings, lambda: _deliver_until_stopped(settings))


@click.command()
@click.option("--test", "device", type=click.UUID, required=True, metavar="DEVICE", help="The id of the device.")
@data_option
def notify(device: UUID, data: Path | None) -> None:
    """Send one test message to a device, and say what became of it."""
    settings = settings_for(data=data)
    _check_there(settings)
    click.echo(in_house(settings, lambda: _try_device(settings, device), beside_server=True))


def _check_there(settings: Settings) -> None:
    if not settings.database_url and not (settings.data / "yema.sqlite").exists():
        raise Trouble(f"There is no YEMA data in {settings.data}. Name the folder with --data.")


@contextmanager
def _alone_on_sqlite(settings: Settings) -> Iterator[None]:
    """SQLite has one writer, and a server delivers by itself: two that never rest would only wait for each other."""
    from yema.server import CannotServe, alone

    if settings.database_url:
        yield
        return
    try:
        with alone(settings.data):
            yield
    except CannotServe:
        raise Trouble(
            f"A server is using {settings.data}, and it delivers by itself. Beside it there is `yema deliver --once`;"
            " several that share the work need Postgres (database_url)."
        ) from None


async def _deliver_once(settings: Settings) -> int:
    from yema.app import NOTIFICATIONS
    from yema.http.log import configure_logs
    from yema.notifications.channels.opening import close_channels, open_channels
    from yema.notifications.loop import run_once

    configure_logs(settings.log_level)
    channels = open_channels(settings)
    try:
        return await run_once(NOTIFICATIONS, channels)
    finally:
        await close_channels(channels)


async def _deliver_until_stopped(settings: Settings) -> None:
    from yema.http.log import configure_logs
    from yema.server import delivering

    configure_logs(settings.log_level)
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    async with delivering(settings):
        await stop.wait()


async def _try_device(settings: Settings, device: UUID) -> str:
    from yema.notifications.channels.opening import close_channels, open_channels
    from yema.notifications.delivering.trying import NotReached, try_device

    channels = open_channels(settings)
    try:
        return await try_device(channels, device)
    except NotReached as why:
        raise Trouble(str(why)) from None
    finally:
        await close_channels(channels)


commands = [deliver, notify]
