"""What the commands share: options, settings, and running something in an open house."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import click

from yema.errors import YemaError
from yema.settings import Settings, SettingsError, load_with_origins
from yema.vault.keys import KeysMissing

T = TypeVar("T")


class Trouble(Exception):
    """What went wrong and what to do, in a sentence."""


data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="The data folder (else YEMA_DATA, else ./yema-data)."
)


def settings_for(**flags: Any) -> Settings:
    """The settings, or a sentence about what is wrong with them."""
    try:
        return load_with_origins(**flags)[0]
    except SettingsError as error:
        raise Trouble(str(error)) from None


def in_house(settings: Settings, work: Callable[[], Coroutine[Any, Any, T]], *, beside_server: bool = False) -> T:
    """Open the house, do the work, close it. `beside_server`: another process may be serving, so leave its WAL alone."""
    from yema.house import open_house

    async def run() -> T:
        async with open_house(settings, checkpoints=not beside_server):
            return await work()

    with in_words():
        return asyncio.run(run())


@contextmanager
def in_words() -> Iterator[None]:
    """Say what went wrong with a house in a sentence instead of a traceback."""
    try:
        yield
    except KeysMissing as error:
        raise Trouble(str(error)) from None
    except YemaError as error:
        raise Trouble(f"{error.title} {error.detail}".strip() % error.values) from None
    except (OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        why = f"{type(error).__name__}: {error}"
        raise Trouble(f"The data folder or the database cannot be opened or brought up to date ({why}).") from None
