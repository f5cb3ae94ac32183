"""The database: SQLite by default, Postgres for who outgrows one machine; the same statements and migrations run on both.

Nouns: an *engine* (SQLite: one writer, held readers; Postgres: a pool whose sessions are read-only until a transaction says otherwise),
a *snapshot* (reads of one moment),
a *statement* (SQL with `{}` for each argument, for the hot paths), a *group* (transactions that share one COMMIT).

Writing goes through `yema.changes.transaction()` and nothing else; the engines refuse what comes around it.
"""

from yema.database.opening import close_database, engine, open_database, snapshot
from yema.database.statements import LookUps, Row, Statement, as_id, as_instant, execute, fetch, recorded
from yema.database.trouble import WrittenAround, is_taken, trouble

__all__ = [
    "LookUps",
    "Row",
    "Statement",
    "WrittenAround",
    "as_id",
    "as_instant",
    "close_database",
    "engine",
    "execute",
    "fetch",
    "is_taken",
    "open_database",
    "recorded",
    "snapshot",
    "trouble",
]
