"""Bring a database up to date: one set of files for SQLite and Postgres, each run once, in the order of the apps and their ids."""

import contextlib
import importlib
import io
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType

from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import Finder
from piccolo.query.methods.create import Create
from piccolo.query.methods.create_index import CreateIndex

from yema.database.opening import engine


async def migrate() -> list[str]:
    """Run what has not run yet; the ids of what ran. Each migration and the note that it ran are one transaction."""
    if not await Migration.table_exists():
        async with engine().begin():
            await engine().lock_migrations()
            await Migration.create_table(if_not_exists=True)
    done = {(row["app_name"], row["name"]) for row in await Migration.select(Migration.app_name, Migration.name)}
    return [module.ID for app, module in _modules() if (app, module.ID) not in done and await _run(module, app)]


def known() -> set[str]:
    """All migrations that this YEMA has, as `app/id`."""
    return {f"{app}/{module.ID}" for app, module in _modules()}


def sql(*statements: str) -> Callable[[], Awaitable[None]]:
    """Statements for `MigrationManager.add_raw`, the same on both databases."""

    async def run() -> None:
        for statement in statements:
            await engine().run_ddl(statement)

    return run


async def _run(module: ModuleType, app: str) -> bool:
    """Run one migration, unless another process was faster."""
    manager = await module.forwards()
    manager.wrap_in_transaction = False  # ours holds the note as well
    async with engine().begin():
        await engine().lock_migrations()
        if await Migration.exists().where(Migration.name == module.ID, Migration.app_name == app):
            return False
        with contextlib.redirect_stdout(io.StringIO()):  # Piccolo prints what it does
            await manager.run()
        await Migration.insert(Migration(name=module.ID, app_name=app))
    return True


def _modules() -> Iterator[tuple[str, ModuleType]]:
    for config in Finder().get_app_configs():
        package = importlib.import_module(f"yema.{config.app_name}.piccolo_migrations")
        for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            yield config.app_name, importlib.import_module(f"{package.__name__}.{found.name}")


def _sqlite_create(self: Create) -> list[str]:
    """CREATE TABLE with its constraints inside: Piccolo adds them with ALTER TABLE, which SQLite has not."""
    meta = self.table._meta
    parts = [column.ddl for column in (meta.non_default_columns if self.only_default_columns else meta.columns)]
    parts += [f'CONSTRAINT "{c._meta.name}" {c.ddl}' for c in meta.constraints]
    exists = "IF NOT EXISTS " if self.if_not_exists else ""
    statements = [f"CREATE TABLE {exists}{meta.get_formatted_tablename()} ({', '.join(parts)})"]
    for column in meta.columns:
        if column._meta.index:
            index = CreateIndex(
                self.table, [column], method=column._meta.index_method, if_not_exists=self.if_not_exists
            )
            statements += index.ddl
    return statements


Create.sqlite_ddl = property(_sqlite_create)  # type: ignore[method-assign, assignment]
