"""`yema demo` and `yema tour`, as commands: where they refuse, how they end."""

import asyncio
import shutil
import signal
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
import time_machine

from tests import postgres
from tests.demo.conftest import Live, Walked, inhabit, walk
from tests.demo.processes import STOP_SECONDS, Ended, free_port, serving, started, yema
from yema.demo.fill import fill
from yema.house import open_house
from yema.settings import Settings


@pytest.fixture
def filled(tmp_path: Path, walked: Walked) -> Path:
    """A demo of today: to fill another one takes longer than the walk."""
    return shutil.copytree(walked.data, tmp_path / "data")


def contents(data: Path) -> list[str]:
    """All that stands in the database."""
    raw = sqlite3.connect(data / "yema.sqlite")
    lines = list(raw.iterdump())
    raw.close()
    return lines


def test_a_folder_with_real_people_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    asyncio.run(inhabit(tmp_path))
    before = contents(tmp_path)

    ended = walk(tmp_path).ended

    sentence = f"{tmp_path} holds real people. Name an empty folder for the demo with --data.\n"
    assert ended == Ended(1, "", sentence)
    assert (contents(tmp_path) == before, (tmp_path / "demo").exists()) == (True, False)


def test_the_tour_is_walked_in_the_demo_of_yesterday(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)

    async def fill_then() -> None:
        async with open_house(settings):
            await fill(settings)

    with time_machine.travel(datetime.now(UTC) - timedelta(1)):
        asyncio.run(fill_then())

    later = walk(tmp_path)

    assert (later.ended.status, len(later.step("participant: sees today"))) == (0, 9)


def test_the_tour_is_walked_on_postgres(
    tmp_path: Path, postgres_server: postgres.PostgresServer, request: pytest.FixtureRequest
) -> None:
    url = postgres_server.create("yema_demo")
    request.addfinalizer(lambda: postgres_server.drop("yema_demo"))

    on_postgres = walk(tmp_path, YEMA_DATABASE_URL=url)

    assert (on_postgres.ended.status, (tmp_path / "yema.sqlite").exists()) == (0, False)
    assert len(on_postgres.step("participant: sees today")) == 9


def test_a_proxy_that_is_set_for_the_internet_is_not_asked_for_the_own_server(filled: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"

    ended = walk(filled, HTTP_PROXY=nowhere, http_proxy=nowhere, ALL_PROXY=nowhere, NO_PROXY="", no_proxy="").ended

    assert (ended.status, ended.err) == (0, "")


def test_the_demo_never_walks_through_another_server(tmp_path: Path, walked: Walked) -> None:
    with serving(walked.data) as other:
        ended = yema("demo", "--once", "--port", str(other.port), "--data", tmp_path)

    sentence = f"Cannot listen on 127.0.0.1 port {other.port} (Address already in use)."
    assert ended == Ended(1, "", f"{sentence} Name another with --port or --host.\n")


def test_the_demo_does_not_fill_a_folder_that_is_being_served(live: Live) -> None:
    ended = walk(live.data).ended

    assert ended == Ended(1, "", f"Another server is already using {live.data}.\n")


def test_sigterm_ends_the_demo_with_its_server(filled: Path) -> None:
    with started("demo", "--port", str(free_port()), "--data", filled) as demo:
        assert demo.stdout is not None
        next(line for line in demo.stdout if "Ctrl-C ends it" in line)
        [server] = psutil.Process(demo.pid).children()

        demo.send_signal(signal.SIGTERM)

        assert (demo.wait(20), server.is_running()) == (0, False)


def test_sigterm_while_the_server_starts_ends_it_too(filled: Path) -> None:
    with started("demo", "--port", str(free_port()), "--data", filled) as demo:
        server = first_child(demo.pid)

        demo.send_signal(signal.SIGTERM)
        demo.wait(20)
        _, alive = psutil.wait_procs([server], timeout=STOP_SECONDS)
        for left in alive:
            left.kill()

        assert alive == []


def first_child(parent: int) -> psutil.Process:
    while not (children := psutil.Process(parent).children()):
        time.sleep(0.005)
    return children[0]


def test_the_tour_says_when_a_server_holds_no_demo(live: Live) -> None:
    ended = yema("tour", "--url", live.server.url)

    sentence = f"The tour stopped: leader@demo.example can sign in: does {live.server.url} hold the demo?\n"
    assert ended == Ended(1, "", sentence)


@pytest.mark.parametrize(("url", "why"), [("http://127.0.0.1:1", "ConnectError"), ("nonsense", "UnsupportedProtocol")])
def test_the_tour_says_when_nobody_answers(url: str, why: str) -> None:
    assert yema("tour", "--url", url) == Ended(1, "", f"The server at {url} does not answer ({why}).\n")


def test_the_tour_walks_through_a_running_demo(walked: Walked) -> None:
    with serving(walked.data) as server:
        ended = yema("tour", "--url", server.url, "--locale", "de")

    assert (ended.status, ended.err) == (0, "")


@pytest.mark.parametrize("arguments", [["nonsense"], ["demo", "--port", "0"], ["pack", "validate", "/nowhere"]])
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert yema(*arguments).status == 2
