"""Mails as files, for a house without a mail server; and deleting them."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from yema.ids import uuid7
from yema.mail.letter import Fate


class Folder:
    """Where mails are files: for a house without a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take(self, letter: EmailMessage) -> Fate:
        return await asyncio.to_thread(self._write, letter)

    async def leave(self) -> None:
        """There is nobody to say goodbye to."""

    def _write(self, letter: EmailMessage) -> Fate:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            path = self._folder / f"{uuid7()}-{mailbox_mark(letter['To'].addresses[0].addr_spec)}.eml"
            path.touch(0o600)
            path.write_bytes(bytes(letter))
        except OSError:
            return "disk"
        return "sent"


async def delete(folder: Path, names: str, older_than: timedelta) -> None:
    """Delete the files with such names that are older than that."""
    await asyncio.to_thread(_delete_files, folder, names, time.time() - older_than.total_seconds())


def _delete_files(folder: Path, names: str, before: float) -> None:
    for path in folder.glob(names):
        with suppress(FileNotFoundError):  # somebody else was faster
            if path.stat().st_mtime <= before:
                path.unlink()


def mailbox_mark(address: str) -> str:
    """Stands for a mailbox in the names of files, whichever way its address is written."""
    return sha256(address.casefold().encode(errors="replace")).hexdigest()[:32]
