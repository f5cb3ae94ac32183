"""Opening the house: keys, keyring, mail, media, database; and closing it again. The server, the command and the tests do the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yema.activities.reading.shelf import clear_shelves
from yema.database import Statement, close_database, fetch, open_database
from yema.database.migrations import migrate
from yema.http.ready import forget_ready_bytes
from yema.mail import open_mail
from yema.media.store import close_store, open_store
from yema.settings import Settings
from yema.vault import KeysMissing, keyring, open_keyring, open_keys
from yema.vault.keys import KEYRING

_SEALED = Statement(
    "SELECT 1 FROM journal_revision UNION ALL SELECT 1 FROM emergency_sheet WHERE length(sealed) > 0"
    " UNION ALL SELECT 1 FROM help_request WHERE length(sealed) > 0 LIMIT 1"
)


@asynccontextmanager
async def open_house(settings: Settings, *, checkpoints: bool = True) -> AsyncIterator[None]:
    """Make what is missing in the data folder, bring the database up to date, and hold everything open.

    A command that runs beside a server passes `checkpoints=False`: only the server may checkpoint SQLite's WAL.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)  # nobody else looks into it
    open_keys(settings)
    open_store(settings)
    opened = await open_keyring(settings)
    open_mail(settings)
    try:
        await open_database(settings, checkpoints=checkpoints)
        try:
            await migrate()
            await _check_keyring(settings)
            clear_shelves()
            forget_ready_bytes()
            yield
        finally:
            await close_database()
    finally:
        close_store()
        await opened.close()


async def _check_keyring(settings: Settings) -> None:
    """Raises `KeysMissing` where there are diaries and no keyring: going on would make new keys beside closed diaries."""
    if keyring().is_new and await fetch(_SEALED):
        (settings.data / KEYRING).unlink()
        raise KeysMissing(
            f"{settings.data / KEYRING} is missing, and the database holds journals: put the keyring's last copy back first."
        )
