"""The demo and its tour."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import httpx

from yema.cli.shared import Trouble, data_option, in_house, settings_for
from yema.demo.fill import NotEmpty, fill
from yema.demo.screen import Screen
from yema.demo.tour import Tour, TourFailed
from yema.settings import Settings

START_SECONDS = 30


@click.command()
@click.option("--once", is_flag=True, help="End after the tour.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to serve on.")
@click.option("--locale", default="pl", show_default=True, help="The language in which the participant reads.")
@data_option
def demo(once: bool, port: int | None, locale: str, data: Path | None) -> None:
    """Fill an empty data folder with the demo exchange, serve it, and walk the tour; then go on serving."""
    settings = settings_for(port=port, data=data)
    try:
        in_house(settings, lambda: fill(settings))
    except NotEmpty:
        raise Trouble(f"{settings.data} holds real people. Name an empty folder for the demo with --data.") from None
    url = f"http://{settings.host}:{settings.port}"
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, and takes the server along
    server = _start(settings, url)
    try:
        screen = Screen()
        _walk(url, locale, screen)
        if not once:
            _invite(url, locale, screen)
            server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


@click.command()
@click.option("--url", required=True, help="Where the server with the demo is.")
@click.option("--locale", default="pl", show_default=True, help="The language in which the participant reads.")
def tour(url: str, locale: str) -> None:
    """Walk the story of the four people against a running server that holds the demo."""
    _walk(url, locale, Screen())


def _walk(url: str, locale: str, screen: Screen) -> None:
    try:
        Tour(url, locale, screen).walk()
    except TourFailed as failed:
        raise Trouble(f"The tour stopped: {failed}") from None
    except httpx.HTTPError as error:
        raise Trouble(f"The server at {url} does not answer ({type(error).__name__}).") from None


def _start(settings: Settings, url: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "yema", "serve", "--host", settings.host, "--port", str(settings.port)]
    server = subprocess.Popen([*command, "--data", str(settings.data)], env={**os.environ, "YEMA_LOG_LEVEL": "error"})  # noqa: S603
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=1).status_code == 200:
                return server
        except httpx.HTTPError:
            time.sleep(0.05)
    server.kill()
    raise Trouble(f"The server did not start on {url}. Is the port taken? Name another with --port.")


def _invite(url: str, locale: str, screen: Screen) -> None:
    code = Tour(url, locale, screen).fresh_join_code()
    screen.line()
    screen.line(f"YEMA is running at {url}/api/v1 (Ctrl-C ends it).")
    screen.line(f"Join the demo exchange with the code {code['code']}, or by this QR:")
    screen.qr(f"yema:join?server={url}#{code['secret']}")
    screen.line(
        "Sign in as leader@demo.example, coordinator@demo.example, … with the code 20202020 (in a demo folder only)."
    )


commands = [demo, tour]
