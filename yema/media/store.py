"""Where the bytes are: under their SHA-256, in the data folder or in a bucket."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from yema.media.errors import BytesMissing
from yema.media.working import Bench
from yema.settings import Settings

NAME = re.compile(r"[0-9a-f]{64}")
CHUNK = 256 * 1024
FOLDER = "media"
"""The folder of the bytes, in the data folder."""


class Store(Protocol):
    """Content by its hash. All raise `StoreUnreachable` where the disk or the bucket does not answer, and `DiskFull`."""

    async def put(self, sha256: str, content: bytes) -> None:
        """Keep it; when this returns, it survives a power cut. What is there already becomes as young as what is new."""

    async def size(self, sha256: str) -> int | None:
        """In bytes, None where it is not there."""

    def stream(self, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`. Raises `BytesMissing`."""

    async def delete(self, sha256: str) -> None:
        """Let it go; nothing happens where it is not there."""

    def all_older_than(self, instant: datetime) -> AsyncIterator[str]:
        """The hashes of what was last put before an instant."""


class Opened:
    """The store of this process. `turn`: who writes bytes and their row, or takes away bytes without one, holds it meanwhile."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.turn = asyncio.Lock()
        self.bench = Bench()


_opened: Opened | None = None


def open_store(settings: Settings) -> None:
    """Use the store that the settings name. A bucket is not asked yet whether it is there."""
    global _opened
    if settings.media_url:
        from yema.media.bucket import open_bucket

        _opened = Opened(open_bucket(settings))
    else:
        from yema.media.folder import Folder

        _opened = Opened(Folder(settings.data / FOLDER))


def close_store() -> None:
    """Forget it."""
    global _opened
    _opened = None


def opened() -> Opened:
    """The store of this process. Raises RuntimeError before `open_store`."""
    if _opened is None:
        raise RuntimeError("The media store is not open.")
    return _opened


async def read(store: Store, sha256: str) -> bytes:
    """All of it. Raises `BytesMissing`."""
    size = await store.size(sha256)
    if size is None:
        raise BytesMissing
    return b"".join([chunk async for chunk in store.stream(sha256, 0, size)])
