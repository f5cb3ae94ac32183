"""What the drivers say went wrong, as errors of ours."""

import sqlite3

import asyncpg

from yema.errors import DiskFull, Unavailable, YemaError

_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR)
_BUSY_POSTGRES = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the driver was asked in the moment in which it lost its connection
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # a restart, a shutdown, a statement that somebody cancelled
    asyncpg.PostgresSystemError,  # its disk cannot be read or written
    asyncpg.TransactionRollbackError,  # a deadlock, a serialization failure
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    asyncpg.ForeignKeyViolationError,  # what it refers to is gone since we looked, and who asks again is told so
    asyncpg.InvalidCachedStatementError,  # somebody migrated beside us; the driver has forgotten the statement by now
)
_GONE = ("is closed", "is closing", "released back to the pool")


class WrittenAround(Exception):
    """A programming fault: something was written outside `transaction()`, or without saying which space it touched."""


def _primary(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_gone(error: BaseException) -> bool:
    """Whether the connection, or the pool, was gone already. Wrong arguments are an InterfaceError too, and a fault of the program."""
    return isinstance(error, asyncpg.InterfaceError) and any(words in str(error) for words in _GONE)


def trouble(error: BaseException) -> YemaError | None:
    """The error of ours that says what a driver's error means to the reader, or None where it is a fault of the program."""
    if isinstance(error, YemaError):
        return error
    if isinstance(error, asyncpg.DiskFullError):
        return DiskFull()
    if isinstance(error, (*_BUSY_POSTGRES, ConnectionError, TimeoutError)) or _is_gone(error):
        return Unavailable(retry_after=1)
    if isinstance(error, sqlite3.Error):
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:  # likewise
            return Unavailable(retry_after=1)
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
