"""Data folders with people in them, and what can be said of their files."""

import hashlib
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from yema.app import create_asgi
from yema.backup import back_up
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings


class Lived(NamedTuple):
    """A folder in which somebody has written a page, and the file for its backup, which is not there yet."""

    settings: Settings
    file: Path
    exchange: UUID
    person: UUID
    token: str
    refresh_token: str

    @property
    def data(self) -> Path:
        return self.settings.data

    @property
    def keyring_copy(self) -> Path:
        return self.file.with_name(f"{self.file.name}.keyring")


async def lived_in(folder: Path, text: str = "Dear diary", name: str = "Nina") -> Lived:
    """Make one."""
    settings = Settings(data=folder / "data")
    async with open_house(settings):
        exchange = await make.exchange()
        person = await make.participant(exchange, await make.group(exchange), name=name)
        tokens = await make.tokens(person)
        lived = Lived(settings, folder / "backup.zip", exchange, person, tokens.access_token, tokens.refresh_token)
        await write(lived, text)
    return lived


async def gone_on(folder: Path) -> Lived:
    """One with its backup, and a page that was written later."""
    lived = await lived_in(folder)
    await back_up(lived.settings, lived.file)
    async with open_house(lived.settings):
        await write(lived, "Later")
    return lived


async def write(lived: Lived, text: str) -> UUID:
    """Write one more page, while the house is open."""
    entry = uuid7()
    answer = await ask(lived, "PUT", f"/journal/entries/{entry}", make.entry(lived.exchange, text))
    assert answer.status_code == 201, answer.text
    return entry


async def ask(lived: Lived, method: str, path: str, body: object = None, token: str | None = None) -> httpx.Response:
    """Ask as that person, while the house is open."""
    app = TestApp(create_asgi(lived.settings))
    try:
        return await app.with_token(token or lived.token).request(method, path, json=body)
    finally:
        await app.close()


async def texts(lived: Lived) -> list[str]:
    """What that person finds in their diary when the house opens again."""
    async with open_house(lived.settings):
        answer = await ask(lived, "GET", "/journal/entries?limit=200")
    return sorted(item["text"] for item in answer.json()["items"])


def epochs(data: Path) -> set[int]:
    """The epochs of all spaces."""
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw:
        return {row[0] for row in raw.execute("SELECT epoch FROM space")}


def before_files(data: Path) -> list[Path]:
    """The databases that stood there before a backup was put back."""
    return sorted(data.glob("yema.sqlite.before-*"))


def state(folder: Path) -> dict[str, str]:
    """Every file in a folder by its name, with a hash of what it holds. The lock is none of them, nor SQLite's index of a WAL."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "serving" and not path.name.endswith("-shm")
    }


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def holding(folder: Path, *words: str) -> list[str]:
    """The files that hold one of these words."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    ]
