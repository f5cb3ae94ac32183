"""The demo and its tour."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yema.cli.shared import Trouble, data_option, in_house, in_words, settings_for
from yema.settings import Settings

if TYPE_CHECKING:  # loaded by those who need it: the other commands start faster
    from yema.demo.screen import Screen

START_SECONDS = 30
STOP_SECONDS = 10


@click.command()
@click.option("--once", is_flag=True, help="End after the tour.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to serve on.")
@click.option("--locale", default="pl", show_default=True, help="The language in which the participant reads.")
@data_option
def demo(once: bool, port: int | None, locale: str, data: Path | None) -> None:
    """Fill an empty data folder with the demo exchange, serve it, and walk the tour; then go on serving."""
    from yema.demo.screen import Screen

    settings = settings_for(port=port, data=data)
    _fill(settings)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}"
    server = None
    try:
        with _signals_held_back():
            server = _start(settings)
        _wait_for(server, url)
        screen = Screen()
        _walk(url, locale, screen)
        if not once:
            _invite(url, locale, screen)
            server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        if server is not None:
            _stop(server)


@click.command()
@click.option("--url", required=True, help="Where the server with the demo is.")
@click.option("--locale", default="pl", show_default=True, help="The language in which the participant reads.")
def tour(url: str, locale: str) -> None:
    """Walk the story of the demo's people against a running server that holds the demo."""
    from yema.demo.screen import Screen

    _walk(url, locale, Screen())


def _walk(url: str, locale: str, screen: "Screen") -> None:
    import httpx

    from yema.demo.tour import Tour, TourFailed

    try:
        Tour(url, locale, screen).walk()
    except TourFailed as failed:
        raise Trouble(f"The tour stopped: {failed}") from None
    except httpx.HTTPError as error:
        raise Trouble(f"The server at {url} does not answer ({type(error).__name__}).") from None


def _fill(settings: Settings) -> None:
    """Fill the folder, or bring it to today, where no other server has the folder or the port."""
    from yema.demo.fill import NotEmpty, fill
    from yema.server import CannotServe, alone, check_port

    try:
        with in_words():
            check_port(settings)
            with alone(settings.data):
                in_house(settings, lambda: fill(settings))
    except CannotServe as error:
        raise Trouble(str(error)) from None
    except NotEmpty:
        raise Trouble(f"{settings.data} holds real people. Name an empty folder for the demo with --data.") from None


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """SIGTERM ends the demo like Ctrl-C, and takes the server along; while that is being started, both have to wait."""
    came: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: came.append(number))
    yield
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if came:
        raise KeyboardInterrupt


def _start(settings: Settings) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "yema", "serve", "--host", settings.host, "--port", str(settings.port)]
    return subprocess.Popen([*command, "--data", str(settings.data)], env={**os.environ, "YEMA_LOG_LEVEL": "error"})  # noqa: S603


def _wait_for(server: "subprocess.Popen[bytes]", url: str) -> None:
    import httpx

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=1, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise Trouble(f"The server did not start on {url}. Is the port taken? Name another with --port.")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _invite(url: str, locale: str, screen: "Screen") -> None:
    from yema.demo.tour import Tour

    code = Tour(url, locale, screen).fresh_join_code()
    screen.line()
    screen.line(f"YEMA is running at {url}/api/v1 (Ctrl-C ends it).")
    screen.line(f"Join the demo exchange with the code {code['code']}, or by this QR:")
    screen.qr(code["link"])
    screen.line(
        "Sign in as leader@demo.example, coordinator@demo.example or trainer@demo.example with the code 20202020"
        " (in a demo folder only)."
    )


commands = [demo, tour]
