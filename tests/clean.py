"""Postgres databases for the tests: like the template, and used again by the next test where one has only written rows.

To copy the template and to drop the copy takes 150 ms, more than most tests; to empty it takes 10.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import asyncpg

from tests.postgres import PostgresServer

GROWTH_MAX = 4 * 1024 * 1024
"""Bytes. What deleted rows leave behind would hold up those who come later."""

_SHAPE = """
SELECT concat_ws(
    ' ',
    (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_class),
    (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_attribute),
    (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_constraint),
    (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_trigger),
    (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_proc),
    (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()),
    (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM migration)
)
"""
"""Another word as soon as anything but rows is different: tables, columns, triggers, settings, migrations."""
_SIZE = "SELECT pg_database_size(current_database())"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_NUMBERS = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE sequencename <> 'migration_id_seq'"


class CleanDatabases:
    """Of one server, for one test after the other."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._clean: list[str] = []
        self._numbers = count(1)
        self._shape: str
        self._size: int
        self._shape, self._size, tables = _elsewhere(self._look())
        # `replica`: no foreign key is looked at, since nothing is left that could refer to anything.
        self._empty = "SET session_replication_role = replica; SET lock_timeout = '1s';" + ";".join(
            f'DELETE FROM "{table}"' for table in tables
        )

    def take(self) -> str:
        """The name of one that nobody uses."""
        if self._clean:
            return self._clean.pop()
        name = f"yema_{next(self._numbers)}"
        self._server.create(name, self._template)
        return name

    def give_back(self, name: str) -> None:
        """It is emptied for the next one; where a test has done more than write rows, it is dropped."""
        if _elsewhere(self._cleaned(name)):
            self._clean.append(name)
        else:
            self._server.drop(name)

    async def _look(self) -> tuple[str, int, list[str]]:
        session = await asyncpg.connect(self._server.url(self._template))
        try:
            tables = [row[0] for row in await session.fetch(_TABLES)]
            return await session.fetchval(_SHAPE), await session.fetchval(_SIZE), tables
        finally:
            await session.close()

    async def _cleaned(self, name: str) -> bool:
        try:
            session = await asyncpg.connect(self._server.url(name))
        except asyncpg.PostgresError:  # gone, or closed to everybody
            return False
        try:
            if await session.fetchval(_SHAPE) != self._shape:
                return False
            await session.execute(f"{_OTHERS};{self._empty};{_NUMBERS}")
            size: int = await session.fetchval(_SIZE)
            return size < self._size + GROWTH_MAX
        except asyncpg.PostgresError:  # somebody still holds a row
            return False
        finally:
            await session.close()


def _elsewhere(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread, since a test's event loop may be here already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
