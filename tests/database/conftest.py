"""A table of the tests' own, and an engine over it: how the engines behave does not depend on what is stored."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from yema.database import Statement, execute
from yema.database.sqlite import GroupEngine
from yema.database.statements import use


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[GroupEngine]:
    """A SQLite engine with the tables `counter` (one row) and `note`."""
    engine = GroupEngine(tmp_path / "test.sqlite")
    await engine.start()
    use(engine)
    async with engine.begin():
        for ddl in (
            "CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
            "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
            "INSERT INTO counter VALUES (1, 0)",
        ):
            await execute(Statement(ddl))
    yield engine
    use(None)
    await engine.stop()
