"""Putting a backup back: everything is made ready in a folder beside the database, and takes its place in one step at the end."""

import asyncio
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from msgspec.structs import replace

from yema.accounts.actions.devices import forget_all_devices
from yema.accounts.actions.tokens import end_again
from yema.backup.file import (
    BackupTrouble,
    Manifest,
    keyring_copy,
    must_be_sqlite,
    private,
    proof_of_key,
    read_keys,
    rewrite,
    unpack,
)
from yema.backup.media import lay_back
from yema.backup.swapping import RESTORING, clear, epochs_and_ended, put_in_place
from yema.backup.watch import UNWATCHED, Watch
from yema.changes import PUBLIC, transaction
from yema.database import Statement, close_database, execute, open_database
from yema.database.migrations import known, migrate
from yema.database.opening import FILE as DATABASE
from yema.erasing import erase_again
from yema.errors import YemaError
from yema.notifications.actions.sweeping import keep_silent
from yema.server import CannotServe, alone
from yema.settings import Settings
from yema.vault.keyring import ENDED, LEDGER, add_keys, enter, is_wrapped_with, named_in, wrapped_keys
from yema.vault.keys import KEYRING

WrappedKeys = dict[UUID, tuple[bytes, str]]

EPOCH_BITS = 31
_NEW_EPOCH = Statement("UPDATE space SET epoch = {}")
# Spaces that are founded later take the epoch of the first one: there has to be one.
_FIRST_SPACE = Statement(
    "INSERT INTO space (kind, owner, version, epoch) SELECT 'library', {}, 0, {} WHERE NOT EXISTS (SELECT 1 FROM space)"
)
_WRITERS = "SELECT DISTINCT e.person FROM journal_entry e JOIN journal_revision r ON r.entry = e.id"
_SEALED_FOR_LEADERS = ("emergency_sheet", "help_request")
_WITH_WORDS = "SELECT DISTINCT person FROM {} WHERE length(sealed) > 0"
_THERE = "SELECT 1 FROM sqlite_master WHERE name = ?"


async def restore(settings: Settings, file: Path, watch: Watch = UNWATCHED, *, even_so: bool = False) -> None:
    """Put a backup in the place of the SQLite database of a data folder that no server has.

    The present keyring stays, and takes from the keyring's copy what it lacks. Who was erased is erased again, sign-ins that were
    ended stay ended, and all phones fetch everything again, and register anew for notifications. The database that was there is kept
    beside. Raises `BackupTrouble`; the database is then what it was. `even_so`: also where diaries stay closed, or everybody has to
    sign in again.
    """
    must_be_sqlite(settings)
    keys = read_keys(settings)
    try:
        with alone(settings.data):
            await _Restoring(settings, file, watch, even_so).run(*keys)
    except CannotServe:
        raise BackupTrouble(f"A server is using {settings.data}: stop it first.") from None
    except (OSError, sqlite3.Error, YemaError) as error:
        why = getattr(error, "strerror", None) or getattr(error, "title", None) or error
        raise BackupTrouble(f"{file} could not be restored ({why}); the database is what it was.") from None


class _Restoring:
    """One restore; nothing that is in use is touched before `_take_over`."""

    def __init__(self, settings: Settings, file: Path, watch: Watch, even_so: bool) -> None:
        self._settings, self._file, self._watch, self._even_so = settings, file, watch, even_so
        self._data = settings.data
        self._staging = settings.data / RESTORING

    async def run(self, server: bytes, journals: bytes) -> None:
        await asyncio.to_thread(clear, self._data)
        self._staging.mkdir(0o700)
        try:
            manifest = await asyncio.to_thread(unpack, self._file, self._staging, self._watch)
            self._check(manifest, server)
            erased = self._named(LEDGER)
            present, added = self._keys(journals, erased)
            self._check_diaries(present.keys() | added.keys() | erased)
            epochs, ended = epochs_and_ended(self._data / DATABASE)
            again = await self._bring_up(_unused(epochs), ended | self._named(ENDED), erased)
            await asyncio.to_thread(self._take_over, added, manifest)
        finally:
            await asyncio.to_thread(clear, self._data)
        self._watch.say(
            f"The data of {manifest.made_at:%Y-%m-%d %H:%M} UTC is in place; phones fetch everything again."
        )
        self._watch.say(
            "Everything is as it was then, but for erasures and ended sign-ins: look through members and join codes. A page that"
            " was taken back or deleted since is so again when its author's phone has synced."
        )
        self._watch.say(
            "Phones get notifications again when their apps were opened; what had not been told yet is not told any more."
        )
        if again:
            self._watch.say(f"Erased since then, and erased again: {again}.")

    def _check(self, manifest: Manifest, server: bytes) -> None:
        if unknown := set(manifest.migrations) - known():
            raise BackupTrouble(
                f"{self._file} was made by a newer YEMA (it has {min(unknown)}): install that one first."
            )
        if manifest.server_key != proof_of_key(server, manifest.parts[DATABASE]) and not self._even_so:
            raise BackupTrouble(
                f"{self._file} was made with another server.key than {self._settings.keys_folder / 'server.key'}: put that one back,"
                " or everybody has to sign in again (--even-so)."
            )

    def _named(self, ledger: str) -> set[UUID]:
        """Whom the ledgers of the folder and of the backup name, together."""
        return {UUID(name) for name in named_in(self._data / ledger) | named_in(self._staging / ledger)}

    def _keys(self, journals: bytes, erased: set[UUID]) -> tuple[WrappedKeys, WrappedKeys]:
        """The present keys, and those to be added from the keyring's copy. Raises `BackupTrouble` where journals.key opens them not."""
        copy = keyring_copy(self._file)
        present, copied = self._data / KEYRING, self._staging / KEYRING
        if copy.exists():
            with copy.open("rb") as source, private(copied) as target:
                shutil.copyfileobj(source, target)
        kept = _opened(present, present, journals)
        found = _opened(copied, copy, journals)
        return kept, {who: key for who, key in found.items() if who not in kept and who not in erased}

    def _check_diaries(self, openable: set[UUID]) -> None:
        with closing(sqlite3.connect(self._staging / DATABASE)) as raw:
            writers = raw.execute(_WRITERS).fetchall()
            for table in _SEALED_FOR_LEADERS:
                if raw.execute(_THERE, (table,)).fetchone():  # older backups have none
                    writers += raw.execute(_WITH_WORDS.format(table)).fetchall()
            closed = {UUID(row[0]) for row in writers} - openable
        if closed and not self._even_so:
            raise BackupTrouble(
                f"{len(closed)} of the diaries in {self._file} have no key here: put {keyring_copy(self._file)} beside it,"
                " or they stay closed for ever (--even-so)."
            )

    async def _bring_up(self, epoch: int, ended: set[UUID], erased: set[UUID]) -> int:
        """Bring the staged database up to date, and to what was decided since; how many people were erased again."""
        self._watch.step("Bringing up to date", 0, 1)
        await open_database(replace(self._settings, data=self._staging))
        try:
            await migrate()
            async with transaction() as tx:
                await execute(_NEW_EPOCH, epoch)
                await execute(_FIRST_SPACE, PUBLIC, epoch)
                await end_again(sorted(ended), at=tx.at)
                await forget_all_devices()
            await keep_silent()
            again = await erase_again(erased)
        finally:
            await close_database()
        await asyncio.to_thread(rewrite, self._staging / DATABASE, self._new)
        self._watch.step("Bringing up to date", 1, 1)
        return again

    @property
    def _new(self) -> Path:
        return self._staging / "new.sqlite"

    def _take_over(self, added: WrappedKeys, manifest: Manifest) -> None:
        """Media, ledgers and keys first: what they bring does not harm the present database, should this be broken off."""
        lay_back(self._settings, self._staging, manifest, self._watch)
        for ledger in (LEDGER, ENDED):
            if missing := named_in(self._staging / ledger) - named_in(self._data / ledger):
                enter(self._data / ledger, sorted(missing))
        (self._data / KEYRING).touch(0o600)  # it may be that there are no keys, even so
        add_keys(self._data / KEYRING, added)
        kept = put_in_place(self._data, self._new)
        if kept is not None:
            self._watch.say(f"The database that was there is kept as {kept}: delete it when all is well.")


def _opened(keyring: Path, named: Path, journals: bytes) -> WrappedKeys:
    """The keys in a keyring, none where there is no such file. Raises `BackupTrouble` where journals.key is not theirs."""
    try:
        found = wrapped_keys(keyring) if keyring.exists() else {}
    except (sqlite3.Error, ValueError):
        raise BackupTrouble(
            f"{named} is damaged: move it away; keys come from the keyring's copy of a backup."
        ) from None
    if not all(is_wrapped_with(journals, person, wrapped) for person, (wrapped, _) in found.items()):
        raise BackupTrouble(f"journals.key does not open the keys in {named}: put the right one back first.")
    return found


def _unused(epochs: set[int]) -> int:
    """An epoch that no phone has ever seen: of two thousand million, one by chance."""
    while (epoch := secrets.randbits(EPOCH_BITS)) <= 1 or epoch in epochs:
        pass
    return epoch
