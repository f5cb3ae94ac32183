"""Mails: over SMTP where the settings name a server, else as files in the data folder's `mail/`."""

import asyncio
import logging
import re
import time
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from unicodedata import category
from urllib.parse import unquote, urlsplit

from yema.ids import uuid7
from yema.settings import Settings

if TYPE_CHECKING:
    from aiosmtplib import SMTP

log = logging.getLogger("yema")

SECONDS_EACH, SECONDS_ALL = 15, 40
"""How long one mail may take, and after how long no other one of a batch is begun."""
LOSSES_MAX = 3
"""After so many lost connections a batch is given up."""

Fate = Literal[
    "sent", "smtp_busy", "connection", "disk", "mailbox_refused", "mail_refused", "smtp_login", "smtp_sender"
]
"""What became of a mail. `smtp_busy`, `connection` and `disk` pass; `smtp_login` and `smtp_sender` (the server does not let us send, or not
as `mail_from`) say nothing of the mailbox."""

_DOMAIN = re.compile(r"[^\s<>()\[\],;:\\\"@]+")

_settings: Settings | None = None


class Mail(NamedTuple):
    """A mail to one mailbox, in plain text. `headers` are added to those that every mail has, or stand for them."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = {}


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


async def send_mails(settings: Settings, mails: Sequence[Mail]) -> list[Fate]:
    """Send these over one connection, and say of each, in their order, what became of it. Takes 55 seconds at most; raises nothing."""
    letters = [_letter(mail, settings.mail_from) for mail in mails]
    if not settings.smtp_url:
        return [_write(letter, settings.data / "mail") if letter else "mailbox_refused" for letter in letters]
    server = _Server(settings.smtp_url)
    try:
        return [await server.take(letter) if letter else "mailbox_refused" for letter in letters]
    finally:
        await server.leave()


def _letter(mail: Mail, sender: str) -> EmailMessage | None:
    """None where the address is none: such a header could become two addresses, or two headers."""
    local, _, domain = mail.to.rpartition("@")
    if not local or not _DOMAIN.fullmatch(domain):
        return None
    try:
        letter = EmailMessage()
        letter.set_content(mail.text)  # first, for it forgets headers of the content
        letter["From"], letter["To"] = sender, Address(username=local, domain=domain)
        letter["Subject"] = _one_line(mail.subject)
        for name, value in {"Date": formatdate(), "Message-ID": make_msgid(domain="yema"), **mail.headers}.items():
            letter[name] = _one_line(value)
    except ValueError:  # control characters in the address, half a surrogate in the words
        return None
    return letter


def _one_line(text: str) -> str:
    """Without line breaks and other control characters, so that nothing in a header begins another one."""
    return " ".join("".join(" " if category(one) == "Cc" else one for one in text).split())


def _write(letter: EmailMessage, folder: Path) -> Fate:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{uuid7()}.eml"
        path.touch(0o600)
        path.write_bytes(bytes(letter))
    except OSError:
        return "disk"
    return "sent"


class _Server:
    """A mail server, connected when the first letter comes. Who lost the connection gets another one, some times."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._how: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": parts.port,
            "use_tls": parts.scheme == "smtps",
            "timeout": SECONDS_EACH,
        }
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._smtp: SMTP | None = None
        self._trouble: Fate | None = None
        self._losses = 0
        self._until = time.monotonic() + SECONDS_ALL

    async def take(self, letter: EmailMessage) -> Fate:
        if self._trouble is None and time.monotonic() > self._until:
            self._trouble = "smtp_busy"
        if self._trouble is None:
            await self._connect()
        if self._trouble is not None or self._smtp is None:
            return self._trouble or "connection"
        try:
            async with asyncio.timeout(SECONDS_EACH):
                await self._smtp.send_message(letter, recipients=[letter["To"].addresses[0].addr_spec])
        except Exception as error:
            return self._after(error)
        return "sent"

    async def leave(self) -> None:
        if self._smtp is not None:
            try:
                async with asyncio.timeout(2):
                    await self._smtp.quit()
            except Exception:
                self._smtp.close()

    async def _connect(self) -> None:
        from aiosmtplib import SMTP  # only where there is a server

        if self._smtp is not None:
            return
        smtp = SMTP(**self._how)
        try:
            async with asyncio.timeout(SECONDS_EACH):
                await smtp.connect()
                if self._login:
                    await smtp.login(*self._login)
            self._smtp = smtp
        except Exception as error:
            self._trouble = "smtp_login" if _refuses_login(error) else "connection"
            smtp.close()

    def _after(self, error: Exception) -> Fate:
        """What became of the letter, and whether the connection can still be used."""
        from aiosmtplib import SMTPNotSupported, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

        if isinstance(error, SMTPNotSupported):  # an address in letters that this server does not know
            return "mailbox_refused"
        if isinstance(error, SMTPRecipientsRefused):
            [error] = error.recipients
            code, fate = error.code, "mailbox_refused"
        elif isinstance(error, SMTPSenderRefused):
            code, fate = error.code, "smtp_sender"
        elif isinstance(error, SMTPResponseException):
            code, fate = error.code, "mail_refused"
        else:
            return self._lost()
        if code == 421:  # RFC 5321, 3.8: it closes the connection
            return self._lost()
        if code == 530:  # RFC 4954, 6: it wants a login
            fate = "smtp_login"
        return fate if code >= 500 else "smtp_busy"  # type: ignore[return-value]

    def _lost(self) -> Fate:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None
        self._losses += 1
        if self._losses == LOSSES_MAX:
            self._trouble = "connection"
        return "connection"


def _refuses_login(error: Exception) -> bool:
    """Whether the server will not have our password, or has nobody log in: it was reached, and hung up on nobody."""
    from aiosmtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected, SMTPTimeoutError

    if isinstance(error, (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError)):
        return False
    return isinstance(error, SMTPException) and getattr(error, "code", 500) >= 500
