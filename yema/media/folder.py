"""The store in the data folder: `media/ab/abcdef…`, written under another name, brought to the disk, then renamed."""

import asyncio
import errno
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from yema.errors import DiskFull
from yema.media.errors import BytesMissing, StoreUnreachable
from yema.media.store import CHUNK, NAME

UNFINISHED = "unfinished"
"""What is being written; what a power cut left here is old one day, and goes with the sweep."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Folder:
    """A `Store`. Its work is done in threads: a disk may be slow."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def put(self, sha256: str, content: bytes) -> None:
        await asyncio.to_thread(self.put_now, sha256, content)

    async def size(self, sha256: str) -> int | None:
        def look() -> int | None:
            path = path_of(self._path, sha256)
            return path.stat().st_size if path.exists() else None

        with _in_our_words():
            return await asyncio.to_thread(look)

    async def stream(self, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        with _in_our_words():
            file = await asyncio.to_thread(path_of(self._path, sha256).open, "rb")
        with file:
            file.seek(start)
            left = end - start
            while left > 0:
                with _in_our_words():
                    chunk = await asyncio.to_thread(file.read, min(CHUNK, left))
                if not chunk:
                    raise StoreUnreachable
                left -= len(chunk)
                yield chunk

    async def delete(self, sha256: str) -> None:
        with _in_our_words():
            await asyncio.to_thread(path_of(self._path, sha256).unlink, missing_ok=True)

    async def all_older_than(self, instant: datetime) -> AsyncIterator[str]:
        with _in_our_words():
            found = await asyncio.to_thread(list, self._older_than(instant.timestamp()))
        for sha256 in found:
            yield sha256

    def put_now(self, sha256: str, content: bytes) -> None:
        """The same as `put`, for whoever is in a thread already."""
        target = path_of(self._path, sha256)
        unfinished = self._path / UNFINISHED / secrets.token_hex(8)
        with _in_our_words():
            for folder in (self._path, target.parent, unfinished.parent):
                _make(folder)
            try:
                with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.rename(target)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            _sync(target.parent)

    def _older_than(self, seconds: float) -> Iterator[str]:
        if not self._path.exists():
            return
        for folder in self._path.iterdir():
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.stat().st_mtime >= seconds:
                    continue
                if folder.name == UNFINISHED:
                    path.unlink()
                elif NAME.fullmatch(path.name):
                    yield path.name


def path_of(folder: Path, sha256: str) -> Path:
    """Where content lies. Raises ValueError for what is no hash."""
    if not NAME.fullmatch(sha256):
        raise ValueError("This is no SHA-256.")
    return folder / sha256[:2] / sha256


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BytesMissing from None
    except OSError as error:
        raise (DiskFull() if error.errno in _FULL else StoreUnreachable(retry_after=5)) from None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(0o700)
    except FileExistsError:
        return
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
