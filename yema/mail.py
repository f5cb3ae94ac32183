"""Mails: over SMTP where the settings name a server, else as files in the data folder's `mail/`."""

import asyncio
import logging
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from hashlib import sha256
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from unicodedata import category
from urllib.parse import unquote, urlsplit

from yema.ids import uuid7
from yema.settings import Settings

if TYPE_CHECKING:
    from aiosmtplib import SMTP

log = logging.getLogger("yema")

SECONDS_EACH, SECONDS_ALL = 15, 30
"""How long one mail may take, with connecting, and after how long no other one of a batch is begun."""
FILES_KEPT = timedelta(days=7)
LOSSES_MAX = 3
"""After so many lost connections a batch is given up."""

Fate = Literal[
    "sent",
    "smtp_busy",
    "smtp_trouble",
    "connection",
    "disk",
    "no_mailbox",
    "mailbox_refused",
    "mail_refused",
    "smtp_login",
    "smtp_sender",
    "smtp_policy",
    "smtp_tls",
]
"""What became of a mail. `smtp_busy`, `smtp_trouble`, `connection` and `disk` pass. `smtp_login`, `smtp_sender`, `smtp_policy`, `smtp_tls`
(the server does not let us send, not as `mail_from`, nothing of ours, or offers no TLS) say nothing of the mailbox. `no_mailbox` does;
`mailbox_refused` and `mail_refused` leave open whether the mailbox, the mail or we are meant."""

_SUBJECT = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
"""Of a refusal, where the server says it (RFC 3463): what it is about, and the detail."""

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


async def send_mails(settings: Settings, mails: Iterable[Mail]) -> list[Fate]:
    """Send these over one connection, and say of each, in their order, what became of it. Takes 47 seconds at most; raises nothing.

    A letter takes a millisecond and more to write, so each is written only when it is sent, and requests come in between.
    """
    way_out = _Server(settings.smtp_url) if settings.smtp_url else _Folder(settings.data / "mail")
    fates: list[Fate] = []
    try:
        for mail in mails:
            letter = _letter(mail, settings.mail_from)
            fates.append(await way_out.take(letter) if letter else "no_mailbox")
            await asyncio.sleep(0)
    finally:
        await way_out.leave()
    return fates


async def forget_mails(address: str) -> None:
    """Delete the files of mails to this address: whoever had it is erased."""
    await _delete(f"*-{_mailbox_mark(address)}.eml", older_than=timedelta(0))


async def sweep_mails() -> None:
    """Delete mails that are files once they are older than a week. For the daily sweeping."""
    await _delete("*.eml", older_than=FILES_KEPT)


async def _delete(names: str, older_than: timedelta) -> None:
    assert _settings is not None  # noqa: S101 - opening the house did it
    await asyncio.to_thread(_delete_files, _settings.data / "mail", names, time.time() - older_than.total_seconds())


def _delete_files(folder: Path, names: str, before: float) -> None:
    for path in folder.glob(names):
        with suppress(FileNotFoundError):  # somebody else was faster
            if path.stat().st_mtime <= before:
                path.unlink()


def _mailbox_mark(address: str) -> str:
    """Stands for a mailbox in the names of files, whichever way its address is written."""
    return sha256(address.casefold().encode(errors="replace")).hexdigest()[:32]


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


class _Folder:
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
            path = self._folder / f"{uuid7()}-{_mailbox_mark(letter['To'].addresses[0].addr_spec)}.eml"
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
        by = asyncio.get_running_loop().time() + SECONDS_EACH
        if self._trouble is None:
            await self._connect(by)
        if self._trouble is not None or self._smtp is None:
            return self._trouble or "connection"
        try:
            async with asyncio.timeout_at(by):
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

    async def _connect(self, by: float) -> None:
        if self._smtp is not None:
            return
        # Only where there is a server; and in a thread, for it takes some time.
        smtp: SMTP = (await asyncio.to_thread(import_module, "aiosmtplib")).SMTP(**self._how)
        try:
            async with asyncio.timeout_at(by):
                await smtp.connect()
                if self._login and not _is_private(smtp):
                    self._trouble = "smtp_tls"
                    await smtp.quit()
                    return
                if self._login:
                    await smtp.login(*self._login)
            self._smtp = smtp
        except Exception as error:
            self._trouble = self._trouble or ("smtp_login" if _refuses_login(error) else "connection")
            smtp.close()

    def _after(self, error: Exception) -> Fate:
        """What became of the letter, and whether the connection can still be used."""
        from aiosmtplib import SMTPNotSupported, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

        fate: Fate
        if isinstance(error, SMTPNotSupported):  # an address in letters that this server does not know
            return "no_mailbox"
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
            return "smtp_login"
        return _meant(str(error.message), fate) if code >= 500 else "smtp_busy"

    def _lost(self) -> Fate:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None
        self._losses += 1
        if self._losses == LOSSES_MAX:
            self._trouble = "connection"
        return "connection"


def _is_private(smtp: "SMTP") -> bool:
    """Whether nobody between the server and us reads a password: it is encrypted, or goes to this machine."""
    if smtp.get_transport_info("sslcontext") is not None or smtp.hostname == "localhost":
        return True
    try:
        return ip_address(smtp.hostname or "").is_loopback
    except ValueError:
        return False


def _meant(text: str, bare: Fate) -> Fate:
    """Whom a refusal means, by its enhanced code (RFC 3463); `bare` where it has none that says so."""
    if bare == "smtp_sender":
        return bare
    said = _SUBJECT.match(text)
    match said.groups() if said else None:
        case ("1", "7" | "8"):
            return "smtp_sender"
        case ("1" | "2", _):
            return "no_mailbox"
        case ("3" | "4" | "5", _):  # the server, the network, how we speak with each other
            return "smtp_trouble"
        case ("7", _):  # a blocklist, a relay that wants no mails of ours, a domain that proves nothing
            return "smtp_policy"
    return bare


def _refuses_login(error: Exception) -> bool:
    """Whether the server will not have our password, or has nobody log in: it was reached, and hung up on nobody."""
    from aiosmtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected, SMTPTimeoutError

    if isinstance(error, (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError)):
        return False
    return isinstance(error, SMTPException) and getattr(error, "code", 500) >= 500
