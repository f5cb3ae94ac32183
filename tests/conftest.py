"""A house for each test, on SQLite and on Postgres, each cloned from one that was migrated once."""

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from tests import postgres
from tests.clean import CleanDatabases
from tests.client import TestApp
from yema.app import create_app, with_layers
from yema.house import open_house
from yema.http.log import configure_logs
from yema.settings import Settings

_BINARIES = postgres.binaries()
_MEMORY, _ROOM = Path("/dev/shm"), 2 * 1024**3


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--prove", action="store_true", help="The long proofs: as many rounds as the figures in the notes say."
    )


def pytest_configure(config: pytest.Config) -> None:
    _work_in_memory()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each request, which nobody reads
    config.addinivalue_line("markers", "postgres: About Postgres alone; SQLite has one writer, or no server.")


def _work_in_memory() -> None:
    """Files of the tests are not worth a disk: half of the time they would wait for it. What passes takes its own away again."""
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # it is looked for again


def pytest_report_header() -> str:
    return f"postgres: {_BINARIES}" if _BINARIES else postgres.MISSING


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not _BINARIES:
        terminalreporter.write_line(postgres.MISSING, red=True, bold=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever asks for `settings` runs on both databases, or says loudly that it did not."""
    if "database_kind" in metafunc.fixturenames:
        kinds = [] if metafunc.definition.get_closest_marker("postgres") else ["sqlite"]
        metafunc.parametrize("database_kind", [*kinds, "postgres"] if _BINARIES else kinds, scope="function")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """The one Postgres of this session."""
    assert _BINARIES is not None
    server = postgres.PostgresServer(_BINARIES)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database."""
    folder = tmp_path_factory.mktemp("template")
    asyncio.run(_migrate(Settings(data=folder)))
    return folder / "yema.sqlite"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, empty Postgres database."""
    url = postgres_server.create("yema_template")
    asyncio.run(_migrate(Settings(data=tmp_path_factory.mktemp("pg"), database_url=url)))
    return "yema_template"


@pytest.fixture(scope="session")
def clean_databases(postgres_server: postgres.PostgresServer, postgres_template: str) -> CleanDatabases:
    """A migrated, empty Postgres database for each test."""
    return CleanDatabases(postgres_server, postgres_template)


async def _migrate(settings: Settings) -> None:
    async with open_house(settings):
        pass


@pytest.fixture
def settings(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of a fresh data folder with a migrated, empty database."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "yema.sqlite")
        yield Settings(data=tmp_path)
        return
    server: postgres.PostgresServer = request.getfixturevalue("postgres_server")
    databases: CleanDatabases = request.getfixturevalue("clean_databases")
    name = databases.take()
    yield Settings(data=tmp_path, database_url=server.url(name))
    databases.give_back(name)


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[Settings]:
    """An open house."""
    async with open_house(settings):
        yield settings


@pytest.fixture(scope="session")
def litestar_app() -> Litestar:
    """One for all: it takes a tenth of a second to make, and knows nothing of a house but its settings."""
    return create_app(Settings(data=Path("unused")))


@pytest.fixture
async def app(house: Settings, litestar_app: Litestar) -> AsyncIterator[TestApp]:
    """The application over an open house, as phones see it."""
    configure_logs(house.log_level)
    litestar_app.state.settings = house
    test_app = TestApp(with_layers(litestar_app))
    yield test_app
    await test_app.close()
