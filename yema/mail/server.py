"""A mail server, and what its answers mean."""

import asyncio
import re
import time
from email.message import EmailMessage
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from yema.mail.letter import Fate

if TYPE_CHECKING:
    from aiosmtplib import SMTP

SECONDS_EACH, SECONDS_ALL = 15, 30
"""How long one mail may take, with connecting, and after how long no other one of a batch is begun."""
LOSSES_MAX = 3
"""After so many lost connections a batch is given up."""

_SUBJECT = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
"""Of a refusal, where the server says it (RFC 3463): what it is about, and the detail."""


class Server:
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
