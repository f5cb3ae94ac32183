"""What a server does at its start with what the last one left behind."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from tests.activities import packs
from tests.demo.processes import serving
from yema.activities.actions import publish
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import frozen
from yema.activities.packfile import read_pack
from yema.activities.queries.source import read_source
from yema.activities.tables import PackImport, PackVersion
from yema.changes import transaction
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings

T = TypeVar("T")
SWEPT_SECONDS = 60  # a server that starts on a busy machine takes some of them


def in_house(data: Path, work: Callable[[], Awaitable[T]]) -> T:
    """Do something in this folder while no server is there."""

    async def run() -> T:
        async with open_house(Settings(data=data)):
            return await work()

    return asyncio.run(run())


def test_an_import_that_was_interrupted_is_there_when_the_server_has_started(tmp_path: Path) -> None:
    source = read_pack(packs.folder(tmp_path, packs.activity("a"), packs.activity("b")))
    data = tmp_path / "data"

    async def interrupted() -> None:
        async with transaction() as tx:
            row = {PackImport.pack: source.head.id, PackImport.public: False, PackImport.content: frozen(source)}
            await PackImport.insert(PackImport({PackImport.id: uuid7(), PackImport.made_at: tx.at, **row}))

    in_house(data, interrupted)
    with serving(data) as server:
        server.stop()

    assert in_house(data, lambda: read_source(source.head.id)) == source


def test_a_version_that_was_broken_off_is_swept(tmp_path: Path) -> None:
    source = read_pack(packs.folder(tmp_path, packs.activity("a")))
    data = tmp_path / "data"

    async def broken_off() -> None:
        await store_pack(source, organisation=None, public=False)
        await publish._stage(uuid7(), source.head.id, "")
        async with transaction() as tx:
            old = tx.at - timedelta(days=2)
            await PackVersion.update({PackVersion.published_at: old}, force=True)

    async def versions() -> int:
        found: int = await PackVersion.count()
        return found

    in_house(data, broken_off)
    deadline = time.monotonic() + SWEPT_SECONDS
    while time.monotonic() < deadline and in_house(data, versions):
        with serving(data) as server:
            time.sleep(0.5)
            server.stop()

    assert in_house(data, versions) == 0
