"""Migrations: one set of files, from nothing to what the tables say, on both databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from piccolo.apps.migrations.auto.diffable_table import DiffableTable
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.auto.schema_differ import SchemaDiffer
from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.conf.apps import Finder

from yema.database import Statement, close_database, fetch, open_database
from yema.database.migrations import _modules, migrate
from yema.settings import Settings


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an empty database."""
    if database_kind == "sqlite":
        yield Settings(data=tmp_path)
        return
    server = request.getfixturevalue("postgres_server")
    yield Settings(data=tmp_path, database_url=server.create("yema_empty"))
    server.drop("yema_empty")


@pytest.fixture
async def opened(empty: Settings) -> AsyncIterator[None]:
    """That database, open."""
    await open_database(empty)
    yield
    await close_database()


async def test_migrations_run_once_on_an_empty_database(opened: None) -> None:
    first = await migrate()
    second = await migrate()
    tables = [
        await fetch(Statement(f'SELECT count(*) FROM "{t._meta.tablename}"')) for t in Finder().get_table_classes()
    ]

    assert (len(first) >= 10, second, [tuple(rows[0]) for rows in tables]) == (True, [], [(0,)] * len(tables))


async def test_the_tables_and_the_migrations_say_the_same(opened: None) -> None:
    managers: dict[str, list[MigrationManager]] = {}
    for app, module in _modules():
        managers.setdefault(app, []).append(await module.forwards())
    missing = {}
    for config in Finder().get_app_configs():
        snapshot = SchemaSnapshot(managers=managers[config.app_name]).get_snapshot()
        now = [
            DiffableTable(class_name=t.__name__, tablename=t._meta.tablename, columns=t._meta.non_default_columns)
            for t in config.table_classes
        ]
        differ = SchemaDiffer(schema=now, schema_snapshot=snapshot)
        missing[config.app_name] = [s for change in differ.get_alter_statements() for s in change.statements]

    assert missing == {app: [] for app in missing}
