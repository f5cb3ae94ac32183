"""What the drivers say went wrong, as errors of ours."""

import sqlite3

import asyncpg

from yema.errors import DiskFull, Unavailable, YemaError

_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR)
_BUSY_POSTGRES = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)


class WrittenAround(Exception):
    """A programming fault: something was written outside `transaction()`, or without saying which space it touched."""


def _primary(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def trouble(error: BaseException) -> YemaError | None:
    """The error of ours that says what a driver's error means to the reader, or None where it is a fault of the program."""
    if isinstance(error, YemaError):
        return error
    if isinstance(error, asyncpg.DiskFullError | asyncpg.OutOfMemoryError):
        return DiskFull()
    if isinstance(error, (*_BUSY_POSTGRES, ConnectionError, TimeoutError)):
        return Unavailable(retry_after=1)
    if isinstance(error, sqlite3.Error):
        if _primary(error) == sqlite3.SQLITE_FULL:
            return DiskFull()
        if _primary(error) in _BUSY:
            return Unavailable(retry_after=1)
    return None


def is_taken(error: BaseException) -> bool:
    """Whether a unique index refused the row."""
    if isinstance(error, sqlite3.IntegrityError):
        return getattr(error, "sqlite_errorcode", 0) in _TAKEN
    return isinstance(error, asyncpg.UniqueViolationError)


def is_read_only(error: BaseException) -> bool:
    """Whether a read-only connection refused a write."""
    if isinstance(error, sqlite3.OperationalError):
        return _primary(error) == sqlite3.SQLITE_READONLY
    return isinstance(error, asyncpg.ReadOnlySQLTransactionError)
