"""Mails: over SMTP where the settings name a server, else as files in the data folder's `mail/`."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from yema.mail.folder import Folder, delete, mailbox_mark
from yema.mail.letter import Fate, Mail, letter_of
from yema.mail.server import Server
from yema.settings import Settings

__all__ = ["FILES_KEPT", "Fate", "Mail", "forget_mails", "open_mail", "send_mail", "send_mails", "sweep_mails"]

log = logging.getLogger("yema")

FILES_KEPT = timedelta(days=7)

_settings: Settings | None = None


def open_mail(settings: Settings) -> None:
    """Send mails as these settings say from now on."""
    global _settings
    _settings = settings


async def send_mail(to: str, subject: str, text: str) -> None:
    """Send one mail. A failure is logged, without the address: whoever waits for a code asks again."""
    assert _settings is not None  # noqa: S101 - opening the house did it
    [fate] = await send_mails(_settings, [Mail(to, subject, text)])
    if fate != "sent":
        log.error("mail_failed", extra={"kind": fate})


async def send_mails(settings: Settings, mails: Iterable[Mail]) -> list[Fate]:
    """Send these over one connection, and say of each, in their order, what became of it. Takes 47 seconds at most; raises nothing.

    A letter takes a millisecond and more to write, so each is written only when it is sent, and requests come in between.
    """
    way_out = Server(settings.smtp_url) if settings.smtp_url else Folder(_folder(settings))
    fates: list[Fate] = []
    try:
        for mail in mails:
            letter = letter_of(mail, settings.mail_from)
            fates.append(await way_out.take(letter) if letter else "no_mailbox")
            await asyncio.sleep(0)
    finally:
        await way_out.leave()
    return fates


async def forget_mails(address: str) -> None:
    """Delete the files of mails to this address: whoever had it is erased."""
    await delete(_own_folder(), f"*-{mailbox_mark(address)}.eml", older_than=timedelta(0))


async def sweep_mails() -> None:
    """Delete mails that are files once they are older than a week. For the daily sweeping."""
    await delete(_own_folder(), "*.eml", older_than=FILES_KEPT)


def _folder(settings: Settings) -> Path:
    return settings.data / "mail"


def _own_folder() -> Path:
    assert _settings is not None  # noqa: S101 - opening the house did it
    return _folder(_settings)
