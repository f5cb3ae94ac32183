"""What the doctor has to know of the database. It is only read: a folder of yesterday stays as it is, and knows nothing of channels."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import asyncpg

from yema.database.statements import as_instant
from yema.ids import now
from yema.settings import Settings

SECONDS_MAX = 5
_DEVICES = (
    "SELECT d.channel, count(*) FROM device d JOIN sign_in s ON s.id = d.sign_in"
    " WHERE d.gone_at IS NULL AND s.ended_at IS NULL GROUP BY d.channel"
)
_BROKEN = (
    "SELECT channel, broken_since, trouble FROM notification_channel WHERE broken_since IS NOT NULL ORDER BY channel"
)
_NO_KEY = "SELECT count(DISTINCT device) FROM delivery WHERE trouble = 'apns_credentials' AND made_at > "
"""Of the last day. The app's other deliveries go on, so the channel itself is not broken."""
_DAY = timedelta(days=1)


class Unreadable(Exception):
    """A sentence."""


class Broken(NamedTuple):
    """A channel by which nothing goes."""

    channel: str
    since: datetime
    trouble: str


class Stored(NamedTuple):
    """How many devices are registered for each channel, which channels do not work, and how many iPhones Firebase has no key for."""

    devices: dict[str, int]
    broken: list[Broken]
    without_key: int = 0


def read_stored(settings: Settings) -> Stored:
    """Raises `Unreadable` where a Postgres cannot be asked."""
    if settings.database_url:
        try:
            return asyncio.run(_from_postgres(settings.database_url))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unreadable(
                f"The database cannot be asked ({type(error).__name__}): look at database_url, and whether Postgres runs."
            ) from None
    return _from_sqlite(settings)


def _from_sqlite(settings: Settings) -> Stored:
    database = settings.data / "yema.sqlite"
    if not database.exists():
        return Stored({}, [])
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            [[without_key]] = connection.execute(f"{_NO_KEY} ?", [str(now() - _DAY)]).fetchall()
            return _stored(connection.execute(_DEVICES).fetchall(), connection.execute(_BROKEN).fetchall(), without_key)
    except sqlite3.Error:  # older than devices and channels, or damaged, of which another sentence speaks
        return Stored({}, [])


async def _from_postgres(url: str) -> Stored:
    async with asyncio.timeout(SECONDS_MAX):
        connection = await asyncpg.connect(url)
        try:
            [[without_key]] = await connection.fetch(f"{_NO_KEY} $1", now() - _DAY)
            return _stored(await connection.fetch(_DEVICES), await connection.fetch(_BROKEN), without_key)
        except asyncpg.UndefinedTableError:
            return Stored({}, [])
        finally:
            await connection.close()


def _stored(devices: Iterable[Any], broken: Iterable[Any], without_key: int) -> Stored:
    return Stored(
        {row[0]: row[1] for row in devices},
        [Broken(channel, as_instant(since), trouble or "unknown") for channel, since, trouble in broken],
        without_key,
    )
