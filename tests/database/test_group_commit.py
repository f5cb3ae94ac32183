"""Transactions that share a COMMIT: each undoes only itself, and none is told that it is on the disk before it is."""

import asyncio
import random
import sqlite3
from contextlib import suppress
from typing import Any

import pytest

from yema.database import Statement, execute, fetch
from yema.database.sqlite import GroupEngine
from yema.errors import DiskFull, Unavailable, YemaError

ADD = Statement("UPDATE counter SET n = n + 1 WHERE id = 1")
COUNT = Statement("SELECT n FROM counter WHERE id = 1")
NOTE = Statement("INSERT INTO note (text) VALUES ({})")
NOTES = Statement("SELECT count(*) FROM note")


async def add(engine: GroupEngine, *, fails: bool = False) -> None:
    async with engine.begin():
        await execute(ADD)
        if fails:
            raise ValueError


async def counted() -> int:
    [[n]] = await fetch(COUNT)
    return int(n)


def commits_of(engine: GroupEngine) -> list[str]:
    """Every COMMIT that reaches SQLite from now on."""
    seen: list[str] = []
    engine.writer.raw.set_trace_callback(lambda sql: seen.append(sql) if sql.startswith("COMMIT") else None)
    return seen


async def test_transactions_that_wait_together_share_a_commit(sqlite: GroupEngine) -> None:
    commits = commits_of(sqlite)

    await asyncio.gather(*(add(sqlite) for _ in range(64)))

    assert (await counted(), len(commits) <= 4) == (64, True)


async def test_one_that_fails_undoes_only_itself(sqlite: GroupEngine) -> None:
    results = await asyncio.gather(*(add(sqlite, fails=i % 3 == 0) for i in range(300)), return_exceptions=True)

    assert (await counted(), sum(result is None for result in results)) == (200, 200)


async def test_a_broken_constraint_undoes_only_its_own_transaction(sqlite: GroupEngine) -> None:
    async def note(text: str) -> None:
        async with sqlite.begin():
            await execute(NOTE, f"{text} before")
            await execute(NOTE, text)

    results = await asyncio.gather(
        *(note("same" if i % 2 else f"other {i}") for i in range(20)), return_exceptions=True
    )

    [[notes]] = await fetch(NOTES)
    assert (sum(result is None for result in results), notes) == (11, 22)


async def test_what_was_told_to_be_saved_is_saved_in_a_storm_of_cancellations(sqlite: GroupEngine) -> None:
    chance = random.Random(7)
    tasks = [asyncio.create_task(add(sqlite)) for _ in range(400)]
    for _ in range(20):
        await asyncio.sleep(0)
        for task in tasks:
            if chance.random() < 0.03:
                task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    told = sum(result is None for result in results)
    await add(sqlite)

    assert told + 1 <= await counted() <= 401


async def test_a_group_is_committed_when_the_last_in_line_gives_up(sqlite: GroupEngine) -> None:
    entered = asyncio.Event()

    async def first() -> None:
        async with sqlite.begin():
            await execute(ADD)
            entered.set()
            await asyncio.sleep(0.05)

    task = asyncio.create_task(first())
    await entered.wait()
    waiting = asyncio.create_task(add(sqlite))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, waiting.cancel)
    await asyncio.wait_for(task, 2)
    with suppress(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(add(sqlite), 2)

    assert await counted() >= 2


async def test_nobody_hears_of_success_when_the_commit_fails(
    sqlite: GroupEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite.writer._threaded, "commit", broken)
        results = await asyncio.gather(*(add(sqlite, fails=i == 3) for i in range(8)), return_exceptions=True)
    await add(sqlite)

    assert ([type(result) for result in results], await counted()) == ([Unavailable] * 8, 1)


async def test_a_full_disk_fails_the_whole_group_and_frees_the_writer(sqlite: GroupEngine) -> None:
    [[pages]] = sqlite.writer.raw.execute("PRAGMA page_count").fetchall()
    sqlite.writer.raw.execute(f"PRAGMA max_page_count={pages + 4}").fetchall()

    async def write(size: int) -> None:
        async with sqlite.begin():
            await execute(ADD)
            await execute(NOTE, random.Random(size).randbytes(size).hex())

    results = await asyncio.gather(*(write(size) for size in (10, 20, 500_000, 30)), return_exceptions=True)
    sqlite.writer.raw.execute("PRAGMA max_page_count=100000").fetchall()
    saved = sum(result is None for result in results)
    await write(40)

    assert any(isinstance(result, DiskFull) for result in results), results
    assert all(result is None or isinstance(result, YemaError) for result in results)
    assert await counted() == saved + 1


async def test_who_only_read_on_the_writer_waits_for_what_they_saw(sqlite: GroupEngine) -> None:
    order: list[str] = []

    async def reader() -> None:
        async with sqlite.begin():
            assert await counted() == 1  # the neighbour's, not yet on the disk
        order.append("reader")

    async def writer() -> None:
        async with sqlite.begin():
            await execute(ADD)
        order.append("writer")

    await asyncio.gather(writer(), reader())

    assert order == ["writer", "reader"]


async def test_a_busy_writer_is_503_after_a_while(sqlite: GroupEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yema.database.writer.WAIT_SECONDS", 0.05)
    holding, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with sqlite.begin():
            holding.set()
            await done.wait()

    task = asyncio.create_task(hold())
    await holding.wait()
    with pytest.raises(Unavailable):
        await add(sqlite)
    done.set()
    await task
    await add(sqlite)

    assert await counted() == 1


async def test_another_process_that_writes_is_waited_for(sqlite: GroupEngine) -> None:
    other = sqlite3.connect(sqlite.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE counter SET n = 10 WHERE id = 1")
    asyncio.get_running_loop().call_later(0.1, other.execute, "COMMIT")

    await add(sqlite)
    other.close()

    assert await counted() == 11


async def test_a_task_that_outlives_its_transaction_does_not_use_it(sqlite: GroupEngine) -> None:
    late: list[asyncio.Task[Any]] = []

    async def write_late() -> None:
        await asyncio.sleep(0.02)
        await execute(ADD)

    async with sqlite.begin():
        late.append(asyncio.create_task(write_late()))
    [result] = await asyncio.gather(*late, return_exceptions=True)

    assert (type(result).__name__, await counted()) == ("WrittenAround", 0)


async def test_what_was_acknowledged_is_in_the_file(sqlite: GroupEngine) -> None:
    await add(sqlite)

    with sqlite3.connect(f"file:{sqlite.path}?mode=ro", uri=True) as other:
        assert other.execute("SELECT n FROM counter").fetchone() == (1,)


async def test_the_pragmas_are_those_that_keep_diaries(sqlite: GroupEngine) -> None:
    def pragma(name: str) -> Any:
        return sqlite.writer.raw.execute(f"PRAGMA {name}").fetchone()[0]

    assert {name: pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")} == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
